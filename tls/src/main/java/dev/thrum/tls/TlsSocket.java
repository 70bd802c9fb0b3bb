package dev.thrum.tls;

import dev.thrum.net.Socket;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/// A socket whose bytes are encrypted on their way. It is made by a [Tls], and its handshake is over.
///
/// **Ending.** [#end] tells the peer within TLS that nothing more comes (`close_notify`); with TLS 1.3 the peer may go on
/// writing, with TLS 1.2 it has to close as well. A peer that ends the connection without saying so within TLS is an
/// error, [TlsException.Truncated], not an end.
///
/// **Writing.** What is written in a turn is gathered into records of up to 16 KiB; [#pending] counts plain bytes not yet
/// encrypted and encrypted bytes not yet sent.
///
/// **Threads.** As [Socket]; what this adds may be asked from any thread.
public sealed interface TlsSocket extends Socket permits SecureSocket {

    /// {@return the application protocol that both sides agreed on (ALPN), if they did}
    @Override
    Optional<String> protocol();

    @Override
    default boolean isSecure() {
        return true;
    }

    /// {@return the version: `TLSv1.3` or `TLSv1.2`}
    String version();

    /// {@return the name of the cipher suite}
    String cipher();

    /// {@return the name that the client asked for (SNI), if it asked for one}
    Optional<String> serverName();

    /// {@return whether a request for `host` may come over this connection} So it is if the client has asked for that name (SNI), or
    /// for none, or if the certificate that this side has shown covers it. Else another server, or another part of this one, may
    /// be meant (RFC 9110 §15.5.20). On the side of a server, on the loop's thread.
    /// @param host a name or an address, with a port or without; empty for none
    boolean isFor(String host);

    /// {@return the certificates that the peer has shown and that were verified, its own first; empty if it showed none}
    List<X509Certificate> peerCertificates();
}
