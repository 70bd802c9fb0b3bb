package dev.thrum.web;

import static java.util.Objects.requireNonNull;

import dev.thrum.tls.Certificates;
import dev.thrum.tls.Identity;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/// Clients of the JDK that believe the authority of the tests; beside this class lie certificates that it has signed:
/// `shop` for `shop.example`, `*.shop.example`, `localhost` and `127.0.0.1`, `shop-renewed` for the same, `forum` for
/// `forum.example`, `alice` for `alice.example`.
final class TlsClient {
    private TlsClient() {}

    static InputStream resource(String name) {
        return requireNonNull(TlsClient.class.getResourceAsStream(name + ".pem"), name);
    }

    /// {@return certificates in files of a folder}
    static Certificates load(Path folder, String name, String... more) throws IOException {
        Identity[] others = new Identity[more.length];
        for (int i = 0; i < more.length; i++) {
            others[i] = Identity.pem(copy(more[i], folder.resolve(more[i] + ".pem")));
        }
        return Certificates.load(Identity.pem(copy(name, folder.resolve(name + ".pem"))), others);
    }

    static Path copy(String name, Path file) throws IOException {
        try (InputStream in = resource(name)) {
            return Files.write(file, in.readAllBytes());
        }
    }

    static Certificate authority() throws Exception {
        try (InputStream in = resource("authority")) {
            return CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
    }

    /// {@return a client that remembers no session, and so is shown a certificate each time}
    static SSLContext context() {
        try {
            KeyStore trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, null);
            trusted.setCertificateEntry("authority", authority());
            TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
            trust.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (Exception impossible) {
            throw new AssertionError(impossible);
        }
    }

    /// {@return a connection after its handshake}
    static SSLSocket connect(int port, String name) throws IOException {
        return handshake((SSLSocket) context().getSocketFactory().createSocket("127.0.0.1", port), name);
    }

    static SSLSocket handshake(SSLSocket socket, String name) throws IOException {
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setServerNames(List.<SNIServerName>of(new SNIHostName(name)));
        parameters.setApplicationProtocols(new String[] {"h2", "http/1.1"});
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }

    static X509Certificate shown(SSLSocket socket) throws IOException {
        return (X509Certificate) socket.getSession().getPeerCertificates()[0];
    }

    static String subject(int port, String name) throws IOException {
        try (SSLSocket socket = connect(port, name)) {
            return shown(socket).getSubjectX500Principal().getName();
        }
    }
}
