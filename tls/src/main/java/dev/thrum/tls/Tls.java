package dev.thrum.tls;

import static java.util.Objects.requireNonNull;

import dev.thrum.loop.EventLoop;
import dev.thrum.net.NetException;
import dev.thrum.net.Socket;
import dev.thrum.promise.Promise;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// How to speak TLS: what to show, whom to believe, what to offer.
///
/// ```java
/// Tls tls = Tls.of(certificates).withProtocols("h2", "http/1.1");
/// TcpServer.listen(loop, address, ListenConfig.DEFAULT, socket -> tls.server(socket)
///         .tap(secure -> secure.read(bytes -> secure.write(bytes)))
///         .recover(IOException.class, problem -> null)); // the client did not get through
///
/// Tls.create().connect(loop, InetSocketAddress.createUnresolved("example.org", 443))
///         .tap(secure -> secure.write(request));
/// ```
///
/// A client verifies the server: its certificate comes from an authority of the [Trust], is valid now, and has the name
/// that was asked for. cl-async's verifies nothing.
///
/// **What is refused.** Versions before TLS 1.2, renegotiation, a handshake that is too long in time or bytes, floods of
/// empty records; each with its [TlsException].
///
/// **Sessions** are resumed as the JDK does it, within one such value: keep it for as long as connections are made.
///
/// **Threads.** Immutable. [#server], [#client] and [#connect] belong to the thread of the socket's loop, and do not block:
/// what burns the processor, or reads the JDK's store of authorities, runs on threads of this room.
///
/// The counterpart of cl-async's `:ssl-ctx` and of the arguments around it.
public final class Tls {
    private static final Tls CLIENT = new Tls(null, Trust.system(), ClientAuth.NONE, false, List.of(), Handshake.DEFAULT);

    private final @Nullable Certificates certificates;
    private final Trust trust;
    private final ClientAuth clientAuth;
    private final boolean knownNamesOnly;
    private final List<String> protocols;
    private final Handshake handshake;
    private final Engines engines = new Engines(this);

    private Tls(
            @Nullable Certificates certificates,
            Trust trust,
            ClientAuth clientAuth,
            boolean knownNamesOnly,
            List<String> protocols,
            Handshake handshake) {
        this.certificates = certificates;
        this.trust = trust;
        this.clientAuth = clientAuth;
        this.knownNamesOnly = knownNamesOnly;
        this.protocols = protocols;
        this.handshake = handshake;
    }

    /// {@return TLS for clients that show no certificate, and believe the JDK's authorities}
    public static Tls create() {
        return CLIENT;
    }

    /// {@return TLS for servers, and for clients that show a certificate when asked}
    /// @param certificates what this side shows
    public static Tls of(Certificates certificates) {
        requireNonNull(certificates, "certificates");
        return new Tls(certificates, Trust.system(), ClientAuth.NONE, false, List.of(), Handshake.DEFAULT);
    }

    /// {@return this with another trust}
    /// @param trust whom a client believes, and a server that asks for certificates
    public Tls withTrust(Trust trust) {
        requireNonNull(trust, "trust");
        return new Tls(certificates, trust, clientAuth, knownNamesOnly, protocols, handshake);
    }

    /// {@return this with another wish for the clients' certificates}
    /// @param clientAuth whether a server asks its clients for a certificate; whom it believes, [#withTrust] says
    public Tls withClientAuth(ClientAuth clientAuth) {
        requireNonNull(clientAuth, "clientAuth");
        return new Tls(certificates, trust, clientAuth, knownNamesOnly, protocols, handshake);
    }

    /// {@return this without a default certificate: a server refuses a client that asks for a name it does not have, or for
    /// none}
    public Tls withKnownNamesOnly() {
        return new Tls(certificates, trust, clientAuth, true, protocols, handshake);
    }

    /// {@return this with other application protocols (ALPN)} A server takes its first that the client offers too, and
    /// refuses a client that offers only others; a client that offers none is served without.
    /// @param protocols their names by preference, such as `h2`; none for no negotiation
    public Tls withProtocols(String... protocols) {
        return new Tls(certificates, trust, clientAuth, knownNamesOnly, List.of(protocols), handshake);
    }

    /// {@return this with other settings of the handshake}
    /// @param handshake what to offer, and what it may cost
    public Tls withHandshake(Handshake handshake) {
        requireNonNull(handshake, "handshake");
        return new Tls(certificates, trust, clientAuth, knownNamesOnly, protocols, handshake);
    }

    /// Speaks TLS on an accepted socket, as a server. The socket belongs to the result from now on.
    /// @param accepted a socket that nothing was read from
    /// @return the socket after the handshake, under the scope of the caller. Rejected with a [TlsException], or the
    ///     [NetException] that befell the connection; then it is closed. Cancelling it aborts the connection
    /// @throws IllegalStateException if this has no certificates
    /// @throws WrongThreadException if called from another thread than the loop's
    public Promise<TlsSocket> server(Socket accepted) {
        if (certificates == null) {
            throw new IllegalStateException("a server needs certificates: Tls.of(…)");
        }
        return Negotiation.start(this, requireNonNull(accepted, "accepted"), null);
    }

    /// Speaks TLS on a connected socket, as a client. The socket belongs to the result from now on.
    /// @param connected the socket; something may have been said on it before (STARTTLS)
    /// @param host the name or address of the server, which its certificate must have; the name is sent to it (SNI)
    /// @return as [#server]
    /// @throws IllegalArgumentException if `host` is empty
    /// @throws WrongThreadException if called from another thread than the loop's
    public Promise<TlsSocket> client(Socket connected, String host) {
        if (host.isEmpty()) {
            throw new IllegalArgumentException("host must not be empty");
        }
        return Negotiation.start(this, requireNonNull(connected, "connected"), host);
    }

    /// Connects to a server, and speaks TLS.
    /// @param loop whose thread the socket belongs to
    /// @param address the server; its certificate must have the name or address that this was made of
    /// @return as [#server]; or rejected as [Socket#connect(EventLoop, java.net.SocketAddress)]
    /// @throws WrongThreadException if called from another thread than the loop's
    public Promise<TlsSocket> connect(EventLoop loop, InetSocketAddress address) {
        String host = address.getHostString();
        return Socket.connect(loop, address).then(socket -> client(socket, host));
    }

    /// {@return what this side shows, if anything}
    public Optional<Certificates> certificates() {
        return Optional.ofNullable(certificates);
    }

    Trust trust() {
        return trust;
    }

    ClientAuth clientAuth() {
        return clientAuth;
    }

    boolean knownNamesOnly() {
        return knownNamesOnly;
    }

    List<String> protocols() {
        return protocols;
    }

    Handshake handshake() {
        return handshake;
    }

    Engines engines() {
        return engines;
    }

    /// {@return in a few words}
    @Override
    public String toString() {
        return "TLS with " + (certificates == null ? "no certificates" : certificates) + ", " + trust;
    }
}
