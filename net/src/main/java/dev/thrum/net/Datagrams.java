package dev.thrum.net;

import dev.thrum.loop.EventLoop;
import dev.thrum.loop.Handle;
import dev.thrum.promise.Promise;
import dev.thrum.scope.Registration;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A UDP socket: sends and receives datagrams.
///
/// ```java
/// Datagrams echo = Datagrams.open(loop, new InetSocketAddress("127.0.0.1", 7));
/// echo.receive((bytes, sender) -> echo.send(bytes, sender));
/// ```
///
/// A datagram is at most [#MAX_SIZE] bytes. It arrives whole or not at all: the loop's buffer has room for the largest, so
/// nothing is ever cut off. Whether it arrives, once, twice, or behind a later one, is up to the network.
///
/// **Connected**, by [#connect], it hears its peer alone, and hears that nobody receives there ([NetException.Refused], at
/// the receiver or at the next send). Unconnected, the system does not tell.
///
/// **Threads.** The loop's thread only; elsewhere every method throws [WrongThreadException], but for [#loop] and [#local].
/// **Failure.** What a receiver throws goes along the loop's error route; the socket stays open. When the scope it was made
/// under is cancelled, it closes.
///
/// cl-async has no counterpart. An open socket keeps its loop alive.
public sealed interface Datagrams extends Handle permits DatagramPort {

    /// The most that a datagram carries over IPv4: 65,507 bytes.
    int MAX_SIZE = 65_507;

    /// How many bytes may wait for the system to take them: 256 KiB. A datagram beyond is not sent.
    int HIGH_WATER = 256 * 1024;

    /// Receives what others send. Every callback runs under the scope the socket was made under.
    @FunctionalInterface
    interface Receiver {
        /// A datagram has come.
        /// @param bytes what it carries, whole, none being possible: a view of the loop's buffer, valid during the call only
        /// @param sender who sent it
        void onDatagram(ByteBuffer bytes, InetSocketAddress sender);

        /// The system has bad news, such as that nobody receives at the peer's port. The socket stays open. Unless
        /// overridden, the problem goes along the loop's error route.
        /// @param problem what it says
        default void onError(NetException problem) {
            throw new UncheckedIOException(problem.getMessage(), problem);
        }
    }

    /// Opens a socket.
    /// @param loop whose thread it belongs to
    /// @param local the address on this side, where port 0 means any that is free; a wildcard address hears IPv4 and IPv6
    /// @return the socket, which does not receive yet
    /// @throws UncheckedIOException if the address cannot be had; its cause is the [NetException]: `AddressInUse`, or
    ///     `Failed`
    /// @throws WrongThreadException if called from another thread than the loop's
    static Datagrams open(EventLoop loop, InetSocketAddress local) {
        return open(loop, local, DatagramConfig.DEFAULT);
    }

    /// Opens a socket.
    /// @param loop whose thread it belongs to
    /// @param local the address on this side, where port 0 means any that is free
    /// @param config how to open it
    /// @return the socket, which does not receive yet
    /// @throws UncheckedIOException if the address cannot be had; its cause is the [NetException]: `AddressInUse`, or
    ///     `Failed`
    /// @throws IllegalArgumentException if the configuration has an option that such a socket does not
    /// @throws WrongThreadException if called from another thread than the loop's
    static Datagrams open(EventLoop loop, InetSocketAddress local, DatagramConfig config) {
        return DatagramPort.open(loop, local, config);
    }

    /// {@return the address on this side, with the port that port 0 became}
    InetSocketAddress local();

    /// {@return the peer this is connected to}
    Optional<InetSocketAddress> peer();

    /// From now on sends to one peer, and hears it alone. What others sent before may still arrive.
    /// @param peer the peer, in place of a former one
    /// @throws UncheckedIOException if there is no way to it; its cause is the [NetException]
    void connect(InetSocketAddress peer);

    /// Sets who receives. Receiving starts with the first receiver; a later one replaces it.
    /// @param receiver receives what others send
    void receive(Receiver receiver);

    /// Leaves datagrams to the system until [#resumeReceiving]; what its buffer does not hold is lost.
    void pauseReceiving();

    /// Goes on receiving.
    void resumeReceiving();

    /// Sends a datagram to the peer this is connected to. The bytes may be reused when this returns.
    /// @param bytes what it carries; taken entirely
    /// @return this socket, once the system has the datagram. Rejected with [NetException.Refused] if the system knows that
    ///     nobody receives, with [NetException.Failed] if it is too large or too much waits already, with
    ///     [NetException.Aborted] if the socket is closed before
    /// @throws IllegalStateException if this is not connected
    Promise<Datagrams> send(ByteBuffer bytes);

    /// Sends a datagram. The bytes may be reused when this returns.
    /// @param bytes what it carries; taken entirely
    /// @param to who shall receive it: an address, not a name; a broadcast address only with the option `SO_BROADCAST`
    /// @return as of [#send(ByteBuffer)]
    /// @throws IllegalArgumentException if `to` is unresolved, or another than the peer this is connected to
    Promise<Datagrams> send(ByteBuffer bytes, InetSocketAddress to);

    /// {@return how many bytes wait for the system to take them}
    long pending();

    /// Joins a multicast group: what is sent to it arrives here.
    /// @param group the group's address
    /// @param on the interface to receive on
    /// @param source whose datagrams alone are wanted, or null for everybody's
    /// @return leaves the group, on the loop's thread or any other
    /// @throws IllegalArgumentException if `group` is no multicast address, or not of the family of this socket
    /// @throws IllegalStateException if it is joined already in another way
    /// @throws UncheckedIOException if the system refuses; its cause is the [NetException]
    Registration join(InetAddress group, NetworkInterface on, @Nullable InetAddress source);

    /// {@return the value of a socket option}
    /// @param <T> the type of the value
    /// @param name one of [java.net.StandardSocketOptions], or of `jdk.net.ExtendedSocketOptions`
    /// @throws IllegalArgumentException if there is no such option here
    /// @throws IllegalStateException after the end
    <T> T option(SocketOption<T> name);

    /// Sets a socket option, such as `SO_BROADCAST` or `IP_MULTICAST_TTL`. After the end it does nothing.
    /// @param <T> the type of the value
    /// @param name one of [java.net.StandardSocketOptions], or of `jdk.net.ExtendedSocketOptions`
    /// @param value the value
    /// @throws IllegalArgumentException if there is no such option here, or no such value
    /// @throws UncheckedIOException if the system refuses; its cause is the [NetException]
    <T> void option(SocketOption<T> name, T value);
}
