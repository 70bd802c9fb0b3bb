package dev.thrum.tls;

import static dev.thrum.tls.Exchange.bytes;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.loop.EventLoop;
import dev.thrum.net.ListenConfig;
import dev.thrum.net.Socket;
import dev.thrum.net.TcpServer;
import dev.thrum.scope.Key;
import dev.thrum.scope.Scope;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class TlsTest {
    private static final Key<String> USER = Key.of("user");
    private static final int MEGABYTES = 3_000_000;

    @TempDir
    static Path folder;

    private static Authority authority;
    private static Tls server;
    private static Tls client;

    private final Exchange exchange = new Exchange();
    private final AtomicReference<TlsSocket> seen = new AtomicReference<>();

    @BeforeAll
    static void sign() throws Exception {
        authority = new Authority("Thrum Test");
        server = Tls.of(Certificates.load(authority.sign("localhost", "127.0.0.1").identity(folder)));
        client = Tls.create().withTrust(authority.trust());
    }

    @BeforeEach
    void forget() {
        seen.set(null);
    }

    private static void echo(TlsSocket socket) {
        socket.read(socket::write);
    }

    private static Tls version(Tls tls, String version) {
        return tls.withHandshake(Handshake.DEFAULT.withVersions(version));
    }

    /// Says hello, writes down the answer, and closes.
    private Consumer<TlsSocket> hello() {
        return socket -> {
            seen.set(socket);
            socket.read(answer -> {
                exchange.log.add(UTF_8.decode(answer).toString());
                socket.close();
            });
            socket.write(bytes("hello"));
        };
    }

    // ---- what they agree on

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    @Tag("T-1")
    void exchangesBytes(String version) {
        exchange.run(version(server, version), TlsTest::echo, client, "localhost", hello());
        assertThat(exchange.log).containsExactly("hello");
        assertThat(seen.get().version()).isEqualTo(version);
    }

    @Test
    @Tag("T-2")
    void takesTheServersFirstProtocolThatTheClientOffersToo() {
        exchange.run(
                server.withProtocols("h2", "http/1.1"),
                TlsTest::echo,
                client.withProtocols("http/1.1", "h2"),
                "localhost",
                hello());
        assertThat(seen.get().protocol()).contains("h2");
    }

    @Test
    @Tag("T-2")
    void speaksNoProtocolWhenTheClientOffersNone() {
        exchange.run(server.withProtocols("h2"), TlsTest::echo, client, "localhost", hello());
        assertThat(seen.get().protocol()).isEmpty();
    }

    @Test
    @Tag("T-2")
    void refusesAClientThatOffersOnlyOtherProtocols() {
        exchange.run(server.withProtocols("h2"), TlsTest::echo, client.withProtocols("spdy"), "localhost", hello());
        assertThat(exchange.log).containsExactlyInAnyOrder("server: NothingInCommon", "client: NothingInCommon");
    }

    @Test
    @Tag("T-3")
    void refusesAVersionThatOnlyOneSideSpeaks() {
        exchange.run(version(server, "TLSv1.3"), TlsTest::echo, version(client, "TLSv1.2"), "localhost", hello());
        assertThat(exchange.log).containsExactlyInAnyOrder("server: NothingInCommon", "client: NothingInCommon");
    }

    @Test
    @Tag("T-3")
    void usesTheCiphersAndGroupsThatItWasGiven() {
        Handshake chosen = Handshake.DEFAULT.withCiphers("TLS_CHACHA20_POLY1305_SHA256").withGroups("secp256r1");
        exchange.run(server.withHandshake(chosen), TlsTest::echo, client, "localhost", hello());
        assertThat(seen.get().cipher()).isEqualTo("TLS_CHACHA20_POLY1305_SHA256");
    }

    // ---- whom they believe

    @Test
    @Tag("T-4")
    void aClientRefusesACertificateOfAnUnknownAuthority() {
        exchange.run(server, TlsTest::echo, Tls.create(), "localhost", hello());
        assertThat(exchange.log).containsExactlyInAnyOrder("client: Untrusted", "server: Refused");
        assertThat(exchange.messages).anyMatch(text -> text.contains("add its authority to the trust"));
    }

    @Test
    @Tag("T-4")
    void aClientRefusesACertificateForAnotherName() {
        exchange.run(server, TlsTest::echo, client, "example.org", hello());
        assertThat(exchange.log).contains("client: NameMismatch");
        assertThat(exchange.messages).anyMatch(text -> text.contains("example.org"));
    }

    @Test
    @Tag("T-4")
    void aClientVerifiesAnAddressAsWell() {
        exchange.run(server, TlsTest::echo, client, "127.0.0.1", hello());
        assertThat(exchange.log).containsExactly("hello");
        exchange.log.clear();
        exchange.run(server, TlsTest::echo, client, "127.0.0.2", hello());
        assertThat(exchange.log).contains("client: NameMismatch");
    }

    @Test
    @Tag("T-4")
    void aClientRefusesACertificateThatHasExpired() throws Exception {
        Tls expired = Tls.of(Certificates.load(authority.signExpired("localhost").identity(folder)));
        exchange.run(expired, TlsTest::echo, client, "localhost", hello());
        assertThat(exchange.log).contains("client: Expired");
    }

    @Test
    @Tag("T-4")
    void aClientBelievesAnybodyOnlyWhenToldSo() {
        exchange.run(server, TlsTest::echo, Tls.create().withTrust(Trust.insecure()), "example.org", hello());
        exchange.run(server, TlsTest::echo, client.withTrust(authority.trust().withAnyName()), "example.org", hello());
        assertThat(exchange.log).containsExactly("hello", "hello");
    }

    @Test
    @Tag("T-5")
    void aServerSeesTheCertificateOfItsClient() throws Exception {
        var ada = authority.sign("ada");
        Tls known = client.withTrust(authority.trust());
        Tls asAda = Tls.of(Certificates.load(ada.identity(folder))).withTrust(authority.trust());
        Tls mutual = server.withTrust(authority.trust()).withClientAuth(ClientAuth.REQUIRED);
        exchange.run(mutual, socket -> {
            exchange.log.add(socket.peerCertificates().equals(List.of(ada.certificate())));
            echo(socket);
        }, asAda, "localhost", hello());
        assertThat(exchange.log).containsExactly(true, "hello");
        exchange.log.clear();
        exchange.run(mutual.withClientAuth(ClientAuth.WANTED), socket -> {
            exchange.log.add(socket.peerCertificates().isEmpty());
            echo(socket);
        }, known, "localhost", hello());
        assertThat(exchange.log).containsExactly(true, "hello");
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    @Tag("T-5")
    void aServerRefusesAClientWithoutTheCertificateThatItRequires(String version) {
        Tls mutual = server.withTrust(authority.trust()).withClientAuth(ClientAuth.REQUIRED);
        exchange.run(version(mutual, version), TlsTest::echo, client, "localhost", socket -> {
            socket.read(exchange.recorder("client"));
        });
        assertThat(exchange.log).contains("server: CertificateRequired");
        assertThat(exchange.log).containsAnyOf(
                "client: closed CertificateRequired", "client: NothingInCommon", "client: Refused");
    }

    @Test
    @Tag("T-5")
    void aServerRefusesAClientOfAnUnknownAuthority() throws Exception {
        var stranger = new Authority("Stranger").sign("eve");
        Tls eve = Tls.of(Certificates.load(stranger.identity(folder))).withTrust(authority.trust());
        Tls mutual = server.withTrust(authority.trust()).withClientAuth(ClientAuth.REQUIRED);
        exchange.run(mutual, TlsTest::echo, eve, "localhost", socket -> socket.read(exchange.recorder("client")));
        assertThat(exchange.log).anyMatch(line -> line.toString().startsWith("server: "));
        assertThat(exchange.log).doesNotContain("client: hello");
    }

    // ---- reading and writing

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    @Tag("T-6")
    void largeDataArrivesWholeBothWays(String version) {
        byte[] sent = new byte[MEGABYTES];
        for (int i = 0; i < sent.length; i++) {
            sent[i] = (byte) (i * 31 + (i >>> 8));
        }
        ByteBuffer received = ByteBuffer.allocate(MEGABYTES);
        exchange.run(version(server, version), TlsTest::echo, client, "localhost", socket -> {
            socket.read(answer -> {
                received.put(answer);
                if (!received.hasRemaining()) {
                    socket.close();
                }
            });
            socket.write(ByteBuffer.wrap(sent)).tap(_ -> exchange.log.add("sent"));
        });
        assertThat(received.array()).isEqualTo(sent);
        assertThat(exchange.log).containsExactly("sent");
    }

    @Test
    @Tag("T-6")
    void theWritesOfATurnArriveInOrderWhateverTheirKind() {
        exchange.run(server, TlsTest::echo, client, "localhost", socket -> {
            var heard = new StringBuilder();
            socket.read(answer -> {
                heard.append(UTF_8.decode(answer));
                if (heard.length() >= 100_004) {
                    exchange.log.add(heard.substring(0, 2) + heard.substring(100_002));
                    socket.close();
                }
            });
            socket.reserve(1).put((byte) 'a');
            socket.commit();
            socket.write(bytes("b"));
            socket.write(bytes("x".repeat(100_000)));
            socket.reserve(10).put((byte) 'c');
            socket.commit();
            socket.reserve(10).put((byte) '-'); // never committed
            socket.write(bytes("d"));
        });
        assertThat(exchange.log).containsExactly("abcd");
    }

    @Test
    @Tag("T-6")
    void whatTheReaderLeavesComesAgainInFrontOfTheNextBytes() {
        exchange.run(server, TlsTest::echo, client, "localhost", socket -> {
            socket.read(answer -> {
                exchange.log.add(answer.remaining());
                if (answer.remaining() == 6) {
                    exchange.log.add(UTF_8.decode(answer).toString());
                    socket.close();
                } else {
                    socket.write(bytes("def"));
                }
            });
            socket.write(bytes("abc"));
        });
        assertThat(exchange.log).containsExactly(3, 6, "abcdef");
    }

    @Test
    @Tag("T-6")
    void aPausedReaderHearsNothingUntilItResumes() {
        exchange.run(server, TlsTest::echo, client, "localhost", socket -> {
            var pausing = new boolean[] {true};
            socket.read(answer -> {
                exchange.log.add(UTF_8.decode(answer).toString());
                if (pausing[0]) {
                    pausing[0] = false;
                    socket.pauseReading();
                    socket.write(bytes("two"));
                    socket.loop().after(Duration.ofMillis(50), () -> {
                        exchange.log.add("resumed");
                        socket.resumeReading();
                    });
                } else {
                    socket.close();
                }
            });
            socket.write(bytes("one"));
        });
        assertThat(exchange.log).containsExactly("one", "resumed", "two");
    }

    @Test
    @Tag("T-6")
    void whatAReaderThrowsIsReportedAndTheSocketStaysOpen() {
        exchange.run(server, TlsTest::echo, client, "localhost", socket -> {
            var first = new boolean[] {true};
            socket.read(answer -> {
                answer.position(answer.limit());
                if (first[0]) {
                    first[0] = false;
                    socket.write(bytes("again"));
                    throw new IllegalStateException("not now");
                }
                socket.close();
            });
            socket.write(bytes("once"));
        });
        assertThat(exchange.log).containsExactly("problem not now");
    }

    @Test
    @Tag("T-6")
    void aWriterThatHeedsTheHighWaterMarkKeepsMemoryLow() {
        var most = new long[1];
        var left = new int[] {MEGABYTES * 3};
        exchange.run(server, socket -> {
            var heard = new int[1];
            socket.read(bytes -> {
                heard[0] += bytes.remaining();
                bytes.position(bytes.limit());
                if (heard[0] == MEGABYTES * 3) {
                    socket.close();
                }
            });
        }, client, "localhost", new Consumer<>() {
            @Override
            public void accept(TlsSocket socket) {
                while (socket.writable() && left[0] > 0) {
                    int count = Math.min(left[0], 10_000);
                    socket.write(ByteBuffer.allocate(count));
                    left[0] -= count;
                    most[0] = Math.max(most[0], socket.pending());
                }
                if (left[0] > 0) {
                    socket.onDrained(() -> accept(socket));
                }
                socket.read(exchange.recorder("client"));
            }
        });
        assertThat(most[0]).isLessThan(2 * Socket.HIGH_WATER);
        assertThat(exchange.log).containsExactly("client: end", "client: closed");
    }

    @Test
    @Tag("T-7")
    void callbacksRunUnderTheScopeOfWhoeverMadeTheSocket() {
        exchange.run(server, TlsTest::echo, client, "localhost", socket -> {
            socket.read(exchange.recorder("client"));
            socket.close();
        });
        exchange.log.clear();
        EventLoop.run(loop -> Scope.current().with(USER, "ada").run(() -> {
            int[] port = new int[1];
            var listening = TcpServer.listen(
                    loop, Exchange.ANY_PORT, ListenConfig.DEFAULT, raw -> server.server(raw).tap(TlsTest::echo));
            port[0] = ((InetSocketAddress) listening.address()).getPort();
            client.connect(loop, InetSocketAddress.createUnresolved("localhost", port[0])).tap(socket -> {
                socket.onDrained(() -> exchange.log.add("drained " + Scope.current().get(USER)));
                socket.read(answer -> {
                    exchange.log.add(UTF_8.decode(answer) + " " + Scope.current().get(USER));
                    socket.close();
                    listening.close();
                });
                socket.write(bytes("hello"));
            });
        }));
        assertThat(exchange.log).containsExactly("drained Optional[ada]", "hello Optional[ada]");
    }

    // ---- the end

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    @Tag("T-8")
    void bothSidesTellTheirEnd(String version) {
        exchange.run(
                version(server, version),
                socket -> socket.read(exchange.recorder("server")),
                client,
                "localhost",
                socket -> {
                    socket.read(exchange.recorder("client"));
                    socket.write(bytes("bye"));
                    socket.end();
                });
        assertThat(exchange.log).containsExactlyInAnyOrder(
                "server: bye", "server: end", "server: closed", "client: end", "client: closed");
        assertThat(exchange.log).containsSubsequence("server: bye", "server: end", "server: closed");
        assertThat(exchange.log).containsSubsequence("client: end", "client: closed");
    }

    @Test
    @Tag("T-8")
    void afterAHalfCloseTheOtherSideGoesOn() {
        exchange.run(server, socket -> socket.read(new Socket.Reader() {
            @Override
            public void onRead(ByteBuffer bytes) {
                bytes.position(bytes.limit());
            }

            @Override
            public void onEnd(Socket ended) {
                ended.loop().after(Duration.ofMillis(20), () -> {
                    ended.write(bytes("I go on"));
                    ended.close();
                });
            }
        }), client, "localhost", socket -> {
            socket.read(exchange.recorder("client"));
            socket.end();
            socket.write(bytes("too late")).recover(Throwable.class, problem -> {
                exchange.log.add(problem.getClass().getSimpleName());
                return socket;
            });
        });
        assertThat(exchange.log).containsExactly("Aborted", "client: I go on", "client: end", "client: closed");
    }

    @Test
    @Tag("T-8")
    void withTheOldVersionTheEndOfOneSideIsThatOfBothAndWritesAreRefused() {
        exchange.run(version(server, "TLSv1.2"), socket -> socket.read(new Socket.Reader() {
            @Override
            public void onRead(ByteBuffer bytes) {
                socket.write(bytes);
            }

            @Override
            public void onEnd(Socket ended) {
                ended.write(bytes("too late")).recover(Throwable.class, problem -> {
                    exchange.log.add(problem.getClass().getSimpleName());
                    return ended;
                });
            }
        }), client, "localhost", socket -> {
            socket.read(exchange.recorder("client"));
            socket.write(bytes("in time"));
            socket.end();
        });
        assertThat(exchange.log)
                .containsExactlyInAnyOrder("Aborted", "client: in time", "client: end", "client: closed");
    }

    @Test
    @Tag("T-8")
    void closingSendsWhatWaits() {
        exchange.run(server, socket -> socket.read(exchange.recorder("server")), client, "localhost", socket -> {
            socket.read(exchange.recorder("client"));
            socket.write(bytes("last words"));
            socket.close();
            socket.close();
            assertThat(socket.isOpen()).isFalse();
        });
        assertThat(exchange.log).containsExactlyInAnyOrder(
                "server: last words", "server: end", "server: closed", "client: closed");
    }

    @Test
    @Tag("T-8")
    void anAbortIsToldOnceOnBothSides() {
        exchange.run(server, socket -> {
            socket.read(exchange.recorder("server"));
            socket.write(bytes("ready"));
        }, client, "localhost", socket -> socket.read(new Socket.Reader() {
            @Override
            public void onRead(ByteBuffer bytes) {
                socket.write(bytes("never sent")).recover(Throwable.class, problem -> {
                    exchange.log.add(problem.getClass().getSimpleName());
                    return socket;
                });
                socket.abort();
                socket.abort();
            }

            @Override
            public void onClosed(IOException reason) {
                exchange.recorder("client").onClosed(reason);
            }
        }));
        assertThat(exchange.log).containsExactlyInAnyOrder("Aborted", "client: closed Aborted", "server: closed Reset");
    }

    @Test
    @Tag("T-8")
    void aReaderSetAfterTheEndHearsOfIt() {
        exchange.run(server, TlsTest::echo, client, "localhost", socket -> {
            socket.close();
            socket.loop().after(Duration.ofMillis(30), () -> socket.read(exchange.recorder("client")));
        });
        assertThat(exchange.log).containsExactly("client: closed");
    }

    // ---- the handshake

    @Test
    @Tag("T-9")
    void aHandshakeThatIsGivenUpAbortsTheConnection() {
        exchange.run(server, TlsTest::echo, client, "localhost", Socket::close);
        exchange.log.clear();
        EventLoop.run(loop -> {
            var server = TcpServer.listen(
                    loop, Exchange.ANY_PORT, ListenConfig.DEFAULT, raw -> raw.read(exchange.recorder("server")));
            var connecting = Socket.connect(loop, server.address()).then(raw -> {
                var secure = client.client(raw, "localhost");
                loop.after(Duration.ofMillis(20), () -> {
                    exchange.log.add(secure.cancel());
                    server.close();
                });
                return secure;
            });
            var _ = connecting.recover(Throwable.class, problem -> null);
        });
        assertThat(exchange.log).contains(true).anyMatch(line -> line.toString().startsWith("server: closed"));
    }

    @Test
    @Tag("T-9")
    void needsCertificatesForAServer() {
        EventLoop.run(loop -> {
            var listening = TcpServer.listen(
                    loop, Exchange.ANY_PORT, ListenConfig.DEFAULT, raw -> {});
            Socket.connect(loop, listening.address()).tap(raw -> {
                assertThatThrownBy(() -> client.server(raw)).hasMessageContaining("a server needs certificates");
                assertThatThrownBy(() -> client.client(raw, "")).hasMessage("host must not be empty");
                exchange.log.add("asked");
                raw.abort();
                loop.exit();
            });
        });
        assertThat(exchange.log).containsExactly("asked");
    }
}
