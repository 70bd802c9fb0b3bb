package dev.thrum.tls;

import static dev.thrum.tls.Exchange.bytes;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.loop.EventLoop;
import dev.thrum.net.ListenConfig;
import dev.thrum.net.Socket;
import dev.thrum.net.TcpServer;
import dev.thrum.scope.Registration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.Consumer;
import javax.crypto.Cipher;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class CertificatesTest {
    private static final Duration OFTEN = Duration.ofMillis(20);

    private static Authority authority;
    private static Tls client;

    private final Exchange exchange = new Exchange();

    @TempDir
    Path folder;

    @BeforeAll
    static void sign() throws Exception {
        authority = new Authority("Thrum Test");
        client = Tls.create().withTrust(authority.trust());
    }

    private Path write(String name, String text) throws Exception {
        return Files.writeString(folder.resolve(name), text);
    }

    /// Shows the certificate of a server to a client that asks for `host`.
    private void ask(Tls server, String host) {
        exchange.run(server, socket -> socket.read(socket::write), client, host, socket -> {
            exchange.log.add(socket.peerCertificates().getFirst());
            socket.close();
        });
    }

    // ---- forms

    @ParameterizedTest
    @ValueSource(strings = {"EC", "RSA", "Ed25519"})
    @Tag("T-20")
    void readsAChainAndItsKeyInPem(String algorithm) throws Exception {
        var signed = authority.signWith(algorithm, "localhost");
        var chain = write("chain.pem", "Some words\n" + signed.certificatePem()
                + Authority.pem("CERTIFICATE", authority.certificate.getEncoded()));
        ask(Tls.of(Certificates.load(Identity.pem(chain, write("key.pem", signed.keyPem())))), "localhost");
        assertThat(exchange.log).containsExactly(signed.certificate());
    }

    @Test
    @Tag("T-20")
    void readsAnEncryptedKey() throws Exception {
        var signed = authority.sign("localhost");
        var certificates = write("chain.pem", signed.certificatePem());
        var key = write("key.pem", Authority.pem("ENCRYPTED PRIVATE KEY", encrypted(signed.key().getEncoded(), "secret")));
        Identity identity = Identity.pem(certificates, key);
        ask(Tls.of(Certificates.load(identity.withPassword("secret"))), "localhost");
        assertThat(exchange.log).containsExactly(signed.certificate());
        assertThatThrownBy(() -> Certificates.load(identity.withPassword("wrong")))
                .isInstanceOf(TlsException.BadFile.class)
                .hasMessageContaining("the password does not open the key in " + key)
                .hasNoCause();
        assertThatThrownBy(() -> Certificates.load(identity)).hasMessageContaining("withPassword(…) is needed");
    }

    private static byte[] encrypted(byte[] key, String password) throws Exception {
        String scheme = "PBEWithHmacSHA256AndAES_256";
        Cipher cipher = Cipher.getInstance(scheme);
        cipher.init(
                Cipher.ENCRYPT_MODE,
                SecretKeyFactory.getInstance(scheme).generateSecret(new PBEKeySpec(password.toCharArray())));
        byte[] pbes2 = {6, 9, 0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 0x0d, 1, 5, 0x0d};
        byte[] parameters = cipher.getParameters().getEncoded();
        byte[] algorithm = parameters[2] == 6 ? parameters : Der.sequence(pbes2, parameters);
        return Der.sequence(algorithm, Der.octets(cipher.doFinal(key)));
    }

    @Test
    @Tag("T-20")
    void readsAPkcs12File() throws Exception {
        var signed = authority.sign("localhost");
        Path file = signed.pkcs12(folder.resolve("server.p12"), "secret");
        ask(Tls.of(Certificates.load(Identity.pkcs12(file, "secret"))), "localhost");
        assertThat(exchange.log).containsExactly(signed.certificate());
        assertThatThrownBy(() -> Certificates.load(Identity.pkcs12(file, "wrong")))
                .isInstanceOf(TlsException.BadFile.class)
                .hasMessage("the password does not open " + file);
    }

    // ---- what is refused

    @ParameterizedTest
    @ValueSource(strings = {"RSA PRIVATE KEY", "EC PRIVATE KEY", "OPENSSH PRIVATE KEY"})
    @Tag("T-21")
    void refusesAKeyOfAnotherFormWithTheCommandThatConvertsIt(String form) throws Exception {
        var signed = authority.sign("localhost");
        var key = write("key.pem", Authority.pem(form, signed.key().getEncoded()));
        assertThatThrownBy(() -> Certificates.load(Identity.pem(write("chain.pem", signed.certificatePem()), key)))
                .isInstanceOf(TlsException.BadFile.class)
                .hasMessageContaining(form)
                .hasMessageContaining("openssl pkcs8 -topk8 -nocrypt -in " + key);
    }

    @Test
    @Tag("T-21")
    void refusesAKeyThatIsNotThatOfTheCertificate() throws Exception {
        var chain = write("chain.pem", authority.sign("localhost").certificatePem());
        assertThatThrownBy(() -> load(chain, authority.sign("localhost").keyPem()))
                .hasMessageContaining("the key is not that of the first certificate: " + chain);
        assertThatThrownBy(() -> load(chain, authority.signWith("RSA", "localhost").keyPem()))
                .hasMessageContaining("not of the kind of its certificate, EC");
    }

    private Certificates load(Path chain, String key) throws Exception {
        return Certificates.load(Identity.pem(chain, write("key.pem", key)));
    }

    @Test
    @Tag("T-21")
    void refusesAChainOutOfOrder() throws Exception {
        var signed = authority.sign("localhost");
        var chain = write("chain.pem", signed.certificatePem() + authority.sign("other").certificatePem());
        assertThatThrownBy(() -> load(chain, signed.keyPem()))
                .hasMessageContaining("certificate 2 did not sign certificate 1");
    }

    @Test
    @Tag("T-21")
    void refusesWhatIsMissingOrMalformed() throws Exception {
        var signed = authority.sign("localhost");
        var missing = folder.resolve("missing.pem");
        assertThatThrownBy(() -> Certificates.load(Identity.pem(missing)))
                .hasMessage("no such file: " + missing);
        var empty = write("empty.pem", "");
        assertThatThrownBy(() -> Certificates.load(Identity.pem(empty)))
                .hasMessageContaining("it is not PEM, or was cut off");
        var keyOnly = write("keyOnly.pem", signed.keyPem());
        assertThatThrownBy(() -> Certificates.load(Identity.pem(keyOnly)))
                .hasMessage("no certificate in " + keyOnly);
        var noKey = write("noKey.pem", signed.certificatePem());
        assertThatThrownBy(() -> Certificates.load(Identity.pem(noKey)))
                .hasMessage("no key in " + noKey);
        var twoKeys = write("twoKeys.pem", signed.certificatePem() + signed.keyPem() + signed.keyPem());
        assertThatThrownBy(() -> Certificates.load(Identity.pem(twoKeys)))
                .hasMessage("more than one key in " + twoKeys);
        var garbage = write("garbage.pem", Authority.pem("CERTIFICATE", new byte[100]) + signed.keyPem());
        assertThatThrownBy(() -> Certificates.load(Identity.pem(garbage)))
                .hasMessage("certificate 1 is malformed: " + garbage);
        var notStore = write("not.p12", "nothing");
        assertThatThrownBy(() -> Certificates.load(Identity.pkcs12(notStore, "x")))
                .hasMessage("not a PKCS#12 file: " + notStore);
        assertThatThrownBy(() -> Trust.pem(missing)).hasMessage("no such file: " + missing);
    }

    @Test
    @Tag("T-21")
    void neverSaysWhatAKeyOrAPasswordIs() throws Exception {
        var signed = authority.sign("localhost");
        var broken = write("key.pem", signed.keyPem().replaceFirst("\\n.", "\n!"));
        Identity identity = Identity.pem(write("chain.pem", signed.certificatePem()), broken).withPassword("secret");
        assertThatThrownBy(() -> Certificates.load(identity)).hasNoCause().hasMessageNotContaining("secret");
        assertThat(identity.toString()).doesNotContain("secret");
    }

    // ---- names

    @Test
    @Tag("T-22")
    void theNameThatIsAskedForChoosesTheCertificate() throws Exception {
        var first = authority.sign("localhost", "first.example");
        var exact = authority.sign("a.example.org");
        var wild = authority.sign("*.example.org", "example.org");
        Tls server = Tls.of(Certificates.load(first.identity(folder), exact.identity(folder), wild.identity(folder)));
        ask(server, "a.example.org");
        ask(server, "A.Example.ORG");
        ask(server, "b.example.org");
        ask(server, "example.org");
        ask(server, "localhost");
        assertThat(exchange.log).containsExactly(
                exact.certificate(), exact.certificate(), wild.certificate(), wild.certificate(), first.certificate());
    }

    @Test
    @Tag("T-22")
    void anUnknownNameGetsTheFirstCertificateUnlessItIsRefused() throws Exception {
        Tls server = Tls.of(Certificates.load(authority.sign("localhost").identity(folder)));
        ask(server, "b.c.example.org");
        assertThat(exchange.log).contains("client: NameMismatch");
        exchange.log.clear();
        ask(server.withKnownNamesOnly(), "b.c.example.org");
        assertThat(exchange.log).containsExactlyInAnyOrder("server: UnknownName", "client: UnknownName");
        exchange.log.clear();
        ask(server.withKnownNamesOnly(), "127.0.0.1"); // asks for no name
        assertThat(exchange.log).containsExactlyInAnyOrder("server: NothingInCommon", "client: NothingInCommon");
    }

    @Test
    @Tag("T-22")
    void twoKindsOfKeysForOneNameStandSideBySide() throws Exception {
        var rsa = authority.signWith("RSA", "localhost");
        var curve = authority.sign("localhost");
        Tls server = Tls.of(Certificates.load(rsa.identity(folder), curve.identity(folder)))
                .withHandshake(Handshake.DEFAULT.withVersions("TLSv1.2"));
        Tls old = client.withHandshake(Handshake.DEFAULT
                .withVersions("TLSv1.2")
                .withCiphers("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"));
        exchange.run(server, socket -> socket.read(socket::write), old, "localhost", socket -> {
            exchange.log.add(socket.peerCertificates().getFirst());
            socket.close();
        });
        ask(server, "localhost");
        assertThat(exchange.log).containsExactly(rsa.certificate(), curve.certificate());
    }

    @Test
    @Tag("T-22")
    void anotherNamesCertificateIsNotShownForTheKindOfItsKey() throws Exception {
        var curve = authority.sign("first.example");
        var rsa = authority.signWith("RSA", "localhost");
        Tls server = Tls.of(Certificates.load(curve.identity(folder), rsa.identity(folder)));
        ask(server, "localhost");
        assertThat(exchange.log).containsExactly(rsa.certificate());
    }

    // ---- reload

    @Test
    @Tag("T-23")
    void newHandshakesSeeNewCertificatesAndOpenConnectionsGoOn() throws Exception {
        var old = authority.sign("localhost");
        var next = authority.sign("localhost", "more.example");
        Path file = old.file(folder);
        Certificates certificates = Certificates.load(Identity.pem(file));
        Tls server = Tls.of(certificates);
        EventLoop.run(loop -> {
            var listening = TcpServer.listen(loop, Exchange.ANY_PORT, ListenConfig.DEFAULT, raw ->
                    server.server(raw).tap(socket -> socket.read(socket::write)));
            Consumer<Consumer<TlsSocket>> connect = then ->
                    Socket.connect(loop, listening.address()).then(raw -> client.client(raw, "localhost")).tap(then);
            connect.accept(first -> {
                exchange.log.add(first.peerCertificates().getFirst());
                uncheckedWrite(next, file);
                exchange.log.add(certificates.reload().getClass().getSimpleName());
                connect.accept(second -> {
                    exchange.log.add(second.peerCertificates().getFirst());
                    second.close();
                    first.read(answer -> {
                        exchange.log.add(UTF_8.decode(answer).toString());
                        first.close();
                        listening.close();
                    });
                    first.write(bytes("still here"));
                });
            });
        });
        assertThat(exchange.log).containsExactly(old.certificate(), "Changed", next.certificate(), "still here");
        assertThat(certificates.generation()).isEqualTo(2);
        assertThat(certificates.names()).containsExactly("localhost", "more.example");
    }

    private static void uncheckedWrite(Authority.Signed signed, Path file) {
        try {
            signed.write(file);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    @Tag("T-23")
    void theSameContentIsNoChangeAndABadFileIsRefused() throws Exception {
        var old = authority.sign("localhost");
        Path file = old.file(folder);
        Certificates certificates = Certificates.load(Identity.pem(file));
        old.write(file);
        assertThat(certificates.reload()).isEqualTo(new Certificates.Reload.Unchanged());
        Files.writeString(file, authority.sign("localhost").certificatePem() + old.keyPem());
        assertThat(certificates.reload()).isInstanceOf(Certificates.Reload.Refused.class);
        authority.signExpired("localhost").write(file);
        assertThat(((Certificates.Reload.Refused) certificates.reload()).problem()).hasMessageContaining("has expired on");
        Files.delete(file);
        assertThat(((Certificates.Reload.Refused) certificates.reload()).problem()).hasMessage("no such file: " + file);
        assertThat(certificates.generation()).isEqualTo(1);
        ask(Tls.of(certificates), "localhost");
        assertThat(exchange.log).containsExactly(old.certificate());
    }

    @Test
    @Tag("T-23")
    void tellsWhenTheFirstOfThemExpires() throws Exception {
        Instant from = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        var soon = authority.sign(Authority.keys("EC"), from, Duration.ofHours(2), "localhost");
        Certificates certificates = Certificates.load(authority.sign("a.example").identity(folder), soon.identity(folder));
        assertThat(certificates.notAfter()).isEqualTo(from.plus(Duration.ofHours(2)));
    }

    @Test
    @Tag("T-24")
    void aWatchTellsItsHomeWhatHasChangedAndWhatIsRefusedOnce() throws Exception {
        var old = authority.sign("localhost");
        Path file = old.file(folder);
        Certificates certificates = Certificates.load(Identity.pem(file));
        EventLoop.run(loop -> {
            Registration[] watch = new Registration[1];
            var waiting = loop.after(Duration.ofSeconds(60), () -> exchange.log.add("too late"));
            watch[0] = certificates.watch(OFTEN, outcome -> {
                exchange.log.add(loop.isHere() + " " + outcome.getClass().getSimpleName());
                if (outcome instanceof Certificates.Reload.Refused) {
                    uncheckedWrite(authority(), file);
                } else {
                    watch[0].close();
                    waiting.close();
                }
            });
            try {
                Files.writeString(file, "broken");
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        assertThat(exchange.log).containsExactly("true Refused", "true Changed");
        assertThat(certificates.generation()).isEqualTo(2);
    }

    private static Authority.Signed authority() {
        try {
            return authority.sign("localhost");
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    @Tag("T-24")
    void aWatchNeedsAPeriod() throws Exception {
        Certificates certificates = Certificates.load(authority.sign("localhost").identity(folder));
        assertThatThrownBy(() -> certificates.watch(Duration.ofMillis(9), outcome -> {}))
                .hasMessage("period must be 10 milliseconds or more: PT0.009S");
    }
}
