package dev.thrum.net;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.loop.EventLoop;
import dev.thrum.loop.LoopConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class TcpServerTest {
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress("127.0.0.1", 0);

    private final List<Object> log = Collections.synchronizedList(new ArrayList<>());

    @Test
    @Tag("N-1")
    void exchangesBytesWithTwoClients() {
        EventLoop.run(loop -> {
            TcpServer[] server = new TcpServer[1];
            server[0] = TcpServer.listen(loop, ANY_PORT, ListenConfig.DEFAULT, socket -> {
                log.add("accepted");
                socket.read(bytes -> {
                    log.add(UTF_8.decode(bytes).toString());
                    socket.write(UTF_8.encode("thx"));
                });
                if (server[0].accepted() == 2) {
                    server[0].close();
                }
            });
            for (int i = 0; i < 2; i++) {
                Socket.connect(loop, server[0].address()).tap(socket -> {
                    socket.write(UTF_8.encode("hi"));
                    socket.read(bytes -> {
                        log.add(UTF_8.decode(bytes).toString());
                        socket.close();
                    });
                });
            }
        });
        assertThat(log).containsExactlyInAnyOrder("accepted", "accepted", "hi", "hi", "thx", "thx");
    }

    @Test
    @Tag("N-2")
    void tellsThePortThatPortZeroBecame() {
        EventLoop.run(loop -> {
            try (TcpServer server = TcpServer.listen(loop, ANY_PORT, ListenConfig.DEFAULT, socket -> {})) {
                assertThat(((InetSocketAddress) server.address()).getPort()).isPositive();
            }
        });
    }

    @Test
    @Tag("N-3")
    void aUsedPortIsAnErrorAtOnceAndLeavesTheFirstServerAlone() {
        EventLoop.run(loop -> {
            try (TcpServer first = TcpServer.listen(loop, ANY_PORT, ListenConfig.DEFAULT, socket -> {})) {
                assertThatThrownBy(() -> TcpServer.listen(loop, first.address(), ListenConfig.DEFAULT, socket -> {}))
                        .isInstanceOf(UncheckedIOException.class)
                        .hasMessage("address in use: " + Address.text(first.address()))
                        .hasCauseInstanceOf(NetException.AddressInUse.class);
                assertThat(first.isOpen()).isTrue();
            }
        });
    }

    @Test
    void anAddressOfSomebodyElseIsAClearError() {
        var foreign = new InetSocketAddress("192.0.2.1", 8000);
        EventLoop.run(loop -> assertThatThrownBy(
                        () -> TcpServer.listen(loop, foreign, ListenConfig.DEFAULT, socket -> {}))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("192.0.2.1:8000")
                .hasCauseInstanceOf(NetException.Failed.class));
    }

    @Test
    @Tag("N-120")
    void drainedItTakesWhoeverWaitsAndThenCloses() throws IOException {
        var clients = new ArrayList<java.net.Socket>();
        EventLoop.run(loop -> {
            TcpServer server = TcpServer.listen(loop, ANY_PORT, ListenConfig.DEFAULT.withBacklog(8), socket -> {
                log.add("accepted");
                socket.close();
            });
            server.pauseAccepting();
            try {
                for (int i = 0; i < 5; i++) {
                    clients.add(new java.net.Socket("127.0.0.1", ((InetSocketAddress) server.address()).getPort()));
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }

            server.drain();

            assertThat(server.isOpen()).isFalse();
            assertThat(log).hasSize(5);
        });
        for (java.net.Socket client : clients) {
            assertThat(client.getInputStream().read()).isEqualTo(-1);
            client.close();
        }
    }

    @Test
    @Tag("N-4")
    void closedItRefusesNewConnectionsWhileOpenOnesLiveOn() {
        EventLoop.run(loop -> {
            TcpServer[] server = new TcpServer[1];
            server[0] = TcpServer.listen(loop, ANY_PORT, ListenConfig.DEFAULT, socket -> {
                server[0].close();
                server[0].close();
                assertThat(server[0].isOpen()).isFalse();
                socket.read(socket::write);
            });
            Socket.connect(loop, server[0].address()).tap(socket -> {
                socket.write(UTF_8.encode("still there?"));
                socket.read(bytes -> {
                    log.add(UTF_8.decode(bytes).toString());
                    Socket.connect(loop, server[0].address())
                            .recover(NetException.Refused.class, problem -> {
                                log.add("refused");
                                return socket;
                            })
                            .tap(Socket::close);
                });
            });
        });
        assertThat(log).containsExactly("still there?", "refused");
    }

    @Test
    @Tag("N-5")
    void severalServersShareAPortIfAllAgree() {
        ListenConfig shared = ListenConfig.DEFAULT.withReusePort(true);
        EventLoop.run(loop -> {
            TcpServer first = TcpServer.listen(loop, ANY_PORT, shared, socket -> {});
            TcpServer second = TcpServer.listen(loop, first.address(), shared, socket -> {});
            assertThat(second.address()).isEqualTo(first.address());
            first.close();
            second.close();
        });
    }

    @Test
    void whatTheAcceptHandlerThrowsClosesTheConnectionAndIsReported() {
        var config = LoopConfig.named("main").withOnError(problem -> log.add(problem.getMessage()));
        EventLoop.run(config, loop -> {
            TcpServer[] server = new TcpServer[1];
            server[0] = TcpServer.listen(loop, ANY_PORT, ListenConfig.DEFAULT, socket -> {
                server[0].close();
                throw new IllegalStateException("failed");
            });
            Socket.connect(loop, server[0].address()).tap(socket -> socket.read(new Recorder(socket, log)));
        });
        assertThat(log).containsExactly("failed", "end", "closed null");
    }

    @Test
    @Tag("N-6")
    void theLoopsEndClosesServersAndConnections() {
        EventLoop.run(loop -> {
            TcpServer server = TcpServer.listen(loop, ANY_PORT, ListenConfig.DEFAULT, socket -> loop.exit());
            Socket.connect(loop, server.address()).tap(socket -> socket.read(new Recorder(socket, log)));
        });
        assertThat(log).singleElement().asString().contains("closed", "Aborted", "the loop ended");
    }

    @Test
    @Tag("N-7")
    void listensAtAUnixSocketAndRemovesItAtTheEnd(@TempDir Path directory) throws IOException {
        var address = UnixDomainSocketAddress.of(directory.resolve("socket"));
        EventLoop.run(loop -> {
            TcpServer[] server = new TcpServer[1];
            server[0] = TcpServer.listen(loop, address, ListenConfig.DEFAULT, socket -> {
                socket.read(socket::write);
                server[0].close();
            });
            Socket.connect(loop, address).tap(socket -> {
                socket.write(UTF_8.encode("hello"));
                socket.read(bytes -> {
                    log.add(UTF_8.decode(bytes).toString());
                    socket.abort();
                });
            });
        });
        assertThat(log).containsExactly("hello");
        assertThat(Files.exists(address.getPath())).isFalse();
    }

    @Test
    void listeningNeedsTheLoopsThread() throws Exception {
        EventLoop loop = EventLoop.start("theirs");
        assertThatThrownBy(() -> TcpServer.listen(loop, ANY_PORT, ListenConfig.DEFAULT, socket -> {}))
                .isInstanceOf(WrongThreadException.class)
                .hasMessageContaining("theirs");
        loop.exit();
    }

    @Test
    void aBacklogBelowOneIsRefused() {
        assertThatThrownBy(() -> ListenConfig.DEFAULT.withBacklog(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("backlog must be 1 or more: 0");
    }

    // ---- what else a server can be told

    /// Connects to a server, and says what comes of it.
    private void connect(EventLoop loop, SocketAddress address, Runnable then) {
        Socket.connect(loop, address)
                .map(socket -> {
                    socket.close();
                    return "connected";
                })
                .recover(NetException.class, problem -> problem.getClass().getSimpleName())
                .tap(outcome -> {
                    log.add(outcome);
                    then.run();
                });
    }

    @Test
    @Tag("N-9")
    void aWildcardHearsEveryAddressOfTheMachineInBothFamilies() throws IOException {
        List<InetAddress> addresses = NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(InetAddress::isLoopbackAddress)
                .toList();
        EventLoop.run(loop -> {
            var any = new InetSocketAddress(0);
            TcpServer server = TcpServer.listen(loop, any, ListenConfig.DEFAULT, Socket::close);
            int port = ((InetSocketAddress) server.address()).getPort();
            var left = new AtomicInteger(addresses.size());
            addresses.forEach(each -> connect(loop, new InetSocketAddress(each, port), () -> {
                if (left.decrementAndGet() == 0) {
                    server.close();
                }
            }));
        });
        assertThat(log).hasSameSizeAs(addresses).containsOnly("connected");
    }

    @Test
    @Tag("N-9")
    void aWildcardMayBeForIpv4Alone() {
        EventLoop.run(loop -> {
            TcpServer server = TcpServer.listen(
                    loop, new InetSocketAddress(0), ListenConfig.DEFAULT.withIpv4Only(true), Socket::close);
            assertThat(((InetSocketAddress) server.address()).getAddress()).isInstanceOf(Inet4Address.class);
            int port = ((InetSocketAddress) server.address()).getPort();
            connect(loop, new InetSocketAddress(InetAddress.ofLiteral("::1"), port), () -> {});
            connect(loop, new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port), server::close);
        });
        assertThat(log).hasSize(2).contains("connected").containsAnyOf("Refused", "Unreachable", "Failed");
    }

    @Test
    @Tag("N-10")
    void aServerThatPausesLeavesConnectionsToTheBacklog() {
        EventLoop.run(loop -> {
            TcpServer server = TcpServer.listen(loop, ANY_PORT, ListenConfig.DEFAULT, socket -> {
                log.add("accepted");
                socket.close();
            });
            server.pauseAccepting();
            connect(loop, server.address(), () -> loop.after(Duration.ofMillis(20), () -> {
                log.add(server.accepted());
                server.resumeAccepting();
                loop.after(Duration.ofMillis(20), server::close);
            }));
        });
        assertThat(log).startsWith("connected", 0L).contains("accepted");
    }

    @Test
    @Tag("N-11")
    void whatTheAcceptHandlerThrowsGoesToTheServersOwnHandlerAndItGoesOn() {
        EventLoop.run(LoopConfig.named("main").withOnError(problem -> log.add("loop " + problem.getMessage())), loop -> {
            TcpServer[] server = new TcpServer[1];
            server[0] = TcpServer.listen(loop, ANY_PORT, ListenConfig.DEFAULT, socket -> {
                        if (server[0].accepted() == 2) {
                            server[0].close();
                        }
                        throw new IllegalStateException("no " + server[0].accepted());
                    })
                    .onError(problem -> {
                        log.add("server " + problem.getMessage());
                        if (!server[0].isOpen()) {
                            throw new IllegalStateException("handler");
                        }
                    });
            Socket.connect(loop, server[0].address()).tap(first -> {
                first.read(new Recorder(first, log) {
                    @Override
                    public void onClosed(IOException reason) {
                        Socket.connect(loop, server[0].address()).tap(second -> second.read(bytes -> {}));
                    }
                });
            });
        });
        assertThat(log).containsExactly("server no 1", "end", "server no 2", "loop handler");
    }

    @Test
    void optionsOfAServerReachItsConnections() {
        EventLoop.run(loop -> {
            ListenConfig config = ListenConfig.DEFAULT.withOption(StandardSocketOptions.SO_RCVBUF, 100_000);
            TcpServer[] server = new TcpServer[1];
            server[0] = TcpServer.listen(loop, ANY_PORT, config, socket -> {
                log.add(socket.option(StandardSocketOptions.SO_RCVBUF) >= 100_000);
                socket.close();
                server[0].close();
            });
            connect(loop, server[0].address(), () -> {});
            assertThatThrownBy(() -> TcpServer.listen(
                            loop,
                            ANY_PORT,
                            ListenConfig.DEFAULT.withOption(StandardSocketOptions.TCP_NODELAY, true),
                            socket -> {}))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("no option TCP_NODELAY here: 127.0.0.1:0");
        });
        assertThat(log).containsExactlyInAnyOrder("connected", true);
    }
}
