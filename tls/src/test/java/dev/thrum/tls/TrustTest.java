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
import dev.thrum.scope.Registration;
import dev.thrum.scope.Scope;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Authorities that change while the program runs.
@Timeout(60)
class TrustTest {
    private static final Key<String> USER = Key.of("user");

    private static Authority old;
    private static Authority next;
    private static Authority.Signed oldServer;
    private static Authority.Signed nextServer;

    private final Exchange exchange = new Exchange();

    @TempDir
    Path folder;

    @BeforeAll
    static void sign() throws Exception {
        old = new Authority("Old");
        next = new Authority("Next");
        oldServer = old.sign("localhost");
        nextServer = next.sign("localhost");
    }

    private static void put(String pem, Path file) {
        try {
            Files.writeString(file, pem);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String pem(Authority authority) throws Exception {
        return Authority.pem("CERTIFICATE", authority.certificate.getEncoded());
    }

    private Tls serverOf(Authority.Signed signed) throws Exception {
        return Tls.of(Certificates.load(signed.identity(folder)));
    }

    /// Writes down what becomes of a handshake with a server that shows a certificate.
    private void ask(Authority.Signed signed, Trust trust) throws Exception {
        ask(serverOf(signed), Tls.create().withTrust(trust));
    }

    private void ask(Tls server, Tls client) {
        exchange.run(server, socket -> socket.read(socket::write), client, "localhost", socket -> {
            exchange.log.add("believed");
            socket.close();
        });
    }

    @Test
    @Tag("T-25")
    void newHandshakesBelieveTheNewAuthorityAndOpenConnectionsGoOn() throws Exception {
        Path file = old.file(folder);
        Trust trust = Trust.pem(file);
        Tls client = Tls.create().withTrust(trust);
        Tls server = serverOf(oldServer);
        EventLoop.run(loop -> {
            var listening = TcpServer.listen(loop, Exchange.ANY_PORT, ListenConfig.DEFAULT, raw -> server.server(raw)
                    .tap(socket -> socket.read(socket::write))
                    .recover(IOException.class, problem -> null));
            Socket.connect(loop, listening.address()).then(raw -> client.client(raw, "localhost")).tap(first -> {
                put(unchecked(next), file);
                exchange.log.add(trust.reload().getClass().getSimpleName());
                var _ = Socket.connect(loop, listening.address())
                        .then(raw -> client.client(raw, "localhost"))
                        .recover(Throwable.class, problem -> exchange.note("client", problem))
                        .tap(refused -> {
                            first.read(answer -> {
                                exchange.log.add(UTF_8.decode(answer).toString());
                                first.close();
                                listening.close();
                            });
                            first.write(bytes("still here"));
                        });
            });
        });
        assertThat(exchange.log).containsExactly("Changed", "client: Untrusted", "still here");
        exchange.log.clear();
        ask(nextServer, trust);
        assertThat(exchange.log).containsExactly("believed");
    }

    private static String unchecked(Authority authority) {
        try {
            return pem(authority);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    @Tag("T-25")
    void aServerAsksForCertificatesOfTheNewAuthority() throws Exception {
        Path file = old.file(folder);
        Trust trust = Trust.pem(file);
        Tls server = serverOf(oldServer).withTrust(trust).withClientAuth(ClientAuth.REQUIRED);
        Tls client = serverOf(nextServer).withTrust(old.trust());
        put(pem(next), file);
        assertThat(trust.reload()).isInstanceOfSatisfying(
                Certificates.Reload.Changed.class, changed -> assertThat(changed.generation()).isEqualTo(2));
        exchange.run(server, socket -> {
            exchange.log.add(socket.peerCertificates().getFirst());
            socket.close();
        }, client, "localhost", Socket::close);
        assertThat(exchange.log).containsExactly(nextServer.certificate());
    }

    @Test
    @Tag("T-25")
    void aSessionWithAnAuthorityThatIsGoneIsNotResumed() throws Exception {
        Path file = old.file(folder);
        Trust trust = Trust.pem(file);
        Tls client = Tls.create().withTrust(trust);
        Tls server = serverOf(oldServer);
        ask(server, client);
        put(pem(next), file);
        trust.reload();
        exchange.log.clear();
        ask(server, client);
        assertThat(exchange.log).contains("client: Untrusted").doesNotContain("believed");
    }

    @Test
    @Tag("T-25")
    void theSameContentIsNoChangeAndABadFileIsRefusedAndTheOldKept() throws Exception {
        Path file = old.file(folder);
        Trust trust = Trust.pem(file);
        put(pem(old), file);
        assertThat(trust.reload()).isEqualTo(new Certificates.Reload.Unchanged());
        put("broken", file);
        assertThat(((Certificates.Reload.Refused) trust.reload()).problem()).hasMessageContaining("it is not PEM");
        Files.delete(file);
        assertThat(((Certificates.Reload.Refused) trust.reload()).problem()).hasMessage("no such file: " + file);
        ask(oldServer, trust);
        assertThat(exchange.log).containsExactly("believed");
    }

    @Test
    @Tag("T-25")
    void whatIsDerivedFromItIsReloadedWithIt() throws Exception {
        Path file = old.file(folder);
        Trust trust = Trust.pem(file);
        Trust anyName = trust.withAnyName();
        put(pem(next), file);
        trust.reload();
        ask(next.sign("elsewhere.example"), anyName);
        assertThat(exchange.log).containsExactly("believed");
    }

    @Test
    @Tag("T-25")
    void whatWasNotReadFromAFileCannotBeReadAgain() {
        assertThatThrownBy(() -> old.trust().reload())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("this trust was not read from a file");
        assertThatThrownBy(() -> Trust.system().watch(Duration.ofSeconds(1), outcome -> {}))
                .hasMessage("this trust was not read from a file");
    }

    @Test
    @Tag("T-26")
    void aWatchTellsUnderTheScopeOfItsMakerAtItsHome() throws Exception {
        Path file = old.file(folder);
        Trust trust = Trust.pem(file);
        EventLoop.run(loop -> Scope.current().with(USER, "ada").run(() -> {
            Registration[] watch = new Registration[1];
            var waiting = loop.after(Duration.ofSeconds(30), () -> exchange.log.add("too late"));
            Consumer<Certificates.Reload> listener = outcome -> {
                exchange.log.add(outcome.getClass().getSimpleName() + " " + loop.isHere() + " "
                        + Scope.current().get(USER).orElse("nobody"));
                watch[0].close();
                waiting.close();
            };
            watch[0] = trust.watch(Duration.ofMillis(20), listener);
            put(unchecked(next), file);
        }));
        assertThat(exchange.log).containsExactly("Changed true ada");
        assertThatThrownBy(() -> trust.watch(Duration.ofMillis(9), outcome -> {}))
                .hasMessage("period must be 10 milliseconds or more: PT0.009S");
    }
}
