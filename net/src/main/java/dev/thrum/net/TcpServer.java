package dev.thrum.net;

import dev.thrum.loop.EventLoop;
import dev.thrum.loop.Handle;
import java.io.UncheckedIOException;
import java.net.SocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// Listens at an address, and accepts connections.
///
/// ```java
/// TcpServer.listen(loop, new InetSocketAddress("127.0.0.1", 0), ListenConfig.DEFAULT, socket ->
///         socket.read(bytes -> socket.write(bytes)));
/// ```
///
/// Closing it stops accepting; open connections live on. When the system has no descriptor left for another connection,
/// the server says so, waits a little, and tries again. When the scope it was made under is cancelled, it closes, and its
/// connections, which live under the same scope, are aborted.
///
/// **Threads.** The loop's thread only; elsewhere every method throws [WrongThreadException], but for [#loop] and
/// [#address].
/// **Failure.** What the accept handler throws closes the connection it got. This, and a connection that could not be
/// accepted ([NetException.AcceptFailed]), goes to the handler of [#onError], else along the loop's error route.
///
/// The counterpart of cl-async's `tcp-server` and `pipe-server`.
public sealed interface TcpServer extends Handle permits ListeningServer {

    /// Listens at an address. A wildcard address of either family hears IPv4 and IPv6, unless the configuration says
    /// otherwise.
    /// @param loop whose thread the server and its connections belong to
    /// @param address a host and port, where port 0 means any that is free; or the path of a Unix socket, which must not
    ///     exist and is removed at the end
    /// @param config how to listen
    /// @param onAccept receives each connection, under the scope of the caller of this method
    /// @return the server, listening
    /// @throws UncheckedIOException if the address cannot be had; its cause is the [NetException]: `AddressInUse`, or
    ///     `Failed`
    /// @throws IllegalArgumentException if the configuration has an option that a listening socket does not
    /// @throws WrongThreadException if called from another thread than the loop's
    static TcpServer listen(
            EventLoop loop, SocketAddress address, ListenConfig config, Consumer<? super Socket> onAccept) {
        return listen(loop, address, config, () -> loop, onAccept);
    }

    /// Listens at an address, and hands connections to several loops.
    /// @param loop whose thread the server belongs to
    /// @param address as above
    /// @param config how to listen
    /// @param homes tells whose thread the next connection belongs to; asked on the server's loop, once for each. A loop that has ended
    ///     loses its connection
    /// @param onAccept receives each connection on the thread of its loop, under the scope of the caller of this method
    /// @return the server, listening
    /// @throws UncheckedIOException as above
    /// @throws IllegalArgumentException as above
    /// @throws WrongThreadException if called from another thread than the server's loop
    static TcpServer listen(
            EventLoop loop,
            SocketAddress address,
            ListenConfig config,
            Supplier<? extends EventLoop> homes,
            Consumer<? super Socket> onAccept) {
        return ListeningServer.listen(loop, address, config, homes, onAccept);
    }

    /// Listens on a channel that somebody else has bound, such as [System#inheritedChannel]. It belongs to the server from now on.
    /// @param loop whose thread the server belongs to
    /// @param listening a bound channel
    /// @param homes as above
    /// @param onAccept as above
    /// @return the server, listening
    /// @throws UncheckedIOException if the channel is closed; its cause is the [NetException]
    /// @throws IllegalArgumentException if it is not bound
    /// @throws WrongThreadException if called from another thread than the server's loop
    static TcpServer listen(
            EventLoop loop,
            ServerSocketChannel listening,
            Supplier<? extends EventLoop> homes,
            Consumer<? super Socket> onAccept) {
        return ListeningServer.listen(loop, listening, homes, onAccept);
    }

    /// {@return the address this listens at, with the port that port 0 became}
    SocketAddress address();

    /// {@return how many connections were accepted so far}
    long accepted();

    /// Leaves new connections to the backlog of the system until [#resumeAccepting]: for a server that has enough.
    void pauseAccepting();

    /// Goes on accepting, with what waits first.
    void resumeAccepting();

    /// Accepts what waits in the backlog, then closes: a system resets what waits there when the socket goes. As many are
    /// accepted as the backlog holds, whatever comes meanwhile; those pass [#pauseAccepting], too.
    void drain();

    /// Makes `handler` receive what goes wrong.
    /// @param handler runs under the scope of this server; what it throws goes along the loop's error route
    /// @return this server
    TcpServer onError(Consumer<? super Throwable> handler);
}
