package dev.thrum.net;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.util.Objects.requireNonNull;

import dev.thrum.loop.EventLoop;
import dev.thrum.loop.Poll;
import dev.thrum.scope.Registration;
import dev.thrum.scope.Scope;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A listening socket.
///
/// Loop thread only.
final class ListeningServer implements TcpServer, Poll.Handler {

    /// How many connections are accepted in a turn, so that the rest of the loop has its share.
    private static final int BATCH = 64;

    private static final Duration FIRST_PAUSE = Duration.ofMillis(20);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

    private final ServerSocketChannel channel;
    private final SocketAddress address;
    private final int backlog;
    private final Supplier<? extends EventLoop> homes;
    private final Consumer<? super Socket> onAccept;
    private final @Nullable Object file; // which one a Unix socket has made
    private final Scope scope;
    private final Poll poll;
    private final Registration whenCancelled;
    private @Nullable Consumer<? super Throwable> errorHandler;
    private Duration pause = FIRST_PAUSE; // the next one
    private @Nullable Registration pausing; // after a failure
    private boolean stopped; // by the user
    private long accepted;

    private ListeningServer(
            EventLoop loop,
            ServerSocketChannel channel,
            int backlog,
            Supplier<? extends EventLoop> homes,
            Consumer<? super Socket> onAccept)
            throws IOException {
        this.channel = channel;
        this.address = channel.getLocalAddress();
        this.file = file(address);
        this.homes = homes;
        this.backlog = backlog;
        this.onAccept = onAccept;
        this.scope = Scope.current().at(loop);
        this.poll = loop.poll(channel, SelectionKey.OP_ACCEPT, this);
        this.whenCancelled = scope.onCancel(reason -> loop.post(this::close));
    }

    static TcpServer listen(
            EventLoop loop,
            SocketAddress address,
            ListenConfig config,
            Supplier<? extends EventLoop> homes,
            Consumer<? super Socket> onAccept) {
        requireNonNull(address, "address");
        requireNonNull(config, "config");
        return listen(loop, Address.text(address), () -> open(address, config), config.backlog(), homes, onAccept);
    }

    static TcpServer listen(
            EventLoop loop,
            ServerSocketChannel listening,
            Supplier<? extends EventLoop> homes,
            Consumer<? super Socket> onAccept) {
        requireNonNull(listening, "listening");
        return listen(loop, "a channel that listens", () -> takeOver(listening), ListenConfig.DEFAULT.backlog(), homes, onAccept);
    }

    private interface Opening {
        ServerSocketChannel open() throws IOException;
    }

    private static TcpServer listen(
            EventLoop loop,
            String where,
            Opening channel,
            int backlog,
            Supplier<? extends EventLoop> homes,
            Consumer<? super Socket> onAccept) {
        requireNonNull(loop, "loop");
        requireNonNull(homes, "homes");
        requireNonNull(onAccept, "onAccept");
        if (!loop.isHere()) {
            throw new WrongThreadException("listening belongs to the thread of " + loop + ", called from thread '"
                    + Thread.currentThread().getName() + "'");
        }
        try {
            return new ListeningServer(loop, channel.open(), backlog, homes, onAccept);
        } catch (IOException e) {
            NetException problem = NetException.of(e, where);
            throw new UncheckedIOException(problem.getMessage(), problem);
        }
    }

    private static ServerSocketChannel takeOver(ServerSocketChannel listening) throws IOException {
        if (listening.getLocalAddress() == null) {
            throw new IllegalArgumentException("the channel must be bound: " + listening);
        }
        listening.configureBlocking(false);
        return listening;
    }

    /// {@return what tells the file of a Unix socket from another one of its name, if it is one, and the system can tell}
    private static @Nullable Object file(@Nullable SocketAddress address) throws IOException {
        if (address instanceof UnixDomainSocketAddress unix && Files.exists(unix.getPath(), NOFOLLOW_LINKS)) {
            return Files.readAttributes(unix.getPath(), BasicFileAttributes.class, NOFOLLOW_LINKS).fileKey();
        }
        return null;
    }

    private static ServerSocketChannel open(SocketAddress address, ListenConfig config) throws IOException {
        boolean unix = address instanceof UnixDomainSocketAddress;
        ProtocolFamily family = !unix && config.ipv4Only() ? StandardProtocolFamily.INET : Address.family(address);
        ServerSocketChannel channel = family == null ? ServerSocketChannel.open() : ServerSocketChannel.open(family);
        try {
            channel.configureBlocking(false);
            if (!unix) {
                channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
                if (config.reusePort()) { // some systems do not know it
                    channel.setOption(StandardSocketOptions.SO_REUSEPORT, true);
                }
            }
            Options.setAll(channel, config.options(), Address.text(address));
            return channel.bind(address, config.backlog());
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    // ---- accepting

    @Override
    public void onReady(int ready) {
        try {
            for (int i = 0; i < BATCH && poll.isOpen() && !stopped && acceptNext(); i++) {
                pause = FIRST_PAUSE;
            }
        } catch (IOException e) {
            standBack(e);
        }
    }

    /// {@return whether there was one to accept}
    private boolean acceptNext() throws IOException {
        SocketChannel next = channel.accept();
        if (next != null) {
            take(next);
        }
        return next != null;
    }

    private void take(SocketChannel next) throws IOException {
        accepted++;
        EventLoop home = null;
        try {
            home = homes.get();
        } catch (Throwable problem) {
            fail(problem);
        }
        if (home == loop()) {
            welcome(next);
        } else if (home == null || !handOn(next, home)) {
            next.close();
        }
    }

    /// {@return whether another loop will take it}
    private boolean handOn(SocketChannel next, EventLoop home) {
        Scope there = scope.at(home);
        return home.post(() -> there.run(() -> {
            try {
                welcome(next);
            } catch (IOException e) {
                home.report(NetException.of(e, Address.text(address)), there);
            }
        }));
    }

    /// On the loop whose connection it will be.
    private void welcome(SocketChannel next) throws IOException {
        Connection connection;
        try {
            next.configureBlocking(false);
            if (!(next.getLocalAddress() instanceof UnixDomainSocketAddress)) {
                next.setOption(StandardSocketOptions.TCP_NODELAY, true);
            }
            connection = new Connection(EventLoop.current(), next);
        } catch (IOException e) {
            System.getLogger("dev.thrum.net")
                    .log(Level.DEBUG, () -> "a connection to " + Address.text(address) + " was gone before it was accepted", e);
            next.close();
            return;
        }
        try {
            onAccept.accept(connection);
        } catch (Throwable problem) {
            connection.close();
            if (loop().isHere()) {
                fail(problem);
            } else {
                connection.loop().report(problem, scope);
            }
        }
    }

    private void fail(Throwable problem) {
        try {
            if (errorHandler == null) {
                loop().report(problem, scope);
            } else {
                errorHandler.accept(problem);
            }
        } catch (Throwable next) {
            if (next != problem) {
                next.addSuppressed(problem);
            }
            loop().report(next, scope);
        }
    }

    /// The system has no descriptor or no memory for another connection: both come back when others end.
    private void standBack(IOException problem) {
        Duration length = pause;
        Duration twice = length.multipliedBy(2);
        pause = twice.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : twice;
        pausing = loop().schedule(length, this::goOn);
        updateInterest();
        String text = "cannot accept a connection to " + Address.text(address) + "; trying again in " + length;
        fail(new NetException.AcceptFailed(text, problem));
    }

    private void goOn() {
        pausing = null;
        updateInterest();
    }

    private void updateInterest() {
        poll.interest(stopped || pausing != null ? 0 : SelectionKey.OP_ACCEPT);
    }

    // ---- TcpServer

    @Override
    public SocketAddress address() {
        return address;
    }

    @Override
    public long accepted() {
        loopOnly();
        return accepted;
    }

    @Override
    public void pauseAccepting() {
        loopOnly();
        stopped = true;
        updateInterest();
    }

    @Override
    public void resumeAccepting() {
        loopOnly();
        stopped = false;
        updateInterest();
    }

    @Override
    public void drain() {
        loopOnly();
        try {
            for (int i = 0; i <= backlog && poll.isOpen() && acceptNext(); i++) {} // the system holds one more than it is told
        } catch (IOException e) {
            fail(new NetException.AcceptFailed("cannot accept what waits at " + Address.text(address), e));
        }
        close();
    }

    @Override
    public TcpServer onError(Consumer<? super Throwable> handler) {
        loopOnly();
        errorHandler = requireNonNull(handler, "handler");
        return this;
    }

    private void loopOnly() {
        poll.interest(); // the poll is as confined as this, and says so
    }

    @Override
    public EventLoop loop() {
        return poll.loop();
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
        if (pausing != null) {
            pausing.close();
        }
        try {
            channel.close();
            if (address instanceof UnixDomainSocketAddress unix && file != null && file.equals(file(address))) {
                Files.deleteIfExists(unix.getPath()); // and not that of whoever has taken the path meanwhile
            }
        } catch (IOException e) {
            fail(NetException.of(e, Address.text(address)));
        }
    }

    @Override
    public String toString() {
        return "server at " + Address.text(address);
    }
}
