package dev.thrum.examples.photos;

import dev.thrum.http.BodySink;
import dev.thrum.http.HttpException;
import dev.thrum.http.Request;
import dev.thrum.kernel.Kernel;
import dev.thrum.kernel.Priority;
import dev.thrum.kernel.Submitter;
import dev.thrum.kernel.Task;
import dev.thrum.promise.Promise;
import dev.thrum.scope.Home;
import dev.thrum.scope.Scope;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// Takes pictures from clients into the store.
///
/// **Threads.** The loops'; nothing blocks.
/// **Failure.** Whatever ends an upload (a client that goes away, a corrupt picture, a killed job, a full disk) leaves
/// nothing behind.
final class Uploads {
    private final PhotoStore store;
    private final Gallery gallery;
    private final Submitter files;
    private final Submitter thumbnails;

    Uploads(PhotoStore store, Gallery gallery, Submitter files, Kernel jobs) {
        this.store = store;
        this.gallery = gallery;
        this.files = files;
        this.thumbnails = jobs.in("thumbnail").at(Priority.LOW);
    }

    /// {@return the photo, when it is there for good, with its thumbnails} Rejected with an [HttpException] of 413 if it is
    /// too long and 415 if its bytes are not of `format`, with a [BadPictureException] if it is corrupt, and with a
    /// [dev.thrum.kernel.TaskKilledException] if its job was killed.
    Promise<Photo> receive(Request request, Format format) {
        return anyway().call(() -> files.submit(() -> store.create(format))).then(draft -> receive(request, draft));
    }

    private Promise<Photo> receive(Request request, Draft draft) {
        return request.stream(new Sink(draft))
                .then(bytes -> files.submit(() -> seal(draft, bytes)))
                .then(_ -> thumbnails.submit(() -> makeThumbnails(draft)))
                .then(_ -> anyway().call(() -> files.submit(() -> commit(draft))))
                .lastly(() -> discardUnlessComplete(draft));
    }

    private void discardUnlessComplete(Draft draft) {
        if (gallery.find(draft.id()).filter(Photo::complete).isEmpty()) {
            gallery.remove(draft.id());
            anyway().run(() -> files.execute(() -> discard(draft)));
        }
    }

    /// {@return the current scope, deaf to cancellation: for what must be done, or undone, though the client is gone}
    private static Scope anyway() {
        return Scope.root().at(Home.current());
    }

    // ---- in the workers

    private @Nullable Void seal(Draft draft, long bytes) throws IOException, BadPictureException {
        if (bytes == 0) {
            throw new BadPictureException("the body is empty");
        }
        draft.seal();
        gallery.add(Photo.received(draft.id(), draft.format(), bytes));
        return null;
    }

    private @Nullable Void makeThumbnails(Draft draft) throws IOException, BadPictureException {
        Thumbnails.make(draft.original(), draft.format(), Scratch.OF_WORKER.get(), new Thumbnails.Receiver() {
            @Override
            public void pixels(int width, int height) {
                gallery.update(draft.id(), photo -> photo.withPixels(width, height));
            }

            @Override
            public void thumbnail(Size size, byte[] jpeg) throws IOException {
                Task.checkpoint(); // an interrupted decoder hands out half a picture
                draft.save(size, jpeg);
                gallery.update(draft.id(), photo -> photo.withThumbnail(size));
            }
        });
        return null;
    }

    private Photo commit(Draft draft) throws IOException {
        Photo photo = gallery.find(draft.id()).orElseThrow().completed();
        draft.commit(photo);
        gallery.add(photo);
        return photo;
    }

    private void discard(Draft draft) {
        try {
            draft.discard();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    // ---- on the loop

    /// Writes a body into a draft, piece by piece.
    private final class Sink implements BodySink {
        private final Draft draft;
        private final ByteBuffer start;
        private ByteBuffer piece = ByteBuffer.allocate(0); // the worker's while a write goes on, else the loop's

        Sink(Draft draft) {
            this.draft = draft;
            this.start = ByteBuffer.allocate(draft.format().signatureLength());
        }

        @Override
        public Promise<?> take(ByteBuffer bytes) {
            check(bytes);
            if (piece.capacity() < bytes.remaining()) {
                piece = ByteBuffer.allocate(bytes.remaining());
            }
            piece.clear().put(bytes).flip();
            return files.submit(() -> write(piece));
        }

        private @Nullable Void write(ByteBuffer bytes) throws IOException {
            draft.append(bytes);
            return null;
        }

        /// Looks at the first bytes, which may come in several pieces.
        private void check(ByteBuffer bytes) {
            if (!start.hasRemaining()) {
                return;
            }
            start.put(bytes.slice(bytes.position(), Math.min(start.remaining(), bytes.remaining())));
            if (!draft.format().isStart(start.duplicate().flip())) {
                throw new HttpException(415, "the body is not " + draft.format().contentType());
            }
        }
    }
}
