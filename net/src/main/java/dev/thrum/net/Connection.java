package dev.thrum.net;

import static java.util.Objects.requireNonNull;

import dev.thrum.loop.EventLoop;
import dev.thrum.loop.Poll;
import dev.thrum.promise.Promise;
import dev.thrum.scope.Key;
import dev.thrum.scope.Registration;
import dev.thrum.scope.Scope;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A connected socket: its life, and its two directions, [Inbound] and [Outbound].
///
/// Loop thread only.
final class Connection implements Socket, Poll.Handler, Runnable {
    /*
     * User code is called from two places only: from onReady(), when bytes arrive, and from run(), which catches up at the
     * end of a turn. Everything else, the calls of the user and the flush of the write buffer, notes what is to be told
     * and asks for run(). So no callback runs inside a call of the user, and none while the write buffer is being flushed.
     *
     * CLOSING: close() was called, and what waits is still sent. CLOSED: the channel is closed, too.
     */
    private enum State {
        OPEN,
        CLOSING,
        CLOSED
    }

    private final SocketChannel channel;
    private final Poll poll;
    private final Scope scope;
    private volatile SocketAddress local; // by the loop, before it is handed on
    private volatile SocketAddress remote; // so is this
    private final Inbound in;
    private final Outbound out;
    private final Registration whenCancelled;
    private @Nullable Map<Key<?>, Object> data; // once there is some
    private @Nullable Stall readStall; // while there is a limit
    private @Nullable Stall writeStall; // while there is a limit
    private @Nullable IOException reason; // why closed, if not in order
    private State state = State.OPEN;
    private boolean closeTold;
    private boolean catchUpDue;

    /// Takes over a connected channel.
    /// @param poll watches the channel, and calls this
    /// @throws IOException if the connection is gone already
    Connection(SocketChannel channel, Poll poll) throws IOException {
        this(channel, poll, null);
    }

    /// Takes over a connected channel.
    /// @throws IOException if the connection is gone already
    Connection(EventLoop loop, SocketChannel channel) throws IOException {
        this(channel, null, loop);
    }

    private Connection(SocketChannel channel, @Nullable Poll poll, @Nullable EventLoop loop) throws IOException {
        this.channel = channel;
        this.local = channel.getLocalAddress();
        this.remote = channel.getRemoteAddress();
        this.in = new Inbound(this);
        this.out = new Outbound(this);
        this.poll = poll == null ? requireNonNull(loop).poll(channel, 0, this) : poll;
        this.scope = Scope.current().at(this.poll.loop());
        this.whenCancelled = scope.onCancel(this::cancelled);
    }

    /// On any thread.
    private void cancelled(Throwable cause) {
        loop().post(() -> giveUp("given up with its scope: ", cause));
    }

    // ---- from the loop

    @Override
    public void onReady(int ready) {
        if ((ready & SelectionKey.OP_WRITE) != 0) {
            out.flushKept();
        }
        if ((ready & SelectionKey.OP_READ) != 0) {
            in.receive();
        }
    }

    @Override
    public void onLoopEnd() {
        out.flushBuffer();
        closeNow(new NetException.Aborted("the loop ended: " + where(), null));
    }

    /// The end of a turn in which something was to be told.
    @Override
    public void run() {
        catchUpDue = false;
        scope.run(this::catchUp);
    }

    private void catchUp() {
        in.catchUp();
        out.catchUp();
        Reader reader = in.reader();
        if (state == State.CLOSED && !closeTold && reader != null) {
            closeTold = true;
            guarded(() -> reader.onClosed(reason));
        }
    }

    // ---- for the two directions

    SocketChannel channel() {
        return channel;
    }

    void catchUpLater() {
        if (!catchUpDue) {
            catchUpDue = true;
            loop().atTurnEnd(this);
        }
    }

    void guarded(Runnable callback) {
        try {
            callback.run();
        } catch (Throwable problem) {
            loop().report(problem, scope);
        }
    }

    void updateInterest() {
        if (state != State.CLOSED) {
            poll.interest((in.isWanted() ? SelectionKey.OP_READ : 0) | (out.isBlocked() ? SelectionKey.OP_WRITE : 0));
            if (readStall != null) {
                readStall.watch(in.isWanted());
            }
            if (writeStall != null) {
                writeStall.watch(out.isBlocked());
            }
        }
    }

    /// Bytes have come in.
    void received() {
        if (readStall != null) {
            readStall.progress();
        }
    }

    /// The system has taken some of what waits.
    void sent() {
        if (writeStall != null) {
            writeStall.progress();
        }
    }

    /// One direction has ended: if it was the last, that is the end.
    void afterDirection() {
        boolean flushed = state == State.CLOSING && out.pending() == 0;
        if (flushed || (in.isOver() && out.isOver())) {
            closeNow(null);
        }
    }

    void fail(IOException problem) {
        closeNow(NetException.of(problem, where()));
    }

    boolean isClosing() {
        return state != State.OPEN;
    }

    boolean isClosed() {
        return state == State.CLOSED;
    }

    /// {@return why nothing can be written}
    NetException refusal() {
        return reason instanceof NetException known
                ? known
                : new NetException.Aborted("the connection has ended: " + where(), null);
    }

    void check() {
        if (!loop().isHere()) {
            throw new WrongThreadException("the connection with " + where() + " belongs to " + loop()
                    + ", called from thread '" + Thread.currentThread().getName() + "'");
        }
    }

    /// A proxy has said whose connection this is.
    void speakFor(SocketAddress source, SocketAddress destination) {
        remote = source;
        local = destination;
    }

    void forgetReader() {
        in.forgetReader();
    }

    String where() {
        return Address.text(remote);
    }

    private void closeNow(@Nullable IOException why) {
        if (state != State.CLOSED) {
            state = State.CLOSED;
            reason = why;
            poll.close();
            whenCancelled.close();
            endStalls();
            guarded(this::closeChannel);
            out.drop();
            in.drop();
            catchUpLater();
        }
    }

    private void endStalls() {
        if (readStall != null) {
            readStall.close();
            readStall = null;
        }
        if (writeStall != null) {
            writeStall.close();
            writeStall = null;
        }
    }

    private void closeChannel() {
        try {
            channel.close();
        } catch (IOException e) {
            loop().report(NetException.of(e, where()), scope);
        }
    }

    // ---- Socket

    @Override
    public EventLoop loop() {
        return poll.loop();
    }

    @Override
    public SocketAddress remote() {
        return remote;
    }

    @Override
    public SocketAddress local() {
        return local;
    }

    @Override
    public boolean isOpen() {
        check();
        return state == State.OPEN;
    }

    @Override
    public void ref() {
        poll.ref();
    }

    @Override
    public void unref() {
        poll.unref();
    }

    @Override
    public boolean isReferenced() {
        return poll.isReferenced();
    }

    @Override
    public <T> Optional<T> get(Key<T> key) {
        check();
        requireNonNull(key, "key");
        @SuppressWarnings("unchecked") // put() takes the two together
        T value = data == null ? null : (T) data.get(key);
        return Optional.ofNullable(value);
    }

    @Override
    public <T> void put(Key<T> key, T value) {
        check();
        requireNonNull(key, "key");
        requireNonNull(value, "value");
        if (data == null) {
            data = new HashMap<>(4);
        }
        data.put(key, value);
    }

    @Override
    public <T> T option(SocketOption<T> name) {
        check();
        if (state == State.CLOSED) {
            throw new IllegalStateException("the connection has ended: " + where());
        }
        return Options.get(channel, name, where());
    }

    @Override
    public <T> void option(SocketOption<T> name, T value) {
        check();
        if (state != State.CLOSED) {
            Options.set(channel, name, value, where());
        }
    }

    @Override
    public void timeouts(Duration reading, Duration writing) {
        check();
        Stall.check("reading", reading);
        Stall.check("writing", writing);
        if (state != State.CLOSED) {
            endStalls();
            readStall = reading.isZero() ? null : new Stall(this, "nothing arrived", reading);
            writeStall = writing.isZero() ? null : new Stall(this, "nothing could be sent", writing);
            updateInterest();
        }
    }

    @Override
    public void read(Reader reader) {
        in.setReader(requireNonNull(reader, "reader"));
    }

    @Override
    public void pauseReading() {
        in.pause();
    }

    @Override
    public void resumeReading() {
        in.resume();
    }

    @Override
    public ByteBuffer reserve(int bytes) {
        return out.reserve(bytes);
    }

    @Override
    public void commit() {
        out.commit();
    }

    @Override
    public Promise<Socket> write(ByteBuffer bytes) {
        return out.write(requireNonNull(bytes, "bytes"));
    }

    @Override
    public Promise<Socket> write(FileChannel file, long position, long count) {
        return out.write(new FileRegion(requireNonNull(file, "file"), position, count));
    }

    @Override
    public long pending() {
        check();
        return out.pending();
    }

    @Override
    public boolean writable() {
        check();
        return state == State.OPEN && out.pending() < HIGH_WATER;
    }

    @Override
    public void onDrained(Runnable action) {
        out.onDrained(requireNonNull(action, "action"));
    }

    @Override
    public void end() {
        out.end();
    }

    @Override
    public void close() {
        check();
        if (state == State.OPEN) {
            state = State.CLOSING;
            updateInterest();
            afterDirection();
        }
    }

    @Override
    public void abort() {
        check();
        giveUp("given up: ", null);
    }

    /// What was to be sent cannot be had: a reset tells the peer that it did not get everything.
    void breakOff(IOException why) {
        giveUp("broken off: ", why);
    }

    private void giveUp(String how, @Nullable Throwable cause) {
        if (state != State.CLOSED) {
            guarded(this::resetOnClose);
            closeNow(new NetException.Aborted(how + where(), cause));
        }
    }

    private void resetOnClose() {
        try {
            if (channel.supportedOptions().contains(StandardSocketOptions.SO_LINGER)) {
                channel.setOption(StandardSocketOptions.SO_LINGER, 0);
            }
        } catch (IOException e) {
            reason = NetException.of(e, where()); // the peer was faster
        }
    }

    @Override
    public String toString() {
        return "socket to " + where();
    }
}
