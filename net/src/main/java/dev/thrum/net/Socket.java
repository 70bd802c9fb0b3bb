package dev.thrum.net;

import dev.thrum.loop.EventLoop;
import dev.thrum.loop.Handle;
import dev.thrum.promise.Promise;
import dev.thrum.scope.Key;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A connection: two streams of bytes, one each way.
///
/// ```java
/// Socket.connect(loop, new InetSocketAddress("127.0.0.1", 7)).tap(socket -> {
///     socket.write(UTF_8.encode("hello"));
///     socket.read(bytes -> IO.println(UTF_8.decode(bytes)));
/// });
/// ```
///
/// **Reading** starts with the first [reader][#read]. **Writing** is gathered: what is written in a turn goes out at its
/// end. What the system does not take is kept, and [#pending] grows; a writer that respects [#writable] and [#onDrained]
/// keeps it below the high-water mark.
///
/// **Time.** [#timeouts] ends a socket on which nothing moves any more. Without it a silent peer is waited for for ever.
///
/// **Ending.** [#end] says that nothing more will be written; the peer may go on. [#close] flushes, then ends both ways.
/// [#abort] gives up at once. A socket closes itself when both sides have ended, and when something fails; when the scope
/// it was made under is cancelled, it is aborted. The reader
/// hears of the end exactly once, by [Reader#onClosed], whoever caused it; not from within the call that caused it.
///
/// **Threads.** The loop's thread only; elsewhere every method throws [WrongThreadException], but for [#loop], [#remote],
/// [#local], [#protocol] and [#isSecure].
/// **Failure.** What a reader throws goes along the loop's error route; the socket stays open. After the end of the
/// socket every write is refused through its promise, and everything else does nothing.
///
/// Other rooms make sockets of their own over one of these: what reads and writes need not know whether the bytes are
/// encrypted on their way.
///
/// The counterpart of cl-async's `socket`. An open socket keeps its loop alive.
public interface Socket extends Handle {

    /// How much may wait to be sent before [#writable] says no: 64 KiB. Below half of it, [#onDrained] runs.
    int HIGH_WATER = 64 * 1024;

    /// The most that [#reserve] gives: 32 KiB, so that a TLS record of any size fits.
    int MAX_RESERVE = 32 * 1024;

    /// Receives what the peer sends. Every callback runs under the scope the socket was made under.
    interface Reader {
        /// Bytes have come. They are valid during the call only; what is left unread is kept, and comes again in front of
        /// the bytes that arrive next.
        /// @param bytes what is there: a view of the loop's buffer, or of what was kept
        void onRead(ByteBuffer bytes);

        /// The peer has finished sending. Bytes left unread come no more.
        /// @param socket the socket
        default void onEnd(Socket socket) {
            socket.close();
        }

        /// The end of everything, exactly once.
        /// @param reason what went wrong; null after an orderly end
        default void onClosed(@Nullable IOException reason) {}
    }

    /// Connects to a server, within 30 seconds.
    /// @param loop whose thread the socket belongs to
    /// @param address a host and port, or the path of a Unix socket; an unresolved host is looked up without blocking the
    ///     loop
    /// @return the socket, under the scope of the caller. Rejected with [NetException.Refused], [NetException.Timeout],
    ///     [NetException.NotFound] or [NetException.Failed]; cancelling it gives the attempt up
    /// @throws WrongThreadException if called from another thread than the loop's
    static Promise<Socket> connect(EventLoop loop, SocketAddress address) {
        return connect(loop, address, ConnectConfig.DEFAULT);
    }

    /// Connects to a server.
    /// @param loop whose thread the socket belongs to
    /// @param address a host and port, or the path of a Unix socket; an unresolved host is looked up without blocking the
    ///     loop
    /// @param limit how long it may take
    /// @return the socket, under the scope of the caller. Rejected with [NetException.Refused], [NetException.Timeout],
    ///     [NetException.NotFound] or [NetException.Failed]; cancelling it gives the attempt up
    /// @throws IllegalArgumentException if `limit` is not positive
    /// @throws WrongThreadException if called from another thread than the loop's
    static Promise<Socket> connect(EventLoop loop, SocketAddress address, Duration limit) {
        return connect(loop, address, ConnectConfig.DEFAULT.withLimit(limit));
    }

    /// Connects to a server. The addresses of a host race (RFC 8305): the next begins when the one before has had its
    /// [moment][ConnectConfig#stagger], or has failed; IPv6 and IPv4 take turns, in the order of the JDK, which the system
    /// property `java.net.preferIPv6Addresses` decides; the first that stands is the connection.
    /// @param loop whose thread the socket belongs to
    /// @param address a host and port, or the path of a Unix socket; an unresolved host is looked up without blocking the
    ///     loop
    /// @param config how to connect
    /// @return the socket, under the scope of the caller. Rejected with [NetException.Refused], [NetException.Timeout],
    ///     [NetException.NotFound], [NetException.Unreachable] or [NetException.Failed]; with [NetException.Aborted] when
    ///     the scope of the caller is cancelled, or the loop ends; with [IllegalArgumentException] if there is no such
    ///     option. Cancelling it gives the attempt up
    /// @throws WrongThreadException if called from another thread than the loop's
    static Promise<Socket> connect(EventLoop loop, SocketAddress address, ConnectConfig config) {
        return Connector.connect(loop, address, config);
    }

    /// {@return the address of the peer}
    SocketAddress remote();

    /// {@return the address on this side}
    SocketAddress local();

    /// {@return the protocol that both sides agreed to speak on top of this, by its ALPN name, such as `h2`; empty if they
    /// did not say, as on every plain socket}
    default Optional<String> protocol() {
        return Optional.empty();
    }

    /// {@return whether nobody on the way can read or change the bytes, as TLS has it} False for every plain socket.
    default boolean isSecure() {
        return false;
    }

    /// {@return what was kept under `key`}
    /// @param <T> the type of the value
    /// @param key the key
    <T> Optional<T> get(Key<T> key);

    /// Keeps `value` with this socket, as long as the socket is reachable (cl-async's `socket-data`, by name).
    /// @param <T> the type of the value
    /// @param key the key
    /// @param value the value, which replaces a former one
    <T> void put(Key<T> key, T value);

    /// {@return the value of a socket option}
    /// @param <T> the type of the value
    /// @param name one of [java.net.StandardSocketOptions], or of `jdk.net.ExtendedSocketOptions`
    /// @throws IllegalArgumentException if this kind of socket has no such option
    /// @throws IllegalStateException after the end
    <T> T option(SocketOption<T> name);

    /// Sets a socket option, such as `SO_KEEPALIVE` or `SO_SNDBUF`. `TCP_NODELAY` is on from the start, since the writes
    /// of a turn leave together anyway. After the end it does nothing.
    /// @param <T> the type of the value
    /// @param name one of [java.net.StandardSocketOptions], or of `jdk.net.ExtendedSocketOptions`
    /// @param value the value
    /// @throws IllegalArgumentException if this kind of socket has no such option, or the option no such value
    /// @throws UncheckedIOException if the system refuses; its cause is the [NetException]
    <T> void option(SocketOption<T> name, T value);

    /// Ends this socket with [NetException.Timeout] when nothing moves for too long. The time for reading counts while the
    /// reader wants more, from the last bytes on; that for writing while bytes wait that the system does not take, from
    /// the last it took. It may be set again at any time, and then counts anew (cl-async's `set-socket-timeouts`).
    /// @param reading how long the peer may be silent; zero for as long as it likes, which is the default
    /// @param writing how long the peer may refuse to take what waits; zero for as long as it likes, the default
    /// @throws IllegalArgumentException if one of them is negative
    void timeouts(Duration reading, Duration writing);

    /// Sets who reads. Reading starts with the first reader; a later one replaces it from the next callback on, and gets
    /// what was left unread. A reader set after the end hears [Reader#onClosed] if nobody has.
    /// @param reader receives what the peer sends
    void read(Reader reader);

    /// Stops reading until [#resumeReading], so that the peer has to wait. Counts from the next callback on.
    void pauseReading();

    /// Goes on reading. What was kept unread is delivered too, in this turn but not from within this call.
    void resumeReading();

    /// {@return room for at least `bytes` in the loop's write buffer} Valid until [#commit], for which only what was put
    /// counts; between the two nothing else may be written on this loop.
    /// @param bytes how much room is needed, 0 to [#MAX_RESERVE]
    /// @throws IllegalArgumentException if `bytes` is out of that range
    ByteBuffer reserve(int bytes);

    /// What was put since [#reserve] is to be sent, at the end of this turn or when the buffer is full.
    void commit();

    /// Sends bytes, behind everything before. They may be reused when this returns.
    /// @param bytes any number; taken entirely
    /// @return this socket, once the system has everything up to here. Rejected with a [NetException] if the connection
    ///     ends before
    Promise<Socket> write(ByteBuffer bytes);

    /// Sends a part of a file, behind everything before. A plain socket hands it to the system (`sendfile`), without a copy
    /// in this process; others read it piece by piece. Either way it goes at the peer's pace, and a share at a time, so that
    /// other sockets get their turn. What the system has not got in memory is read from the disk meanwhile, on the loop's
    /// thread, as nginx does; the system reads ahead.
    ///
    /// Until the promise is settled, nothing else may be written, and [#onDrained] is not for others. The file stays yours to close, after that.
    /// @param file open for reading; its own position is left alone
    /// @param position where the part begins
    /// @param count how many bytes it has
    /// @return this socket, once the system has everything. Rejected with a [NetException] if the connection ends before;
    ///     with another [IOException] if the file is shorter, closed, or cannot be read: then the connection is aborted
    /// @throws IllegalArgumentException if `position` or `count` is negative
    /// @throws IllegalStateException if a file is being sent already
    default Promise<Socket> write(FileChannel file, long position, long count) {
        if (position < 0 || count < 0) {
            throw new IllegalArgumentException("position and count must not be negative: " + position + ", " + count);
        }
        return FileCopy.start(this, file, position, count);
    }

    /// {@return how many bytes the system has not taken yet}
    long pending();

    /// {@return whether less than [#HIGH_WATER] waits to be sent}
    boolean writable();

    /// Runs `action` once, when less than half of [#HIGH_WATER] waits to be sent: in this turn if that is so already. It
    /// runs when the socket ends, too: then [#isOpen] is false. A second call replaces the first action.
    /// @param action runs under the scope of the socket
    void onDrained(Runnable action);

    /// Says that nothing more will be written: sends what waits, then tells the peer (a half-close). Idempotent.
    void end();

    /// Sends what waits, then ends the connection. Reading stops at once. Idempotent.
    @Override
    void close();

    /// Ends the connection now, and drops what waits; a TCP peer sees a reset. [Reader#onClosed] gets
    /// [NetException.Aborted].
    void abort();
}
