package dev.thrum.tls;

import static java.util.Objects.requireNonNull;

import dev.thrum.scope.Registration;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/// Whom this side believes: which authorities, and whether a server must have the name that it was asked for.
///
/// ```java
/// Trust trust = Trust.pem(Path.of("authorities.pem"));
/// trust.watch(Duration.ofSeconds(10), outcome -> System.out.println(outcome));
/// ```
///
/// **Reload.** Authorities that were read from a file may be read again, as [Certificates] are: everything is checked before
/// anything changes, new handshakes see all the old or all the new ones, and open connections go on. Sessions from before are
/// not resumed. A bad file is refused, and the old ones are kept.
///
/// **Threads.** Any. [#pem] and [#reload] read a file, and block.
public final class Trust {
    private static final Trust SYSTEM = new Trust(Kind.SYSTEM, Authorities.of(List.of()), true);
    private static final Trust ANYBODY = new Trust(Kind.ANYBODY, Authorities.of(List.of()), false);

    private enum Kind {
        SYSTEM,
        PINNED,
        ANYBODY
    }

    private final Kind kind;
    private final Authorities authorities;
    private final boolean names;

    private Trust(Kind kind, Authorities authorities, boolean names) {
        this.kind = kind;
        this.authorities = authorities;
        this.names = names;
    }

    /// {@return trust in the authorities of the JDK's store, and in names that match}
    public static Trust system() {
        return SYSTEM;
    }

    /// {@return trust in these authorities only, and in names that match} Reads the file, and blocks.
    /// @param authorities certificates in PEM: of authorities, or of a server itself
    /// @throws TlsException.BadFile if there is no such file, or no certificate in it
    public static Trust pem(Path authorities) throws TlsException.BadFile {
        return new Trust(Kind.PINNED, Authorities.in(requireNonNull(authorities, "authorities")), true);
    }

    /// {@return trust in these authorities only, and in names that match}
    /// @param authorities their certificates, or those of servers themselves; at least one
    /// @throws IllegalArgumentException if there is none
    public static Trust of(List<X509Certificate> authorities) {
        if (authorities.isEmpty()) {
            throw new IllegalArgumentException("authorities must be one or more");
        }
        return new Trust(Kind.PINNED, Authorities.of(List.copyOf(authorities)), true);
    }

    /// {@return trust in anybody} What is sent is encrypted, but perhaps for an attacker. For experiments.
    public static Trust insecure() {
        return ANYBODY;
    }

    /// {@return this trust, whatever the name in a certificate} With few authorities, whose every certificate is as good
    /// as another: members of a cluster, for example. Both share their authorities: a reload of one is one of the other.
    public Trust withAnyName() {
        return new Trust(kind, authorities, false);
    }

    /// Reads the file of [#pem] again, and believes those in it from now on if it is in order. Blocks.
    /// @return what it came to
    /// @throws IllegalStateException if this trust was not read from a file
    public Certificates.Reload reload() {
        return authorities.reload();
    }

    /// Looks at the file of [#pem] again and again, on a thread of the room, and takes what has changed. What cannot be used is
    /// told at the second look that finds it so, and once; it is logged as well.
    /// @param period between two looks; at least 10 milliseconds
    /// @param listener hears what has changed and what is refused, under the scope of the caller and at its home
    /// @return closing it ends the watch
    /// @throws IllegalArgumentException if `period` is shorter
    /// @throws IllegalStateException if this trust was not read from a file
    public Registration watch(Duration period, Consumer<? super Certificates.Reload> listener) {
        authorities.checkReloadable();
        return CertificateWatch.start(this, authorities::reload, period, listener);
    }

    Authorities.Generation authorities() {
        return authorities.current();
    }

    boolean verifiesNames() {
        return names;
    }

    /// {@return what JSSE asks} Reads the JDK's store if it is that, and blocks.
    TrustManager[] managers(Authorities.Generation now) throws GeneralSecurityException, IOException {
        if (kind == Kind.ANYBODY) {
            return new TrustManager[] {new TrustsAnybody()};
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
        factory.init(kind == Kind.SYSTEM ? null : store(now.certificates()));
        return factory.getTrustManagers();
    }

    private static KeyStore store(List<X509Certificate> authorities) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        for (int i = 0; i < authorities.size(); i++) {
            store.setCertificateEntry(Integer.toString(i), authorities.get(i));
        }
        return store;
    }

    /// {@return in a few words}
    @Override
    public String toString() {
        return switch (kind) {
            case SYSTEM -> "trust in the JDK's authorities";
            case PINNED -> "trust in " + authorities;
            case ANYBODY -> "trust in anybody";
        };
    }

    /// Asks nothing. It is of the extended kind, else JSSE would add questions of its own.
    private static final class TrustsAnybody extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, @Nullable Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, @Nullable Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, @Nullable SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, @Nullable SSLEngine engine) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
