package dev.thrum.examples.photos;

import static dev.thrum.examples.photos.Answers.send;

import dev.thrum.http.HttpException;
import dev.thrum.http.Limits;
import dev.thrum.http.Request;
import dev.thrum.http.Response;
import dev.thrum.http.Timeouts;
import dev.thrum.json.Json;
import dev.thrum.kernel.Kernel;
import dev.thrum.kernel.Submitter;
import dev.thrum.plugins.Compression;
import dev.thrum.plugins.CrossSiteGuard;
import dev.thrum.plugins.Download;
import dev.thrum.plugins.Forms;
import dev.thrum.plugins.Multipart;
import dev.thrum.plugins.Resources;
import dev.thrum.plugins.SecurityHeaders;
import dev.thrum.plugins.Variables;
import dev.thrum.web.WebApp;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;

/// The routes of the service.
///
/// **Threads.** Everything here runs on the loops, so it only looks things up and passes work on: what touches a file goes
/// to the kernel `files`, what burns the processor to the kernel `jobs`.
final class PhotoApp {
    static final long MAX_UPLOAD = 20 << 20;

    private static final int AROUND_IT = 64 << 10; // bytes of a form besides its file
    private static final int LISTED = 200;
    private static final int MAX_FIB = 50;
    private static final Duration PATIENCE = Duration.ofMinutes(10); // for a slow upload, and a long line of thumbnails
    private static final String FOR_EVER = "private, max-age=31536000, immutable"; // a path never gets another picture
    private static final String POLICY = "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none';"
            + " form-action 'none'; frame-ancestors 'none'";

    private final PhotoStore store;
    private final Gallery gallery;
    private final Submitter files;
    private final Kernel jobs;
    private final Uploads uploads;

    private PhotoApp(PhotoStore store, Gallery gallery, Submitter files, Kernel jobs) {
        this.store = store;
        this.gallery = gallery;
        this.files = files;
        this.jobs = jobs;
        this.uploads = new Uploads(store, gallery, files, jobs);
    }

    /// {@return the application}
    static WebApp create(PhotoStore store, Gallery gallery, Submitter files, Kernel jobs) {
        PhotoApp app = new PhotoApp(store, gallery, files, jobs);
        return WebApp.create()
                .named("photos")
                .limits(Limits.standard().withUpload(MAX_UPLOAD + AROUND_IT))
                .timeouts(Timeouts.standard().withResponse(PATIENCE))
                .install(
                        SecurityHeaders.standard().with("Content-Security-Policy", POLICY),
                        CrossSiteGuard.standard(),
                        Compression.standard(),
                        Forms.standard().withFields(10),
                        Multipart.standard().withParts(10).withFile(MAX_UPLOAD).withDirectory(store.directory()),
                        Json.standard(),
                        Resources.of("/", name -> PhotoApp.class.getResource("site/" + name)))
                .post("/photos", app::upload)
                .get("/photos", app::list)
                .get("/photos/{id}", app::describe)
                .get("/photos/{id}/{size}", app::download)
                .delete("/photos/{id}", app::delete)
                .get("/jobs", app::jobs)
                .delete("/jobs/{category}", app::kill)
                .get("/fib/{n:int}", app::fib);
    }

    // ---- photos

    private void upload(Request request, Response response) {
        Answers.when(uploads.receive(request), response, photo -> {
            response.status(201).header("Location", photo.path());
            send(response, Described.photo(photo));
        });
    }

    private void list(Request request, Response response) {
        send(response, Described.photos(gallery.newest(LISTED), gallery.size()));
    }

    private void describe(Request request, Response response) {
        send(response, Described.photo(find(request)));
    }

    private void download(Request request, Response response) {
        Photo photo = find(request);
        boolean original = request.path("size").equals("original");
        String fileName = original ? photo.format().fileName() : thumbnail(photo, request.path("size"));
        Path complete = store.complete(photo.id(), fileName);
        Download.of(complete)
                .or(store.inTheMaking(photo.id(), fileName))
                .or(complete) // completed between the two looks
                .withType(original ? photo.format().contentType() : Format.JPEG.contentType())
                .withCacheControl(FOR_EVER)
                .send(request, response);
    }

    private static String thumbnail(Photo photo, String label) {
        return Size.find(label)
                .filter(photo.sizes()::contains)
                .orElseThrow(() -> new HttpException(404, "this photo is not there in this size"))
                .fileName();
    }

    private void delete(Request request, Response response) {
        Photo found = find(request);
        if (!found.complete()) {
            throw new HttpException(409, "the thumbnails of this photo are still being made");
        }
        Photo photo = gallery.remove(found.id()).orElseThrow(PhotoApp::noSuchPhoto);
        Answers.when(files.submit(() -> removed(photo)), response, _ -> response.status(204).send());
    }

    private Photo removed(Photo photo) throws IOException {
        store.delete(photo.id());
        return photo;
    }

    private Photo find(Request request) {
        return gallery.find(request.path("id")).orElseThrow(PhotoApp::noSuchPhoto);
    }

    private static HttpException noSuchPhoto() {
        return new HttpException(404, "there is no such photo");
    }

    // ---- jobs

    private void jobs(Request request, Response response) {
        send(response, Described.jobs(jobs));
    }

    private void kill(Request request, Response response) {
        boolean dryRun = dryRun(Forms.query(request));
        String category = request.path("category");
        int killed = dryRun ? jobs.kill(category, Kernel.Kill.DRY_RUN) : jobs.kill(category);
        send(response, new Described.Killed(category, killed, dryRun));
    }

    private static boolean dryRun(Variables query) {
        String wanted = query.first("dry-run").orElse("false");
        if (!Set.of("dry-run").containsAll(query.names()) || !Set.of("true", "false").contains(wanted)) {
            throw new HttpException(400, "the query must be dry-run=true or dry-run=false");
        }
        return Boolean.parseBoolean(wanted);
    }

    private void fib(Request request, Response response) {
        int n = request.pathInt("n");
        if (n < 0 || n > MAX_FIB) {
            throw new HttpException(400, "n must be 0.." + MAX_FIB + ": " + n);
        }
        Answers.when(jobs.in("fib").submit(() -> fib(n)), response, result ->
                send(response, new Described.Fib(n, result)));
    }

    /// Slow on purpose: it has to burn the processor.
    private static long fib(int n) {
        return n < 2 ? n : fib(n - 1) + fib(n - 2);
    }
}
