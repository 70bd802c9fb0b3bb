package dev.thrum.system;

import dev.thrum.promise.Promise;
import dev.thrum.promise.Resolver;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Writes one piece after the other to something that blocks.
///
/// Any thread may write. The lock guards the queue; it is held neither while something blocks nor while a promise settles.
final class SerialWriter {
    private final Pump.Steps steps;
    private final Target target;
    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<Piece> queue = new ArrayDeque<>(); // guarded by lock
    private boolean writing; // guarded by lock: a thread is inside the target, or about to be
    private boolean ended; // guarded by lock
    private @Nullable Throwable failure; // guarded by lock: no more is written after the first
    private long pending; // guarded by lock
    private long written; // guarded by lock

    /// Where the bytes go; used by one thread at a time.
    interface Target {
        /// Writes all of it.
        void write(ByteBuffer bytes) throws IOException;

        /// Called once, at the end.
        /// @param failure what went wrong while writing
        void close(@Nullable Throwable failure) throws IOException;
    }

    /// @param bytes null asks for the end
    /// @param aborting whether this is an end that does not mind what went wrong before
    private record Piece(@Nullable ByteBuffer bytes, int size, boolean aborting, Resolver<Long> resolver) {}

    SerialWriter(Pump.Steps steps, Target target) {
        this.steps = steps;
        this.target = target;
    }

    /// {@return how many bytes have been written with these}
    Promise<Long> write(ByteBuffer bytes) {
        Resolver<Long> resolver = Resolver.holding();
        var piece = new Piece(bytes, bytes.remaining(), false, resolver);
        Throwable refusal = add(piece);
        if (refusal != null) {
            resolver.reject(refusal);
        } else {
            resolver.onCancel(reason -> drop(piece));
        }
        return resolver.promise();
    }

    /// Closes the target behind what was written before. Asked for again it does nothing.
    /// @return how many bytes were written; rejected if any of them could not be
    Promise<Long> end() {
        return end(false);
    }

    /// Drops what waits, and closes the target. Behind an [#end] it still keeps the target from being closed in good order,
    /// if that has not begun.
    /// @param reason what the dropped pieces are rejected with
    /// @return how many bytes were written
    Promise<Long> abort(Throwable reason) {
        lock.lock();
        try {
            if (failure == null) {
                failure = reason;
            }
        } finally {
            lock.unlock();
        }
        return end(true);
    }

    private Promise<Long> end(boolean aborting) {
        Resolver<Long> resolver = Resolver.holding();
        if (add(new Piece(null, 0, aborting, resolver)) != null) {
            resolver.resolve(written());
        }
        return resolver.promise();
    }

    long pending() {
        lock.lock();
        try {
            return pending;
        } finally {
            lock.unlock();
        }
    }

    long written() {
        lock.lock();
        try {
            return written;
        } finally {
            lock.unlock();
        }
    }

    /// {@return why it was not added}
    private @Nullable Throwable add(Piece piece) {
        lock.lock();
        try {
            if (ended) {
                return new IOException("nothing can be written after the end: " + target);
            }
            if (failure != null && piece.bytes != null) {
                return failure;
            }
            ended = piece.bytes == null;
            queue.add(piece);
            pending += piece.size;
            if (writing) {
                return null;
            }
            writing = true;
        } finally {
            lock.unlock();
        }
        writeNext();
        return null;
    }

    private void drop(Piece piece) {
        lock.lock();
        try {
            if (queue.removeIf(each -> each == piece)) {
                pending -= piece.size;
            }
        } finally {
            lock.unlock();
        }
    }

    private void writeNext() {
        try {
            steps.proceed(this::writeOne);
        } catch (RejectedExecutionException e) {
            refuseAll(e);
        }
    }

    /// There is no thread any more. Closing is quick, and done here.
    private void refuseAll(RejectedExecutionException reason) {
        List<Piece> left;
        lock.lock();
        try {
            failure = failure == null ? reason : failure;
            writing = false;
            left = List.copyOf(queue);
            queue.clear();
        } finally {
            lock.unlock();
        }
        left.forEach(piece -> settle(piece, perform(piece, reason)));
    }

    // ---- on a thread that may block

    private void writeOne() {
        Piece piece;
        Throwable before;
        lock.lock();
        try {
            piece = queue.poll();
            before = failure;
            writing = piece != null;
        } finally {
            lock.unlock();
        }
        if (piece != null) {
            settle(piece, perform(piece, before));
        }
    }

    /// {@return what went wrong}
    private @Nullable Throwable perform(Piece piece, @Nullable Throwable before) {
        try {
            if (piece.bytes == null) {
                target.close(before);
                return piece.aborting ? null : before;
            }
            if (before == null) {
                target.write(piece.bytes);
            }
            return before;
        } catch (Throwable problem) {
            if (before == null || piece.aborting) {
                return problem;
            }
            if (problem != before) { // an exception takes no other along than another
                before.addSuppressed(problem);
            }
            return before;
        }
    }

    private void settle(Piece piece, @Nullable Throwable problem) {
        long total;
        boolean more;
        lock.lock();
        try {
            failure = failure == null ? problem : failure;
            pending -= piece.size;
            written += problem == null ? piece.size : 0;
            total = written;
            more = !queue.isEmpty();
            writing = more;
        } finally {
            lock.unlock();
        }
        if (more) {
            writeNext();
        }
        if (problem == null) {
            piece.resolver.resolve(total);
        } else {
            piece.resolver.reject(problem);
        }
    }
}
