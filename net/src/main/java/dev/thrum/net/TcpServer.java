package dev.thrum.net;

import dev.thrum.loop.EventLoop;
import dev.thrum.loop.Handle;
import java.io.UncheckedIOException;
import java.net.SocketAddress;
import java.util.function.Consumer;

/// Listens at an address, and accepts connections.
///
/// ```java
/// TcpServer.listen(loop, new InetSocketAddress("127.0.0.1", 0), ListenConfig.DEFAULT, socket ->
///         socket.read(bytes -> socket.write(bytes)));
/// ```
///
/// Closing it stops accepting; open connections live on. When the system has no descriptor left for another connection,
/// the server waits a little, and tries again.
///
/// **Threads.** The loop's thread only.
/// **Failure.** What the accept handler throws closes the connection it got, and goes along the loop's error route.
///
/// The counterpart of cl-async's `tcp-server` and `pipe-server`.
public sealed interface TcpServer extends Handle permits ListeningServer {

    /// Listens at an address.
    /// @param loop whose thread the server and its connections belong to
    /// @param address a host and port, where port 0 means any that is free; or the path of a Unix socket, which must not
    ///     exist and is removed at the end
    /// @param config how to listen
    /// @param onAccept receives each connection, under the scope of the caller of this method
    /// @return the server, listening
    /// @throws UncheckedIOException if the address cannot be had; its cause is the [NetException]: `AddressInUse`, or
    ///     `Failed`
    /// @throws WrongThreadException if called from another thread than the loop's
    static TcpServer listen(
            EventLoop loop, SocketAddress address, ListenConfig config, Consumer<? super Socket> onAccept) {
        return ListeningServer.listen(loop, address, config, onAccept);
    }

    /// {@return the address this listens at, with the port that port 0 became}
    SocketAddress address();

    /// {@return how many connections were accepted so far}
    long accepted();
}
