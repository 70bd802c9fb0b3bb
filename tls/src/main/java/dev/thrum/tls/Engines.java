package dev.thrum.tls;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/// Makes the engines of a [Tls]: from a context for each generation of its certificates and authorities, so that no session
/// is resumed with what has been replaced.
///
/// Any thread. The context is read without a lock, and made under one.
final class Engines {
    private final Tls tls;
    private final ReentrantLock making = new ReentrantLock();
    private volatile @Nullable Context context; // written under making

    private record Context(SSLContext ssl, NamedKeys keys, Authorities.Generation authorities) {}

    Engines(Tls tls) {
        this.tls = tls;
    }

    private NamedKeys keys() {
        return tls.certificates().map(Certificates::current).orElse(NamedKeys.NONE);
    }

    /// {@return whether an engine can be made at once} Else it takes a while.
    boolean isReady() {
        Context made = context;
        return made != null && made.keys == keys() && made.authorities == tls.trust().authorities();
    }

    private Context context() throws GeneralSecurityException, IOException {
        Context made = context;
        if (made != null && isReady()) {
            return made;
        }
        making.lock();
        try {
            made = context;
            NamedKeys keys = keys();
            Authorities.Generation authorities = tls.trust().authorities();
            if (made == null || made.keys != keys || made.authorities != authorities) {
                SSLContext ssl = SSLContext.getInstance("TLS");
                ssl.init(new KeyManager[] {keys}, tls.trust().managers(authorities), null);
                made = new Context(ssl, keys, authorities);
                context = made;
            }
            return made;
        } finally {
            making.unlock();
        }
    }

    SSLEngine server() throws GeneralSecurityException, IOException {
        Context from = context();
        SSLEngine engine = from.ssl.createSSLEngine();
        engine.setUseClientMode(false);
        SSLParameters parameters = parameters(engine);
        switch (tls.clientAuth()) {
            case NONE -> parameters.setNeedClientAuth(false);
            case WANTED -> parameters.setWantClientAuth(true);
            case REQUIRED -> parameters.setNeedClientAuth(true);
        }
        parameters.setSNIMatchers(List.of(new AskedName(tls.knownNamesOnly() ? from.keys : null)));
        engine.setSSLParameters(parameters);
        return engine;
    }

    /// @param host as the user gave it
    /// @param port tells sessions of the same host apart
    SSLEngine client(String host, int port) throws GeneralSecurityException, IOException {
        String name = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
        SSLEngine engine = context().ssl.createSSLEngine(name, port);
        engine.setUseClientMode(true);
        SSLParameters parameters = parameters(engine);
        if (tls.trust().verifiesNames()) {
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
        }
        parameters.setServerNames(isAddress(name) ? List.of() : List.of(new SNIHostName(name)));
        engine.setSSLParameters(parameters);
        return engine;
    }

    private static boolean isAddress(String name) {
        return name.contains(":") || name.matches("[0-9.]+");
    }

    private SSLParameters parameters(SSLEngine engine) {
        Handshake handshake = tls.handshake();
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setProtocols(handshake.versions().toArray(String[]::new));
        parameters.setUseCipherSuitesOrder(true);
        parameters.setApplicationProtocols(tls.protocols().toArray(String[]::new));
        if (!handshake.ciphers().isEmpty()) {
            parameters.setCipherSuites(handshake.ciphers().toArray(String[]::new));
        }
        if (!handshake.groups().isEmpty()) {
            parameters.setNamedGroups(handshake.groups().toArray(String[]::new));
        }
        return parameters;
    }
}
