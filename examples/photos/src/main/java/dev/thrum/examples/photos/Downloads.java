package dev.thrum.examples.photos;

import dev.thrum.http.BodyWriter;
import dev.thrum.http.HttpException;
import dev.thrum.http.Request;
import dev.thrum.http.Response;
import dev.thrum.kernel.Submitter;
import dev.thrum.promise.Promise;
import dev.thrum.scope.Scope;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/// Sends pictures from the store to clients, no faster than they take them.
///
/// **Threads.** The loops'; nothing blocks.
final class Downloads {
    private static final System.Logger LOG = System.getLogger(Downloads.class.getName());
    private static final int PIECE = 64 << 10;
    private static final String FOR_EVER = "private, max-age=31536000, immutable"; // a path never gets another picture

    private final PhotoStore store;
    private final Submitter files;

    Downloads(PhotoStore store, Submitter files) {
        this.store = store;
        this.files = files;
    }

    /// A file as far as it has been read.
    private record Opened(FileChannel file, long length, ByteBuffer start) {
        boolean isWhole() {
            return start.remaining() == length;
        }
    }

    /// Sends a photo in a size, or `original`; 404 if it is not there, 304 if the client has it.
    void send(Photo photo, String size, Request request, Response response) {
        boolean original = size.equals("original");
        String fileName = original ? photo.format().fileName() : thumbnail(photo, size);
        String tag = '"' + photo.id() + '-' + size + '"';
        response.header("ETag", tag).header("Cache-Control", FOR_EVER);
        if (request.header("If-None-Match").filter(tag::equals).isPresent()) {
            response.status(304).send();
            return;
        }
        response.header("Content-Type", original ? photo.format().contentType() : Format.JPEG.contentType())
                .header("X-Content-Type-Options", "nosniff");
        Answers.when(files.submit(() -> opened(store.read(photo.id(), fileName))), response, opened -> send(opened, response));
    }

    private static String thumbnail(Photo photo, String label) {
        return Size.find(label)
                .filter(photo.sizes()::contains)
                .orElseThrow(() -> new HttpException(404, "this photo is not there in this size"))
                .fileName();
    }

    private void send(Opened opened, Response response) {
        if (opened.isWhole()) {
            response.send(opened.start());
            return;
        }
        response.header("Content-Length", Long.toString(opened.length()));
        BodyWriter writer = response.start();
        copy(opened.file(), opened.start(), writer)
                .lastly(writer::finish) // too short a body has the connection aborted
                .lastly(() -> Scope.root().run(() -> files.execute(() -> close(opened.file()))))
                .recover(Throwable.class, reason -> report(reason));
    }

    private Promise<@Nullable Void> copy(FileChannel file, ByteBuffer piece, BodyWriter writer) {
        if (!piece.hasRemaining()) {
            return Promise.of(null);
        }
        return writer.write(piece)
                .then(_ -> files.submit(() -> read(file, piece.clear())))
                .then(next -> copy(file, next, writer));
    }

    private @Nullable Void report(Throwable reason) {
        if (!Scope.current().cancelled()) { // a client that went away is nothing special
            LOG.log(Level.WARNING, "a download was cut off", reason);
        }
        return null;
    }

    // ---- in the workers

    private static Opened opened(FileChannel file) throws IOException {
        try {
            long length = file.size();
            Opened opened = new Opened(file, length, read(file, ByteBuffer.allocate((int) Math.min(PIECE, length))));
            if (opened.isWhole()) {
                file.close();
            }
            return opened;
        } catch (Throwable problem) {
            file.close();
            throw problem;
        }
    }

    private static ByteBuffer read(FileChannel file, ByteBuffer piece) throws IOException {
        while (piece.hasRemaining() && file.read(piece) >= 0) {
            // until it is full, or the file ends
        }
        return piece.flip();
    }

    private static void close(FileChannel file) {
        try {
            file.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
