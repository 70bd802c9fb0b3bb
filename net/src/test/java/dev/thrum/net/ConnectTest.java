package dev.thrum.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.loop.EventLoop;
import dev.thrum.promise.Promise;
import dev.thrum.scope.Scope;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class ConnectTest {
    private final List<Object> log = new ArrayList<>();

    /// Never listens. While it is bound, nobody else can get its port.
    private final java.net.Socket unused = new java.net.Socket();

    @AfterEach
    void close() throws IOException {
        unused.close();
    }

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

    private InetSocketAddress unusedPort() throws IOException {
        if (!unused.isBound()) {
            unused.bind(new InetSocketAddress(0));
        }
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), unused.getLocalPort());
    }

    @Test
    @Tag("N-20")
    void aPortWithoutAServerRefuses() throws IOException {
        InetSocketAddress address = unusedPort();
        connectAndLog(address, Duration.ofSeconds(60));
        assertThat(log).containsExactly("Refused: connection refused: " + Address.text(address));
    }

    @Test
    @Tag("N-21")
    void aMissingPathIsNotFound(@TempDir Path directory) {
        Path path = directory.resolve("nobody");
        connectAndLog(UnixDomainSocketAddress.of(path), Duration.ofSeconds(60));
        assertThat(log).singleElement().asString().startsWith("NotFound: no such path: ").contains("nobody");
    }

    @Test
    @Tag("N-22")
    void aHostThatDoesNotExistIsNotFound() {
        connectAndLog(InetSocketAddress.createUnresolved("no-such-host.invalid", 80), Duration.ofSeconds(60));
        assertThat(log).containsExactly("NotFound: no such host: no-such-host.invalid");
    }

    @Test
    @Tag("N-23")
    void aNameIsLookedUp() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            connectAndLog(
                    InetSocketAddress.createUnresolved("localhost", server.getLocalPort()), Duration.ofSeconds(60));
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

    @Test
    @Tag("N-26")
    void theEndOfTheScopeEndsTheAttempt() throws IOException {
        try (FullServer server = new FullServer()) {
            EventLoop.run(loop -> {
                Scope request = Scope.current().child();
                request.run(() -> Socket.connect(loop, server.address())
                        .recover(NetException.Aborted.class, problem -> {
                            log.add(problem.getMessage() + " by " + problem.getCause().getMessage());
                            throw problem(problem);
                        })
                        .recover(IllegalStateException.class, problem -> null));
                request.cancel(new IOException("the client went away"));
            });
            assertThat(log)
                    .containsExactly("given up with its scope: " + Address.text(server.address())
                            + " by the client went away");
        }
    }

    @Test
    @Tag("N-26")
    void theEndOfTheScopeAbortsTheSocketsMadeUnderIt() throws IOException {
        EventLoop.run(loop -> {
            Scope work = Scope.current().child();
            work.run(() -> {
                TcpServer server = TcpServer.listen(
                        loop,
                        new InetSocketAddress("127.0.0.1", 0),
                        ListenConfig.DEFAULT,
                        socket -> {
                            socket.read(new Recorder(socket, log));
                            loop.after(Duration.ofMillis(1), () -> work.cancel(new IOException("enough")));
                        });
                Socket.connect(loop, server.address()).tap(socket -> socket.read(new Recorder(socket, log)));
            });
        });
        assertThat(log).isNotEmpty().allSatisfy(each -> assertThat(each).asString().matches("closed (Aborted|Reset): .*|end"));
    }

    // ---- several addresses

    private void race(InetSocketAddress host, ConnectConfig config, String... addresses) {
        EventLoop.run(loop -> {
            List<InetAddress> all = Stream.of(addresses).map(InetAddress::ofLiteral).toList();
            Connector.connect(loop, host, all, config)
                    .tap(socket -> {
                        log.add(Address.text(socket.remote()));
                        socket.close();
                    })
                    .recover(NetException.class, problem -> {
                        log.add(problem.getClass().getSimpleName() + ": " + problem.getMessage() + " and "
                                + problem.getSuppressed().length);
                        throw new IllegalStateException(problem);
                    })
                    .recover(IllegalStateException.class, problem -> null);
        });
    }

    @Test
    @Tag("N-27")
    void anAddressThatHangsDoesNotHoldTheNextOneUp() throws IOException {
        try (FullServer hanging = new FullServer();
                ServerSocket server = new ServerSocket(hanging.address().getPort(), 5, InetAddress.ofLiteral("127.0.0.2"))) {
            race(hanging.address(), ConnectConfig.DEFAULT.withStagger(Duration.ofMillis(20)), "127.0.0.1", "127.0.0.2");
            assertThat(log).containsExactly("127.0.0.2:" + server.getLocalPort());
        }
    }

    @Test
    @Tag("N-27")
    void anAddressThatFailsMakesTheNextBeginAtOnce() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.ofLiteral("127.0.0.2"))) {
            var host = new InetSocketAddress("127.0.0.1", server.getLocalPort());
            race(host, ConnectConfig.DEFAULT.withStagger(Duration.ofDays(1)), "127.0.0.1", "127.0.0.3", "127.0.0.2");
            assertThat(log).containsExactly("127.0.0.2:" + server.getLocalPort());
        }
    }

    @Test
    @Tag("N-27")
    void ifAllFailTheFirstProblemIsToldWithTheOthers() throws IOException {
        InetSocketAddress host = unusedPort();
        race(host, ConnectConfig.DEFAULT, "127.0.0.1", "127.0.0.2", "127.0.0.3");
        assertThat(log).containsExactly("Refused: connection refused: " + Address.text(host) + " and 2");
    }

    @Test
    void familiesTakeTurns() {
        assertThat(Connector.inTurns(
                                Stream.of("10.0.0.1", "10.0.0.2", "10.0.0.3", "::1", "::2")
                                        .map(InetAddress::ofLiteral)
                                        .toList(),
                                80)
                        .stream()
                        .map(Address::text))
                .containsExactly(
                        "10.0.0.1:80",
                        "[0:0:0:0:0:0:0:1]:80",
                        "10.0.0.2:80",
                        "[0:0:0:0:0:0:0:2]:80",
                        "10.0.0.3:80");
    }

    // ---- how

    @Test
    @Tag("N-28")
    void theLocalAddressAndOptionsAreSetBeforeConnecting() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.ofLiteral("127.0.0.1"))) {
            ConnectConfig config = ConnectConfig.DEFAULT
                    .withLocal(new InetSocketAddress("127.0.0.5", 0))
                    .withOption(StandardSocketOptions.SO_KEEPALIVE, true);
            EventLoop.run(loop -> Socket.connect(loop, server.getLocalSocketAddress(), config)
                    .tap(socket -> {
                        log.add(((InetSocketAddress) socket.local()).getHostString());
                        log.add(socket.option(StandardSocketOptions.SO_KEEPALIVE));
                        socket.close();
                    }));
        }
        assertThat(log).containsExactly("127.0.0.5", true);
    }

    @Test
    void aConfigurationThatMakesNoSenseIsRefused() {
        assertThatThrownBy(() -> ConnectConfig.DEFAULT.withStagger(Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("stagger must be positive: PT0S");
        assertThatThrownBy(() -> new ConnectConfig(
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(1),
                        null,
                        Map.of(StandardSocketOptions.SO_KEEPALIVE, "yes")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("option SO_KEEPALIVE takes a Boolean: yes");
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
}
