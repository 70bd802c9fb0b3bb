package dev.thrum.net;

import static java.util.Objects.requireNonNull;

import dev.thrum.promise.Promise;
import dev.thrum.promise.Resolver;
import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/// A part of a file on its way out of a connection, and who waits for it.
///
/// Loop thread only.
final class FileRegion {
    private static final int SHARE = 512 * 1024; // the most that is sent in a turn, so that others get their turn, too

    private final FileChannel file;
    private final Resolver<Socket> whenSent = Resolver.create();
    private long position;
    private long remaining;
    private @Nullable IOException problem; // of the file

    /// @throws IllegalArgumentException if one of the numbers is negative
    FileRegion(FileChannel file, long position, long count) {
        this.file = file;
        this.position = checked("position", position);
        this.remaining = checked("count", count);
    }

    private static long checked(String name, long number) {
        if (number < 0) {
            throw new IllegalArgumentException(name + " must not be negative: " + number);
        }
        return number;
    }

    Promise<Socket> whenSent() {
        return whenSent.promise();
    }

    long remaining() {
        return remaining;
    }

    /// {@return whether nothing more will be sent}
    boolean isOver() {
        return remaining == 0 || problem != null;
    }

    /// Hands to the system what it takes of one share.
    /// @return false if the file does not give what it should
    /// @throws IOException if the connection is broken
    boolean send(SocketChannel channel) throws IOException {
        try {
            long taken = file.transferTo(position, Math.min(remaining, SHARE), channel);
            if (taken == 0 && position >= file.size()) {
                throw new EOFException("the file ends " + remaining + " bytes before the end of what is to be sent");
            }
            position += taken;
            remaining -= taken;
            return true;
        } catch (IOException e) {
            if (file.isOpen() && !(e instanceof EOFException)) {
                throw e;
            }
            problem = e;
            return false;
        }
    }

    /// {@return what is wrong with the file}
    IOException problem() {
        return requireNonNull(problem);
    }

    /// Tells whoever waits how it ended. Runs user code.
    void settle(Connection connection) {
        if (problem != null) {
            whenSent.reject(problem);
        } else if (remaining > 0) {
            whenSent.reject(connection.refusal());
        } else {
            whenSent.resolve(connection);
        }
    }
}
