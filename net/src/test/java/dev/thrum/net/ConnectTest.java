package dev.thrum.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.loop.EventLoop;
import dev.thrum.promise.Promise;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
class ConnectTest {
    private final List<Object> log = new ArrayList<>();

    private void connectAndLog(SocketAddress address, Duration limit) {
        EventLoop.run(loop -> Socket.connect(loop, address, limit)
                .tap(socket -> {
                    log.add("connected");
                    socket.close();
                })
                .recover(IOException.class, problem -> {
                    log.add(problem.getClass().getSimpleName() + ": " + problem.getMessage());
                    throw new AssertionError("settled by recover");
                })
                .recover(AssertionError.class, problem -> null));
    }

    private static InetSocketAddress unusedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return new InetSocketAddress(InetAddress.getLoopbackAddress(), socket.getLocalPort());
        }
    }

    @Test
    @Tag("N-20")
    void aPortWithoutAServerRefuses() throws IOException {
        InetSocketAddress address = unusedPort();
        connectAndLog(address, Duration.ofSeconds(10));
        assertThat(log).containsExactly("Refused: connection refused: " + Address.text(address));
    }

    @Test
    @Tag("N-21")
    void aMissingPathIsNotFound(@TempDir Path directory) {
        Path path = directory.resolve("nobody");
        connectAndLog(UnixDomainSocketAddress.of(path), Duration.ofSeconds(10));
        assertThat(log).singleElement().asString().startsWith("NotFound: no such path: ").contains("nobody");
    }

    @Test
    @Tag("N-22")
    void aHostThatDoesNotExistIsNotFound() {
        connectAndLog(InetSocketAddress.createUnresolved("no-such-host.invalid", 80), Duration.ofSeconds(10));
        assertThat(log).containsExactly("NotFound: no such host: no-such-host.invalid");
    }

    @Test
    @Tag("N-23")
    void aNameIsLookedUp() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            connectAndLog(
                    InetSocketAddress.createUnresolved("localhost", server.getLocalPort()), Duration.ofSeconds(10));
        }
        assertThat(log).containsExactly("connected");
    }

    @Test
    @Tag("N-24")
    void anAttemptThatTakesTooLongTimesOut() throws IOException {
        try (FullServer server = new FullServer()) {
            connectAndLog(server.address(), Duration.ofMillis(50));
            assertThat(log)
                    .containsExactly(
                            "Timeout: no connection within PT0.05S: " + Address.text(server.address()));
        }
    }

    @Test
    @Tag("N-25")
    void anAttemptGivenUpDoesNotKeepTheLoopAlive() throws IOException {
        try (FullServer server = new FullServer()) {
            EventLoop.run(loop -> {
                Promise<Socket> attempt = Socket.connect(loop, server.address());
                loop.after(Duration.ofMillis(10), () -> log.add(attempt.cancel()));
            });
        }
        assertThat(log).containsExactly(true);
    }

    @Test
    void theEndOfTheLoopEndsTheAttempt() throws IOException {
        try (FullServer server = new FullServer()) {
            EventLoop.run(loop -> {
                Socket.connect(loop, server.address()).recover(NetException.Aborted.class, problem -> {
                    log.add("aborted");
                    throw problem(problem);
                }).recover(IllegalStateException.class, problem -> null);
                loop.after(Duration.ofMillis(10), loop::exit);
            });
        }
        assertThat(log).containsExactly("aborted");
    }

    private static IllegalStateException problem(Exception cause) {
        return new IllegalStateException(cause);
    }

    @Test
    void aLimitThatIsNotPositiveIsRefused() {
        EventLoop.run(loop -> assertThatThrownBy(() -> Socket.connect(loop, unusedPort(), Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("limit must be positive: PT0S"));
    }

    /// Listens, but its queue is full, so that attempts hang.
    private static final class FullServer implements AutoCloseable {
        private final ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
        private final List<java.nio.channels.SocketChannel> fillers = new ArrayList<>();

        FullServer() throws IOException {
            for (int i = 0; i < 4; i++) {
                var filler = java.nio.channels.SocketChannel.open();
                filler.configureBlocking(false);
                filler.connect(address());
                fillers.add(filler);
            }
        }

        InetSocketAddress address() {
            return new InetSocketAddress("127.0.0.1", socket.getLocalPort());
        }

        @Override
        public void close() throws IOException {
            for (var filler : fillers) {
                filler.close();
            }
            socket.close();
        }
    }
}
