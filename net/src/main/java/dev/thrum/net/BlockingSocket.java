package dev.thrum.net;

import static java.util.Objects.requireNonNull;

import dev.thrum.loop.EventLoop;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;

/// A socket as two blocking streams, for virtual threads and for libraries that know nothing else.
///
/// ```java
/// TcpServer.listen(loop, address, ListenConfig.DEFAULT, socket -> {
///     BlockingSocket view = BlockingSocket.of(socket);
///     Thread.startVirtualThread(() -> talk(view.in(), view.out()));
/// });
/// ```
///
/// The loop goes on doing the work; the streams hold no more than [Socket#HIGH_WATER] bytes and one piece each way. A thread
/// that does not read makes the peer wait; a peer that does not read makes the writing thread wait.
///
/// **Interrupts.** A thread that is interrupted while it waits gets an [InterruptedIOException], with the interrupt flag set
/// again; `bytesTransferred` says how much of a write was taken. Nothing is lost, and the socket stays open.
/// **Ending.** The peer's end is the end of the input stream. Closing the output stream waits as a flush does and then tells
/// the peer (a half-close); closing the input stream drops what still comes. [#close] ends both ways without waiting for the
/// peer, and so does the end of the socket, whoever causes it: threads that wait get a [NetException].
/// Time limits are the socket's own [Socket#timeouts].
///
/// **Threads.** [#of] on the loop's thread. Else any thread but the loop's, where waiting methods throw
/// [WrongThreadException]; one thread a direction at a time.
///
/// The counterpart of cl-async's `async-io-stream`.
public final class BlockingSocket implements AutoCloseable {
    private final Socket socket;
    private final BlockingInput in;
    private final BlockingOutput out;

    private BlockingSocket(Socket socket) {
        this.socket = requireNonNull(socket, "socket");
        this.in = new BlockingInput(socket);
        this.out = new BlockingOutput(socket);
    }

    /// {@return a view of a socket, whose reader it becomes}
    /// @param socket a socket that nobody else reads from, or writes to, from now on
    /// @throws WrongThreadException if called from another thread than the loop's
    public static BlockingSocket of(Socket socket) {
        var view = new BlockingSocket(socket);
        socket.read(view.in);
        return view;
    }

    /// {@return what the peer sends} Reading blocks until there is something.
    public InputStream in() {
        return in;
    }

    /// {@return the way to the peer} Writing blocks while too much waits to be sent; flushing until the system has all.
    public OutputStream out() {
        return out;
    }

    /// {@return the socket, whose methods belong to its loop's thread}
    public Socket socket() {
        return socket;
    }

    /// Sends what waits, then ends the connection, without waiting for either. Idempotent; from any thread.
    @Override
    public void close() {
        if (!socket.loop().post(socket::close)) {
            in.close(); // the loop has ended, and its sockets with it
        }
    }

    static void checkMayWait(EventLoop loop) {
        if (loop.isHere()) {
            throw new WrongThreadException(
                    loop + " would wait for itself on thread '" + Thread.currentThread().getName() + "'");
        }
    }

    static InterruptedIOException interrupted(int taken) {
        Thread.currentThread().interrupt();
        var problem = new InterruptedIOException("interrupted while waiting for the connection");
        problem.bytesTransferred = taken;
        return problem;
    }
}
