package dev.thrum.http;

import dev.thrum.net.Buffered;
import dev.thrum.net.Socket;
import dev.thrum.promise.Promise;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// The way out of a connection, as its exchanges see it: bytes to the socket, and what they ask of those above. A part of the
/// connection, rather than an object of its own. Loop thread only, but for [#onLoop] and [#isHere].
abstract sealed class Outlet permits Connection {
    final Http1 http;
    final Socket socket;
    private long written;
    private @Nullable WriteStall stall; // while a client is looked at that has not taken everything

    Outlet(Http1 http, Socket socket) {
        this.http = http;
        this.socket = socket;
    }

    // ---- bytes

    /// Ends the connection for `problem`.
    abstract void abort(Throwable problem);

    /// Looks whether the client lets too much wait, all others of the loop included.
    private void checkMemory() {
        if (http.memory() < Buffered.of(http.loop()).bytes() && socket.pending() > 0) {
            abort(new IOException("the client does not take its answers, and too much waits for all (limit memory)"));
        }
    }

    boolean isWritable() {
        return socket.writable();
    }

    Promise<Socket> write(FileBody body) {
        handed(body.length());
        return socket.write(body.file(), body.position(), body.length());
    }

    void write(ByteBuffer bytes) {
        int size = bytes.remaining();
        if (!socket.writable()) {
            checkMemory();
        }
        handed(size);
        if (size <= Socket.MAX_RESERVE) {
            socket.reserve(size).put(bytes);
            socket.commit();
        } else {
            socket.write(bytes).recover(IOException.class, problem -> socket); // onClosed tells
            checkMemory();
        }
    }

    void write(HeadEncoder head, @Nullable ByteBuffer content) {
        int size = head.length() + (content == null ? 0 : content.remaining());
        if (size > Socket.MAX_RESERVE) {
            write(ByteBuffer.wrap(head.bytes(), 0, head.length()));
            if (content != null) {
                write(content);
            }
            return;
        }
        if (!socket.writable()) {
            checkMemory();
        }
        handed(size);
        ByteBuffer room = socket.reserve(size).put(head.bytes(), 0, head.length());
        if (content != null) {
            room.put(content);
        }
        socket.commit();
    }

    /// {@return how many bytes were handed to the socket}
    long written() {
        return written;
    }

    private void handed(long bytes) {
        written += bytes;
        if (stall != null) {
            stall.handed(bytes);
        }
    }

    /// {@return whether the client has taken too little for too long, of what waits for it}
    boolean stalls(long now) {
        long pending = socket.pending();
        if (pending == 0) {
            stall = null;
            return false;
        }
        if (stall == null) {
            long pace = limits().bodyRate() * http.timeouts().write().toSeconds();
            stall = new WriteStall(pending, Math.max(1, pace), now);
        }
        return stall.lasts(pending, now, http.timeouts().write().toNanos());
    }

    // ---- what exchanges ask

    Limits limits() {
        return http.limits();
    }

    Service service() {
        return http.service();
    }

    HeadEncoder encoder() {
        return http.encoder();
    }

    byte[] date() {
        return http.date();
    }

    SocketAddress remote() {
        return socket.remote();
    }

    boolean isHere() {
        return http.loop().isHere();
    }

    boolean onLoop(Runnable action) {
        if (isHere()) {
            action.run();
            return true;
        }
        return http.loop().post(action);
    }
}
