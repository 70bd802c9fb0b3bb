package dev.thrum.net;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.loop.EventLoop;
import dev.thrum.loop.LoopConfig;
import dev.thrum.scope.Key;
import dev.thrum.scope.Registration;
import dev.thrum.scope.Scope;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DatagramsTest {
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress("127.0.0.1", 0);
    private static final Key<String> USER = Key.of("user");

    private final List<Object> log = new ArrayList<>();

    private void run(Consumer<EventLoop> body) {
        EventLoop.run(LoopConfig.named("main").withOnError(problem -> log.add("problem " + problem.getMessage())), loop -> {
            loop.after(Duration.ofSeconds(30), loop::exit).unref();
            body.accept(loop);
        });
    }

    private static InetSocketAddress at(String host, InetSocketAddress port) {
        return new InetSocketAddress(host, port.getPort());
    }

    @Test
    @Tag("N-100")
    void datagramsGoBothWaysAndKeepTheirBounds() {
        run(loop -> {
            Datagrams server = Datagrams.open(loop, ANY_PORT);
            Datagrams client = Datagrams.open(loop, ANY_PORT);
            server.receive((bytes, sender) -> {
                log.add(UTF_8.decode(bytes).toString());
                server.send(UTF_8.encode("thx"), sender);
            });
            client.receive((bytes, sender) -> {
                log.add(UTF_8.decode(bytes) + " from " + sender.equals(server.local()));
                if (log.size() == 6) {
                    server.close();
                    client.close();
                    client.close();
                }
            });
            for (String text : List.of("a", "bc", "")) {
                client.send(UTF_8.encode(text), server.local());
            }
        });
        assertThat(log)
                .containsExactlyInAnyOrder("a", "bc", "", "thx from true", "thx from true", "thx from true");
    }

    @Test
    @Tag("N-101")
    void theLargestDatagramArrivesWhole() {
        run(loop -> {
            Datagrams server = Datagrams.open(
                    loop, ANY_PORT, DatagramConfig.DEFAULT.withOption(StandardSocketOptions.SO_RCVBUF, 300_000));
            server.receive((bytes, sender) -> {
                log.add(bytes.remaining());
                server.close();
            });
            Datagrams client = Datagrams.open(loop, ANY_PORT);
            client.send(ByteBuffer.allocate(Datagrams.MAX_SIZE), server.local()).tap(Datagrams::close);
        });
        assertThat(log).containsExactly(Datagrams.MAX_SIZE);
    }

    @Test
    @Tag("N-101")
    void oneThatIsTooLargeIsRefusedAndTheSocketStaysOpen() {
        run(loop -> {
            Datagrams socket = Datagrams.open(loop, ANY_PORT);
            socket.send(ByteBuffer.allocate(Datagrams.MAX_SIZE + 1), socket.local())
                    .recover(NetException.Failed.class, problem -> {
                        log.add(problem.getMessage());
                        log.add(socket.isOpen());
                        socket.close();
                        return socket;
                    });
        });
        assertThat(log).hasSize(2).contains(true);
        assertThat(log.getFirst()).asString().startsWith("Message too long: 127.0.0.1:");
    }

    @Test
    @Tag("N-102")
    void connectedItHearsItsPeerAlone() {
        run(loop -> {
            Datagrams peer = Datagrams.open(loop, ANY_PORT);
            Datagrams stranger = Datagrams.open(loop, ANY_PORT);
            Datagrams socket = Datagrams.open(loop, ANY_PORT);
            assertThatThrownBy(() -> socket.send(UTF_8.encode("x"))).isInstanceOf(IllegalStateException.class);
            socket.connect(peer.local());
            assertThat(socket.peer()).contains(peer.local());
            socket.receive((bytes, sender) -> {
                log.add(UTF_8.decode(bytes).toString());
                List.of(peer, stranger, socket).forEach(Datagrams::close);
            });
            peer.receive((bytes, sender) -> peer.send(bytes, sender));
            stranger.send(UTF_8.encode("stranger"), socket.local());
            socket.send(UTF_8.encode("echo"));
            assertThatThrownBy(() -> socket.send(UTF_8.encode("x"), stranger.local()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("connected to 127.0.0.1:");
        });
        assertThat(log).containsExactly("echo");
    }

    @Test
    @Tag("N-103")
    void connectedItHearsThatNobodyReceives() {
        run(loop -> {
            InetSocketAddress nobody;
            try (Datagrams gone = Datagrams.open(loop, ANY_PORT)) {
                nobody = gone.local();
            }
            Datagrams socket = Datagrams.open(loop, ANY_PORT);
            socket.connect(nobody);
            socket.receive(new Datagrams.Receiver() {
                @Override
                public void onDatagram(ByteBuffer bytes, InetSocketAddress sender) {
                    log.add("datagram");
                }

                @Override
                public void onError(NetException problem) {
                    log.add(problem.getClass().getSimpleName() + ": " + problem.getMessage());
                    log.add(socket.isOpen());
                    socket.close();
                }
            });
            loop.after(Duration.ofMillis(1), () -> socket.send(UTF_8.encode("anybody?"))); // the port is free next turn
            log.add(Address.text(nobody));
        });
        assertThat(log).containsExactly(log.getFirst(), "Refused: nobody receives: " + log.getFirst(), true);
    }

    @Test
    @Tag("N-104")
    void whatAReceiverThrowsIsReportedAndTheSocketStaysOpen() {
        run(loop -> Scope.current().with(USER, "anna").run(() -> {
            Datagrams socket = Datagrams.open(loop, ANY_PORT);
            Scope.root().run(() -> socket.receive((bytes, sender) -> {
                log.add(Scope.current().get(USER).orElse("nobody"));
                if (log.size() == 1) {
                    throw new IllegalStateException("failed");
                }
                socket.close();
            }));
            socket.send(UTF_8.encode("1"), socket.local());
            socket.send(UTF_8.encode("2"), socket.local());
        }));
        assertThat(log).containsExactly("anna", "problem failed", "anna");
    }

    @Test
    @Tag("N-105")
    void aPausedSocketLeavesDatagramsToTheSystem() {
        run(loop -> {
            Datagrams socket = Datagrams.open(loop, ANY_PORT);
            socket.receive((bytes, sender) -> {
                log.add("received");
                socket.close();
            });
            socket.pauseReceiving();
            socket.send(UTF_8.encode("x"), socket.local());
            loop.after(Duration.ofMillis(20), () -> {
                log.add("resumed");
                socket.resumeReceiving();
            });
        });
        assertThat(log).containsExactly("resumed", "received");
    }

    @Test
    @Tag("N-106")
    void aGroupIsHeardUntilItIsLeft() throws IOException {
        InetAddress group = InetAddress.ofLiteral("239.77.1.2");
        NetworkInterface here = NetworkInterface.getByInetAddress(InetAddress.ofLiteral("127.0.0.1"));
        run(loop -> {
            Datagrams member = Datagrams.open(
                    loop, new InetSocketAddress("0.0.0.0", 0), DatagramConfig.DEFAULT.withIpv4Only(true));
            Registration membership = member.join(group, here, null);
            Datagrams sender = Datagrams.open(loop, ANY_PORT);
            sender.option(StandardSocketOptions.IP_MULTICAST_IF, here);
            member.receive((bytes, from) -> {
                log.add(UTF_8.decode(bytes).toString());
                if (log.size() == 1) {
                    membership.close();
                    membership.close();
                    sender.send(UTF_8.encode("unheard"), new InetSocketAddress(group, member.local().getPort()));
                    sender.send(UTF_8.encode("direct"), at("127.0.0.1", member.local()));
                } else {
                    member.close();
                    sender.close();
                }
            });
            sender.send(UTF_8.encode("to all"), new InetSocketAddress(group, member.local().getPort()));
            assertThatThrownBy(() -> member.join(InetAddress.ofLiteral("127.0.0.1"), here, null))
                    .isInstanceOf(IllegalArgumentException.class);
        });
        assertThat(log).containsExactly("to all", "direct");
    }

    @Test
    @Tag("N-107")
    void aBroadcastReachesThoseWhoListen() {
        run(loop -> {
            Datagrams listener = Datagrams.open(
                    loop, new InetSocketAddress("0.0.0.0", 0), DatagramConfig.DEFAULT.withIpv4Only(true));
            Datagrams sender = Datagrams.open(
                    loop, ANY_PORT, DatagramConfig.DEFAULT.withOption(StandardSocketOptions.SO_BROADCAST, true));
            listener.receive((bytes, from) -> {
                log.add(UTF_8.decode(bytes).toString());
                listener.close();
                sender.close();
            });
            sender.send(UTF_8.encode("hear ye"), at("127.255.255.255", listener.local()));
        });
        assertThat(log).containsExactly("hear ye");
    }

    @Test
    @Tag("N-108")
    void aUsedPortIsAnErrorAtOnce() {
        run(loop -> {
            try (Datagrams first = Datagrams.open(loop, ANY_PORT)) {
                assertThatThrownBy(() -> Datagrams.open(loop, first.local()))
                        .isInstanceOf(UncheckedIOException.class)
                        .hasMessage("address in use: " + Address.text(first.local()))
                        .hasCauseInstanceOf(NetException.AddressInUse.class);
            }
        });
    }

    @Test
    @Tag("N-109")
    void afterTheEndSendsAreRefusedAndTheRestDoesNothing() {
        run(loop -> {
            Scope work = Scope.current().child();
            Datagrams socket = work.call(() -> Datagrams.open(loop, ANY_PORT));
            work.cancel(new IOException("enough"));
            loop.post(() -> {
                assertThat(socket.isOpen()).isFalse();
                socket.pauseReceiving();
                socket.resumeReceiving();
                socket.receive((bytes, sender) -> {});
                socket.connect(ANY_PORT);
                socket.option(StandardSocketOptions.SO_BROADCAST, true);
                assertThat(socket.pending()).isZero();
                assertThat(socket.peer()).isEmpty();
                assertThatThrownBy(() -> socket.option(StandardSocketOptions.SO_BROADCAST))
                        .isInstanceOf(IllegalStateException.class);
                socket.send(UTF_8.encode("late"), ANY_PORT).recover(NetException.Aborted.class, problem -> {
                    log.add("refused");
                    return socket;
                });
            });
        });
        assertThat(log).containsExactly("refused");
    }
}
