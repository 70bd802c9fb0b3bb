package dev.thrum.net;

import dev.thrum.promise.Promise;
import dev.thrum.promise.Resolver;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Deque;

/// What a connection has still to send beyond the loop's write buffer, and who waits for it to be sent. A connection has
/// one only while there is such a thing.
///
/// Loop thread only.
final class Outbox {
    private static final int CHUNK = 8 * 1024; // the least that is allocated
    private static final int SLICE = 64 * 1024; // the most that is written at once, since the JDK copies it

    private final Buffered buffered;
    private final Deque<ByteBuffer> chunks = new ArrayDeque<>(); // from position to limit: to be sent
    private final Deque<Waiter> waiters = new ArrayDeque<>();
    private long kept; // bytes in the chunks
    private long sent; // bytes of the connection, since this was made

    private record Waiter(long upTo, Resolver<Socket> resolver) {}

    Outbox(Buffered buffered) {
        this.buffered = buffered;
    }

    /// The system has taken bytes from the connection.
    void sent(long bytes) {
        sent += bytes;
    }

    /// {@return what is fulfilled once everything so far is sent}
    /// @param pending how much that is
    Promise<Socket> whenSent(long pending) {
        Resolver<Socket> resolver = Resolver.create();
        waiters.add(new Waiter(sent + pending, resolver));
        return resolver.promise();
    }

    /// Keeps what the system did not take.
    void keep(ByteBuffer rest) {
        int size = rest.remaining();
        ByteBuffer last = chunks.peekLast();
        if (last == null || last.capacity() - last.limit() < size) {
            last = ByteBuffer.allocate(Math.max(size, CHUNK)).limit(0);
            chunks.add(last);
            buffered.add(last.capacity());
        }
        int end = last.limit();
        last.limit(end + size).put(end, rest, rest.position(), size);
        rest.position(rest.limit());
        kept += size;
    }

    /// Hands to the system what it takes.
    void flush(SocketChannel channel) throws IOException {
        for (ByteBuffer chunk = chunks.peek(); chunk != null; chunk = chunks.peek()) {
            int end = chunk.limit();
            chunk.limit(Math.min(end, chunk.position() + SLICE));
            int taken;
            try {
                taken = channel.write(chunk);
            } finally {
                chunk.limit(end);
            }
            kept -= taken;
            sent += taken;
            if (chunk.hasRemaining() && taken < SLICE) {
                return;
            }
            if (!chunk.hasRemaining()) {
                chunks.remove();
                buffered.add(-chunk.capacity());
            }
        }
    }

    /// Drops what is kept: the connection is closed.
    void drop() {
        for (ByteBuffer chunk = chunks.poll(); chunk != null; chunk = chunks.poll()) {
            buffered.add(-chunk.capacity());
        }
        kept = 0;
    }

    long kept() {
        return kept;
    }

    /// {@return whether there is something to do for [#settle]}
    boolean hasSettled() {
        Waiter first = waiters.peek();
        return first != null && first.upTo <= sent;
    }

    /// Fulfils the promises of what is sent. Runs user code.
    void settle(Socket socket) {
        while (hasSettled()) {
            waiters.remove().resolver.resolve(socket);
        }
    }

    /// Rejects the promises of what is not sent. Runs user code.
    void fail(Throwable reason) {
        for (Waiter waiter = waiters.poll(); waiter != null; waiter = waiters.poll()) {
            waiter.resolver.reject(reason);
        }
    }

    /// {@return whether nothing is kept and nobody waits}
    boolean isIdle() {
        return kept == 0 && waiters.isEmpty();
    }
}
