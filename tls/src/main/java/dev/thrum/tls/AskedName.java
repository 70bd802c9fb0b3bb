package dev.thrum.tls;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIMatcher;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.StandardConstants;
import org.jspecify.annotations.Nullable;

/// Remembers the name that the client of one engine asks for.
///
/// The session alone does not do: one that is resumed tells the name of the handshake that it comes from. And without a matcher
/// JSSE resumes sessions under any name; with one, only under the same, as it must (RFC 6066 §3).
final class AskedName extends SNIMatcher {
    private final @Nullable NamedKeys known; // the only names that are served; null: any
    private volatile @Nullable String name; // written by whoever handshakes

    AskedName(@Nullable NamedKeys known) {
        super(StandardConstants.SNI_HOST_NAME);
        this.known = known;
    }

    /// Refuses a client that asks for a name without a certificate, if only known ones are served.
    @Override
    public boolean matches(SNIServerName asked) {
        String text = new SNIHostName(requireNonNull(asked).getEncoded()).getAsciiName();
        name = text;
        return known == null || !known.find(text).isEmpty();
    }

    private static Optional<AskedName> at(SSLEngine server) {
        return Optional.<List<SNIMatcher>>ofNullable((List<SNIMatcher>) server.getSSLParameters().getSNIMatchers()).stream()
                .flatMap(List::stream)
                .filter(AskedName.class::isInstance)
                .map(AskedName.class::cast)
                .findFirst();
    }

    /// {@return the name that the client of `server` has asked for, if it has}
    static Optional<String> of(SSLEngine server) {
        return at(server).map(asked -> asked.name);
    }

    /// {@return whether a client that asks for no known name is refused}
    static boolean mustBeKnown(SSLEngine server) {
        return at(server).map(asked -> asked.known).isPresent();
    }
}
