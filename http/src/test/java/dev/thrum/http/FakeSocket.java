package dev.thrum.http;

import dev.thrum.loop.EventLoop;
import dev.thrum.loop.ManualLoop;
import dev.thrum.net.Socket;
import dev.thrum.promise.Promise;
import dev.thrum.promise.Resolver;
import dev.thrum.scope.Key;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A socket without a network: what was fed comes in, what is written is collected, and a slow client can be played.
final class FakeSocket implements Socket {
    private final ManualLoop loop;
    private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
    private final ByteBuffer room = ByteBuffer.allocateDirect(MAX_RESERVE);
    private final Resolver<Socket> writes;
    private final Map<Key<?>, Object> data = new HashMap<>();
    private byte[] unread = {};
    private @Nullable Reader reader;
    private @Nullable Runnable drained;
    private boolean paused;
    private boolean due; // something to deliver
    private boolean peerEnded;
    private boolean endTold;
    private boolean open = true;
    private boolean outputEnded;
    private boolean aborted;
    private boolean slow;
    private long pending;
    private int commits;

    FakeSocket(ManualLoop loop) {
        this.loop = loop;
        this.writes = Resolver.create();
    }

    // ---- the client's side

    void feed(byte[] bytes) {
        byte[] all = Arrays.copyOf(unread, unread.length + bytes.length);
        System.arraycopy(bytes, 0, all, unread.length, bytes.length);
        unread = all;
        due = true;
        pump();
    }

    void endInput() {
        peerEnded = true;
        due = true;
        pump();
    }

    /// Delivers what is due, like the turns of a loop.
    void pump() {
        do {
            while (due && open && !paused && reader != null && unread.length > 0) {
                due = false;
                deliver(reader);
            }
            if (peerEnded && !endTold && open && !paused && reader != null) {
                endTold = true;
                Reader hears = reader;
                loop.runHere(() -> hears.onEnd(this));
            }
        } while (loop.turn() || (due && open && !paused && unread.length > 0));
    }

    private void deliver(Reader hears) {
        ByteBuffer bytes = ByteBuffer.allocateDirect(unread.length).put(unread).flip();
        loop.runHere(() -> hears.onRead(bytes));
        unread = new byte[bytes.remaining()];
        bytes.get(unread);
        for (int i = 0; i < bytes.limit(); i++) {
            bytes.put(i, (byte) '!'); // whoever still looks at these bytes shall notice
        }
    }

    byte[] sent() {
        return sent.toByteArray();
    }

    void forgetSent() {
        sent.reset();
    }

    void readSlowly() {
        slow = true;
    }

    void readAll() {
        slow = false;
        pending = 0;
        if (drained != null) {
            Runnable action = drained;
            drained = null;
            loop.runHere(action);
        }
        pump();
    }

    /// Reads some of what waits, in slow motion.
    void readSome(int bytes) {
        pending -= bytes;
    }

    boolean isPaused() {
        return paused;
    }

    boolean isOutputEnded() {
        return outputEnded;
    }

    boolean isAborted() {
        return aborted;
    }

    int commits() {
        return commits;
    }

    // ---- the server's side

    @Override
    public SocketAddress remote() {
        return new InetSocketAddress("192.0.2.7", 4711);
    }

    @Override
    public SocketAddress local() {
        return new InetSocketAddress("192.0.2.1", 80);
    }

    @Override
    public <T> Optional<T> get(Key<T> key) {
        @SuppressWarnings("unchecked") // put() takes the two together
        T value = (T) data.get(key);
        return Optional.ofNullable(value);
    }

    @Override
    public <T> void put(Key<T> key, T value) {
        data.put(key, value);
    }

    @Override
    public <T> T option(SocketOption<T> name) {
        throw new IllegalArgumentException("no option " + name + " here");
    }

    @Override
    public <T> void option(SocketOption<T> name, T value) {
        throw new IllegalArgumentException("no option " + name + " here");
    }

    @Override
    public void timeouts(Duration reading, Duration writing) {
        throw new AssertionError("the codec has time-outs of its own");
    }

    @Override
    public void read(Reader newReader) {
        reader = newReader;
    }

    @Override
    public void pauseReading() {
        paused = true;
    }

    @Override
    public void resumeReading() {
        paused = false;
        due = true;
    }

    @Override
    public ByteBuffer reserve(int bytes) {
        return room.clear();
    }

    @Override
    public void commit() {
        commits++;
        byte[] bytes = new byte[room.flip().remaining()];
        room.get(bytes);
        take(bytes);
    }

    @Override
    public Promise<Socket> write(ByteBuffer bytes) {
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        take(copy);
        if (!open) {
            return Promise.failed(new IOException("the connection has ended"));
        }
        return slow ? writes.promise() : Promise.of(this);
    }

    private void take(byte[] bytes) {
        if (open && !outputEnded) {
            sent.writeBytes(bytes);
            pending += slow ? bytes.length : 0;
        }
    }

    @Override
    public long pending() {
        return pending;
    }

    @Override
    public boolean writable() {
        return open && pending < HIGH_WATER;
    }

    @Override
    public void onDrained(Runnable action) {
        if (writable()) {
            loop.post(action);
        } else {
            drained = action;
        }
    }

    @Override
    public void end() {
        outputEnded = true;
    }

    @Override
    public void close() {
        finish(null);
    }

    @Override
    public void abort() {
        aborted = true;
        finish(new IOException("aborted"));
    }

    /// The network breaks.
    void reset() {
        finish(new IOException("connection reset"));
        pump();
    }

    private void finish(@Nullable IOException reason) {
        if (open) {
            open = false;
            Reader hears = reader;
            if (hears != null) {
                loop.post(() -> hears.onClosed(reason));
            }
        }
    }

    @Override
    public EventLoop loop() {
        return loop;
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public void ref() {}

    @Override
    public void unref() {}

    @Override
    public boolean isReferenced() {
        return true;
    }
}
