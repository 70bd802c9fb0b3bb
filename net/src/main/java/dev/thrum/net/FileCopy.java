package dev.thrum.net;

import dev.thrum.promise.Promise;
import dev.thrum.promise.Resolver;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/// Sends a part of a file over a socket that cannot hand it to the system: piece by piece, while the socket takes them.
///
/// Loop thread only.
final class FileCopy {
    private static final int PIECE = 16 * 1024; // a TLS record

    private final Socket socket;
    private final FileChannel file;
    private final Resolver<Socket> whenSent = Resolver.create();
    private final ByteBuffer piece = ByteBuffer.allocate(PIECE);
    private long position;
    private long remaining;

    private FileCopy(Socket socket, FileChannel file, long position, long count) {
        this.socket = socket;
        this.file = file;
        this.position = position;
        this.remaining = count;
    }

    static Promise<Socket> start(Socket socket, FileChannel file, long position, long count) {
        var copy = new FileCopy(socket, file, position, count);
        copy.goOn();
        return copy.whenSent.promise();
    }

    private void goOn() {
        try {
            while (remaining > 0 && socket.writable()) {
                socket.write(next()).recover(IOException.class, ended -> socket); // the last write tells
            }
        } catch (IOException e) {
            socket.abort();
            whenSent.reject(e);
            return;
        }
        if (remaining == 0 || !socket.isOpen()) {
            whenSent.follow(socket.write(ByteBuffer.allocate(0)));
        } else {
            socket.onDrained(this::goOn);
        }
    }

    private ByteBuffer next() throws IOException {
        piece.clear().limit((int) Math.min(remaining, PIECE));
        int count = file.read(piece, position);
        if (count < 0) {
            throw new EOFException("the file ends " + remaining + " bytes before the end of what is to be sent");
        }
        position += count;
        remaining -= count;
        return piece.flip();
    }
}
