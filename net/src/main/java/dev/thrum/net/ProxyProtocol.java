package dev.thrum.net;

import static java.util.Objects.requireNonNull;

import dev.thrum.loop.EventLoop;
import dev.thrum.promise.Promise;
import dev.thrum.promise.Resolver;
import dev.thrum.scope.Registration;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Takes from proxies whose connections they hand on (PROXY protocol, versions 1 and 2): afterwards [Socket#remote] is the client, and
/// [Socket#local] where it has connected to.
///
/// ```java
/// ProxyProtocol proxies = ProxyProtocol.trusting("10.0.0.0/8", "unix");
/// TcpServer.listen(loop, address, config, socket -> proxies.accept(socket).tap(known -> serve(known)));
/// ```
///
/// A proxy that is trusted has to begin with a header: 107 bytes at most in version 1, 4096 in version 2. Where it speaks for itself
/// (`LOCAL`), or does not know (`UNKNOWN`), the addresses stay those of the connection. Extras are skipped, but a checksum
/// (CRC32c) has to fit. Who is not trusted may not send a header, and else is a client like any other. Anything else ends the connection,
/// without an answer.
///
/// **Threads.** Immutable. [#accept] belongs to the thread of the socket's loop.
public final class ProxyProtocol {
    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final Duration LONGEST = Duration.ofDays(1);

    private final List<Network> trusted;
    private final Duration limit;

    private ProxyProtocol(List<Network> trusted, Duration limit) {
        this.trusted = trusted;
        this.limit = limit;
    }

    /// {@return the protocol for some proxies, which have five seconds for their header}
    /// @param network of proxies, as [Network#of] takes it: `10.0.0.0/8`, `::1`, `unix`
    /// @param more others
    /// @throws IllegalArgumentException if one is no network
    public static ProxyProtocol trusting(String network, String... more) {
        return new ProxyProtocol(Network.all(network, more), LIMIT);
    }

    /// {@return this with another limit of time}
    /// @param limit how long the header may take, a millisecond to a day
    /// @throws IllegalArgumentException if it is out of that range
    public ProxyProtocol withLimit(Duration limit) {
        if (requireNonNull(limit, "limit").toMillis() < 1 || limit.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("limit must be a millisecond to a day: " + limit);
        }
        return new ProxyProtocol(trusted, limit);
    }

    /// {@return whether a peer is a proxy that is believed}
    /// @param peer the address of the other side of a connection
    public boolean trusts(SocketAddress peer) {
        return trusted.stream().anyMatch(network -> network.contains(peer));
    }

    /// Reads the header of a connection. The socket belongs to the result from now on.
    /// @param accepted a socket from a [TcpServer] that nothing was read from
    /// @return the same socket, behind the header. Rejected with a [NetException], after the connection was aborted, when there is no header
    ///     where one must be, or one where none may be, or it is malformed, or too slow, or when the connection ends
    /// @throws IllegalArgumentException if the socket is not from a `TcpServer`
    /// @throws WrongThreadException if called from another thread than the loop's
    public Promise<Socket> accept(Socket accepted) {
        if (!(requireNonNull(accepted, "accepted") instanceof Connection connection)) {
            throw new IllegalArgumentException("the socket must be from a TcpServer: " + accepted);
        }
        var reading = new Reading(connection, trusts(accepted.remote()), limit);
        accepted.read(reading);
        return reading.resolver.promise();
    }

    /// The wait for a header. Loop thread only.
    private static final class Reading implements Socket.Reader {
        private final Connection connection;
        private final boolean trusted;
        private final Resolver<Socket> resolver = Resolver.create();
        private final Registration deadline;

        Reading(Connection connection, boolean trusted, Duration limit) {
            EventLoop loop = connection.loop();
            this.connection = connection;
            this.trusted = trusted;
            this.deadline = loop.schedule(limit, () -> refuse("no PROXY header within " + limit));
            this.resolver.onCancel(_ -> loop.post(connection::abort));
        }

        @Override
        public void onRead(ByteBuffer bytes) {
            try {
                ProxyHeader header = trusted ? ProxyHeader.parse(bytes) : null;
                if (header != null) {
                    bytes.position(bytes.position() + header.length());
                    if (header.source() != null && header.destination() != null) {
                        connection.speakFor(header.source(), header.destination());
                    }
                    done();
                } else if (!trusted && ProxyHeader.isSigned(bytes)) {
                    refuse("a PROXY header from a peer that is not trusted");
                } else if (!trusted && !ProxyHeader.mayBegin(bytes)) {
                    done();
                }
            } catch (IOException problem) {
                refuse(String.valueOf(problem.getMessage()));
            }
        }

        private void done() {
            deadline.close();
            connection.forgetReader(); // what is left is for the next one
            if (!resolver.resolve(connection)) {
                connection.abort();
            }
        }

        private void refuse(String problem) {
            deadline.close();
            resolver.reject(new NetException.Failed(problem + ": " + connection.where(), null));
            connection.abort();
        }

        @Override
        public void onClosed(@Nullable IOException reason) {
            deadline.close();
            resolver.reject(reason != null
                    ? reason
                    : new NetException.Eof("the connection ended before its PROXY header: " + connection.where(), null));
        }
    }
}
