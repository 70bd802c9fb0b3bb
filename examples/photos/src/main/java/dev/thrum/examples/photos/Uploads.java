package dev.thrum.examples.photos;

import dev.thrum.http.HttpException;
import dev.thrum.http.Request;
import dev.thrum.kernel.Kernel;
import dev.thrum.kernel.Priority;
import dev.thrum.kernel.Submitter;
import dev.thrum.kernel.Task;
import dev.thrum.plugins.Multipart;
import dev.thrum.plugins.Upload;
import dev.thrum.promise.Promise;
import dev.thrum.scope.Home;
import dev.thrum.scope.Scope;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
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

    /// {@return the photo, when it is there for good, with its thumbnails} Rejected as [Multipart#form], with an [HttpException] of
    /// 422 if the form has no file named `photo`, of 415 if its bytes are not of its format, with a [BadPictureException] if it is
    /// corrupt, and with a [dev.thrum.kernel.TaskKilledException] if its job was killed.
    Promise<Photo> receive(Request request) {
        return Multipart.form(request).then(form -> receive(form.file("photo")
                .orElseThrow(() -> new HttpException(422, "the form must have a file named photo"))));
    }

    private Promise<Photo> receive(Upload upload) {
        Format format = Format.find(upload.contentType())
                .orElseThrow(() -> new HttpException(415, "a photo is image/jpeg or image/png"));
        return files.submit(() -> check(upload, format))
                .then(_ -> anyway().call(() -> files.submit(() -> store.create(format))))
                .then(draft -> receive(upload, draft));
    }

    private Promise<Photo> receive(Upload upload, Draft draft) {
        return upload.moveTo(draft.original())
                .then(_ -> files.submit(() -> seal(draft, upload.size())))
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

    private @Nullable Void check(Upload upload, Format format) throws IOException, BadPictureException {
        if (upload.size() == 0) {
            throw new BadPictureException("the file is empty");
        }
        try (InputStream in = Files.newInputStream(upload.path())) {
            if (!format.isStart(ByteBuffer.wrap(in.readNBytes(format.signatureLength())))) {
                throw new HttpException(415, "the file is not " + format.contentType());
            }
        }
        return null;
    }

    private @Nullable Void seal(Draft draft, long bytes) throws IOException {
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
}
