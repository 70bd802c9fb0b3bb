package dev.thrum.verify.openssl;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.loop.EventLoop;
import dev.thrum.net.ListenConfig;
import dev.thrum.net.Socket;
import dev.thrum.net.TcpServer;
import dev.thrum.promise.Promise;
import dev.thrum.tls.Certificates;
import dev.thrum.tls.ClientAuth;
import dev.thrum.tls.Identity;
import dev.thrum.tls.Tls;
import dev.thrum.tls.TlsSocket;
import dev.thrum.tls.Trust;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class OpenSslTest {
    private static final Pattern ACCEPT = Pattern.compile("ACCEPT \\S+:(\\d+)\\s");

    @TempDir
    static Path folder;

    private static OpenSsl openssl;
    private static EventLoop loop;
    private static Tls tls;
    private static Trust trust;

    /// What the loop's thread saw. The program may be gone before the loop sees it go, so tests wait for each entry.
    private final BlockingQueue<String> log = new LinkedBlockingQueue<>();

    @BeforeAll
    static void start() throws Exception {
        openssl = OpenSsl.in(folder);
        trust = Trust.pem(openssl.file("ca.pem"));
        tls = Tls.of(Certificates.load(Identity.pem(openssl.file("server.pem"), openssl.file("server.key"))))
                .withTrust(trust)
                .withProtocols("h2", "http/1.1");
        loop = EventLoop.start("main");
    }

    @AfterAll
    static void stop() {
        loop.exit();
    }

    /// {@return the next entry of the log, waited for}
    private String logged() throws InterruptedException {
        String entry = log.poll(60, TimeUnit.SECONDS);
        return entry == null ? "nothing" : entry;
    }

    /// A line comes back, and the server closes.
    private void answerOnce(TlsSocket socket) {
        log.add(socket.protocol() + " " + socket.serverName() + " " + socket.peerCertificates().size());
        socket.read(new Socket.Reader() {
            @Override
            public void onRead(ByteBuffer bytes) {
                log.add(UTF_8.decode(bytes.duplicate()).toString());
                socket.write(bytes);
                socket.close();
            }

            @Override
            public void onClosed(IOException reason) {
                log.add("closed " + reason);
            }
        });
    }

    /// {@return the port of a server that speaks TLS}
    private int serve(Tls server, Consumer<TlsSocket> onAccept) throws InterruptedException {
        return Promise.<Integer>create(resolver -> loop.execute(() -> {
                    TcpServer listening = TcpServer.listen(
                            loop, new InetSocketAddress("127.0.0.1", 0), ListenConfig.DEFAULT, raw -> server.server(raw)
                                    .tap(onAccept)
                                    .recover(IOException.class, problem -> {
                                        log.add(problem.getClass().getSimpleName());
                                        return null;
                                    }));
                    resolver.resolve(((InetSocketAddress) listening.address()).getPort());
                }))
                .await();
    }

    private String ask(int port, String more) throws Exception {
        return openssl.run(
                "hello\n",
                "s_client -connect 127.0.0.1:" + port + " -servername localhost -verify_hostname localhost -CAfile ca.pem"
                        + " -verify_return_error -ign_eof " + more);
    }

    // ---- its client

    @ParameterizedTest
    @ValueSource(strings = {"-tls1_3", "-tls1_2"})
    void itsClientIsServed(String version) throws Exception {
        String output = ask(serve(tls, this::answerOnce), version + " -alpn http/1.1");
        assertThat(output).contains("Verify return code: 0 (ok)", "ALPN protocol: http/1.1", "hello");
        assertThat(logged()).isEqualTo("Optional[http/1.1] Optional[localhost] 0");
        assertThat(logged()).isEqualTo("hello\n");
    }

    @Test
    void itsClientShowsACertificateWhenAsked() throws Exception {
        int port = serve(tls.withClientAuth(ClientAuth.REQUIRED), this::answerOnce);
        assertThat(ask(port, "-cert server.pem -key server.key")).contains("hello");
        assertThat(logged()).isEqualTo("Optional.empty Optional[localhost] 2"); // its own and the authority
        assertThat(logged()).isEqualTo("hello\n");
        assertThat(logged()).isEqualTo("closed null");
        assertThat(ask(port, "-tls1_3")).contains("alert");
        assertThat(logged()).isEqualTo("CertificateRequired");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-tls1_3", "-tls1_2"})
    @Tag("T-11")
    void itsClientResumesASessionUnderItsOwnNameOnly(String version) throws Exception {
        int port = serve(tls, this::answerOnce);
        assertThat(ask(port, version + " -sess_out session.pem")).contains("New, TLSv1");
        assertThat(ask(port, version + " -sess_in session.pem")).contains("Reused, TLSv1");
        assertThat(ask(port, version + " -sess_in session.pem -servername other.example")).contains("New, TLSv1");
        for (String name : new String[] {"localhost", "localhost", "other.example"}) {
            assertThat(logged()).isEqualTo("Optional.empty Optional[" + name + "] 0");
            assertThat(logged()).isEqualTo("hello\n");
            assertThat(logged()).startsWith("closed ");
        }
    }

    @Test
    void itsClientCannotRenegotiate() throws Exception {
        int port = serve(tls, socket -> socket.read(new Socket.Reader() {
            @Override
            public void onRead(ByteBuffer bytes) {
                socket.write(bytes);
            }

            @Override
            public void onClosed(IOException reason) {
                log.add(String.valueOf(reason));
            }
        }));
        openssl.run("R\n", "s_client -connect 127.0.0.1:" + port + " -tls1_2 -CAfile ca.pem");
        assertThat(logged()).contains("renegotiation is refused");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-tls1_1", "-tls1"})
    void itsClientOfAnOldVersionIsRefused(String version) throws Exception {
        assertThat(ask(serve(tls, this::answerOnce), version + " -cipher DEFAULT@SECLEVEL=0")).doesNotContain("hello");
        assertThat(logged()).isEqualTo("NothingInCommon");
    }

    // ---- its server

    @ParameterizedTest
    @ValueSource(strings = {"-tls1_3", "-tls1_2"})
    void itsServerAnswers(String version) throws Exception {
        Path output = openssl.file("s_server.out");
        Process server = openssl.start("s_server -accept 0 -cert server.pem -key server.key -www " + version, output);
        try {
            String page = get(port(output));
            assertThat(page).startsWith("HTTP/1.0 200 ok").contains("s_server -accept");
            assertThat(logged()).isEqualTo("end");
        } finally {
            server.destroy();
        }
    }

    /// {@return the port that `s_server` has taken, once it says so}
    private static int port(Path output) throws Exception {
        for (int looks = 0; looks < 600; looks++) {
            Matcher told = ACCEPT.matcher(Files.readString(output));
            if (told.find()) {
                return Integer.parseInt(told.group(1));
            }
            new CountDownLatch(1).await(100, TimeUnit.MILLISECONDS);
        }
        throw new AssertionError("it does not listen: " + Files.readString(output));
    }

    private String get(int port) throws InterruptedException {
        Tls client = Tls.create().withTrust(trust);
        return Promise.<String>create(resolver -> loop.execute(
                        () -> client.connect(loop, InetSocketAddress.createUnresolved("localhost", port))
                                .tap(socket -> {
                                    var page = new StringBuilder();
                                    socket.write(UTF_8.encode("GET / HTTP/1.0\r\n\r\n"));
                                    socket.read(new Socket.Reader() {
                                        @Override
                                        public void onRead(ByteBuffer bytes) {
                                            page.append(UTF_8.decode(bytes));
                                        }

                                        @Override
                                        public void onEnd(Socket ended) {
                                            log.add("end");
                                            ended.close();
                                        }

                                        @Override
                                        public void onClosed(IOException reason) {
                                            resolver.resolve(page.toString());
                                        }
                                    });
                                })
                                .recover(Throwable.class, problem -> {
                                    resolver.reject(problem);
                                    return null;
                                })))
                .await();
    }

    // ---- its files

    @Test
    void itsEncryptedKeysAndItsStoresAreRead() throws Exception {
        openssl.run("pkcs8 -topk8 -v2 aes-256-cbc -passout pass:secret -in server.key -out encrypted.key");
        var encrypted = Identity.pem(openssl.file("server.pem"), openssl.file("encrypted.key")).withPassword("secret");
        assertThat(Certificates.load(encrypted).names()).containsExactly("localhost");
        openssl.run("pkcs12 -export -passout pass:secret -in server.pem -inkey server.key -out server.p12");
        assertThat(Certificates.load(Identity.pkcs12(openssl.file("server.p12"), "secret")).names())
                .containsExactly("localhost");
    }

    @Test
    void aKeyOfAnOldFormIsReadAfterTheCommandThatTheErrorNames() throws Exception {
        openssl.run("ec -in server.key -out old.key");
        var old = Identity.pem(openssl.file("server.pem"), openssl.file("old.key"));
        assertThatThrownBy(() -> Certificates.load(old)).hasMessageContaining("EC PRIVATE KEY").satisfies(problem -> {
            String message = problem.getMessage();
            openssl.run(message.substring(message.indexOf("openssl ") + "openssl ".length()));
        });
        var converted = Identity.pem(openssl.file("server.pem"), openssl.file("key.pem"));
        assertThat(Certificates.load(converted).notAfter()).isAfter(Instant.now().plus(Duration.ofDays(1)));
    }
}
