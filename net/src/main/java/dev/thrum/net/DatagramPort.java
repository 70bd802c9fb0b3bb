package dev.thrum.net;

import static java.util.Objects.requireNonNull;

import dev.thrum.loop.EventLoop;
import dev.thrum.loop.Poll;
import dev.thrum.promise.Promise;
import dev.thrum.promise.Resolver;
import dev.thrum.scope.Registration;
import dev.thrum.scope.Scope;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketOption;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.MembershipKey;
import java.nio.channels.SelectionKey;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A UDP socket, and the datagrams that the system did not take yet.
///
/// Loop thread only.
final class DatagramPort implements Datagrams, Poll.Handler {
    /// How many datagrams are taken in a turn, so that the rest of the loop has its share.
    private static final int BATCH = 64;

    private final DatagramChannel channel;
    private final InetSocketAddress local;
    private final Poll poll;
    private final Registration whenCancelled;
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private @Nullable Receiver receiver;
    private @Nullable InetSocketAddress peer;
    private long pending; // bytes in what waits
    private boolean paused;

    private record Waiting(ByteBuffer bytes, @Nullable InetSocketAddress to, Resolver<Datagrams> sent) {}

    private DatagramPort(EventLoop loop, DatagramChannel channel) throws IOException {
        this.channel = channel;
        this.local = (InetSocketAddress) channel.getLocalAddress();
        this.poll = loop.poll(channel, 0, this);
        this.whenCancelled = Scope.current().onCancel(reason -> loop.post(this::close));
    }

    static Datagrams open(EventLoop loop, InetSocketAddress local, DatagramConfig config) {
        requireNonNull(config, "config");
        if (!loop.isHere()) {
            throw new WrongThreadException("a UDP socket belongs to the thread of " + loop + ", called from thread '"
                    + Thread.currentThread().getName() + "'");
        }
        String where = Address.text(local);
        InetAddress host = local.getAddress();
        if (host == null) {
            throw new IllegalArgumentException("look the host up first: " + where);
        }
        boolean four = config.ipv4Only() || (host instanceof Inet4Address && !host.isAnyLocalAddress());
        try {
            DatagramChannel channel = four ? DatagramChannel.open(StandardProtocolFamily.INET) : DatagramChannel.open();
            try {
                channel.configureBlocking(false);
                Options.setAll(channel, config.options(), where);
                return new DatagramPort(loop, channel.bind(local));
            } catch (IOException | RuntimeException e) {
                channel.close();
                throw e;
            }
        } catch (IOException e) {
            throw unchecked(e, where);
        }
    }

    private static UncheckedIOException unchecked(IOException e, String where) {
        NetException problem = NetException.of(e, where);
        return new UncheckedIOException(problem.getMessage(), problem);
    }

    // ---- receiving

    @Override
    public void onReady(int ready) {
        if ((ready & SelectionKey.OP_WRITE) != 0) {
            flush();
        }
        if ((ready & SelectionKey.OP_READ) != 0) {
            takeBatch();
        }
    }

    private void takeBatch() {
        for (int i = 0; i < BATCH && isWanted(); i++) {
            Receiver current = requireNonNull(receiver);
            ByteBuffer buffer = loop().readBuffer();
            try {
                var sender = (InetSocketAddress) channel.receive(buffer);
                if (sender == null) {
                    return;
                }
                current.onDatagram(buffer.flip(), sender);
            } catch (IOException e) {
                current.onError(NetException.of(e, where()));
            }
        }
    }

    private boolean isWanted() {
        return receiver != null && !paused && poll.isOpen();
    }

    private void updateInterest() {
        poll.interest((isWanted() ? SelectionKey.OP_READ : 0) | (waiting.isEmpty() ? 0 : SelectionKey.OP_WRITE));
    }

    @Override
    public void receive(Receiver next) {
        check();
        receiver = requireNonNull(next, "receiver");
        updateInterest();
    }

    @Override
    public void pauseReceiving() {
        check();
        paused = true;
        updateInterest();
    }

    @Override
    public void resumeReceiving() {
        check();
        paused = false;
        updateInterest();
    }

    // ---- sending

    @Override
    public Promise<Datagrams> send(ByteBuffer bytes) {
        check();
        if (peer == null) {
            throw new IllegalStateException("not connected: " + this);
        }
        return sendOrKeep(bytes, null);
    }

    @Override
    public Promise<Datagrams> send(ByteBuffer bytes, InetSocketAddress to) {
        check();
        if (to.isUnresolved()) {
            throw new IllegalArgumentException("look the host up first: " + Address.text(to));
        }
        if (peer != null && !to.equals(peer)) {
            throw new IllegalArgumentException(
                    "connected to " + Address.text(peer) + ", not to " + Address.text(to));
        }
        return sendOrKeep(bytes, peer == null ? to : null);
    }

    private Promise<Datagrams> sendOrKeep(ByteBuffer bytes, @Nullable InetSocketAddress to) {
        if (!poll.isOpen()) {
            return Promise.failed(new NetException.Aborted("closed: " + this, null));
        }
        try {
            if (waiting.isEmpty() && handOver(bytes, to)) {
                return Promise.of(this);
            }
        } catch (IOException e) {
            return Promise.failed(NetException.of(e, to == null ? where() : Address.text(to)));
        }
        return keep(bytes, to);
    }

    private Promise<Datagrams> keep(ByteBuffer bytes, @Nullable InetSocketAddress to) {
        int size = bytes.remaining();
        if (pending + size > HIGH_WATER) {
            String text = pending + " bytes wait already, " + HIGH_WATER + " may: " + this;
            return Promise.failed(new NetException.Failed(text, null));
        }
        Resolver<Datagrams> sent = Resolver.create();
        waiting.add(new Waiting(ByteBuffer.allocate(size).put(bytes).flip(), to, sent));
        pending += size;
        updateInterest();
        return sent.promise();
    }

    /// {@return whether the system has taken it} An empty one counts as taken: the answer of the JDK would be the same.
    private boolean handOver(ByteBuffer bytes, @Nullable InetSocketAddress to) throws IOException {
        if (to == null) {
            channel.write(bytes);
        } else {
            channel.send(bytes, to);
        }
        return !bytes.hasRemaining();
    }

    private void flush() {
        for (Waiting next = waiting.peek(); next != null; next = waiting.peek()) {
            int size = next.bytes.remaining();
            try {
                if (!handOver(next.bytes, next.to)) {
                    return;
                }
                forget(size);
                next.sent.resolve(this);
            } catch (IOException e) {
                forget(size);
                next.sent.reject(NetException.of(e, next.to == null ? where() : Address.text(next.to)));
            }
        }
        updateInterest();
    }

    private void forget(int size) {
        waiting.remove();
        pending -= size;
    }

    @Override
    public long pending() {
        check();
        return pending;
    }

    // ---- peers and groups

    @Override
    public void connect(InetSocketAddress to) {
        check();
        if (to.isUnresolved()) {
            throw new IllegalArgumentException("look the host up first: " + Address.text(to));
        }
        if (poll.isOpen()) {
            try {
                if (peer != null) {
                    channel.disconnect();
                    peer = null;
                }
                channel.connect(to);
                peer = to;
            } catch (IOException e) {
                throw unchecked(e, Address.text(to));
            }
        }
    }

    @Override
    public Optional<InetSocketAddress> peer() {
        check();
        return Optional.ofNullable(peer);
    }

    @Override
    public Registration join(InetAddress group, NetworkInterface on, @Nullable InetAddress source) {
        check();
        try {
            MembershipKey key = source == null ? channel.join(group, on) : channel.join(group, on, source);
            return key::drop;
        } catch (IOException e) {
            throw unchecked(e, group.getHostAddress() + " on " + on.getName());
        }
    }

    @Override
    public <T> T option(SocketOption<T> name) {
        check();
        if (!poll.isOpen()) {
            throw new IllegalStateException("closed: " + this);
        }
        return Options.get(channel, name, Address.text(local));
    }

    @Override
    public <T> void option(SocketOption<T> name, T value) {
        check();
        if (poll.isOpen()) {
            Options.set(channel, name, value, Address.text(local));
        }
    }

    // ---- Handle

    @Override
    public InetSocketAddress local() {
        return local;
    }

    @Override
    public EventLoop loop() {
        return poll.loop();
    }

    private void check() {
        poll.interest(); // the poll is as confined as this, and says so
    }

    private String where() {
        return Address.text(peer == null ? local : peer);
    }

    @Override
    public boolean isOpen() {
        return poll.isOpen();
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
    public void onLoopEnd() {
        close();
    }

    @Override
    public void close() {
        if (!poll.isOpen()) {
            return;
        }
        poll.close();
        whenCancelled.close();
        try {
            channel.close();
        } catch (IOException e) {
            loop().report(NetException.of(e, where()), Scope.current());
        }
        var reason = new NetException.Aborted("closed: " + this, null);
        for (Waiting next = waiting.poll(); next != null; next = waiting.poll()) {
            next.sent.reject(reason);
        }
        pending = 0;
    }

    @Override
    public String toString() {
        return "UDP socket at " + Address.text(local);
    }
}
