package dev.thrum.plugins;

import static java.util.Objects.requireNonNull;

import dev.thrum.http.HttpException;
import dev.thrum.http.Request;
import dev.thrum.promise.Promise;
import dev.thrum.scope.Home;
import dev.thrum.scope.Key;
import dev.thrum.scope.Scope;
import dev.thrum.system.Disk;
import dev.thrum.web.Plugin;
import dev.thrum.web.Server;
import dev.thrum.web.WebApp;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/// Forms with files: `multipart/form-data` (Wookie's plugin `multipart`).
///
/// ```java
/// app.install(Multipart.standard().withFile(10 << 20))
///         .post("/photos", (request, response) -> response.send(Multipart.form(request)
///                 .then(form -> form.file("photo").orElseThrow().moveTo(album))
///                 .map(path -> "thank you")));
/// ```
///
/// The body is read when somebody asks for the form. Files go to the disk as they come, on the lane of [Disk#shared]; the client is
/// slowed down to its pace. Each lies in a temporary file with a name that nobody can guess, which only its owner may read,
/// and which goes with the request: answered, failed, killed, timed out, or left by its client. What a process that was
/// killed has left is removed when a server starts.
///
/// **Limits.** All with 413 and the name of the limit: 1,000 parts; 4 KiB for the head of each; 64 KiB for a text, 1 MiB for all of
/// them; 100 MiB for a file; and [dev.thrum.http.Limits#upload] for everything. The files of all requests that are in work have 10 GiB
/// together; beyond, a request is a 503.
/// **Failure.** What is malformed is an [HttpException] of 400, another charset than UTF-8, or another transfer encoding, of 415; a disk
/// that is full is the [IOException] of the system.
/// **Threads.** The methods that take a request belong to whoever handles it, one thread at a time. Nothing blocks.
public final class Multipart implements Plugin {
    private static final String TYPE = "multipart/form-data";
    private static final Key<Multipart> INSTALLED = Key.of("Multipart");
    private static final Key<Promise<MultipartForm>> FORM = Key.of("multipart form");

    private final Config config;
    private final AtomicLong held = new AtomicLong(); // bytes of all files of requests in work

    record Config(int parts, int partHead, int text, int texts, long file, long all, Path directory) {
        Config {
            check("parts", parts);
            check("partHead", partHead);
            check("text", text);
            check("texts", texts);
            check("file", file);
            check("all", all);
        }

        private static void check(String name, long value) {
            if (value < 1) {
                throw new IllegalArgumentException(name + " must be 1 or more: " + value);
            }
        }
    }

    private Multipart(Config config) {
        this.config = config;
    }

    /// {@return the plugin with its standard limits, and temporary files in the directory of the system for them}
    public static Multipart standard() {
        return new Multipart(new Config(1_000, 4 << 10, 64 << 10, 1 << 20, 100 << 20, 10L << 30, Disk.tempRoot()));
    }

    /// {@return this with another limit for the number of parts}
    /// @param most 1 or more
    /// @throws IllegalArgumentException if `most` is not positive
    public Multipart withParts(int most) {
        Config c = config;
        return new Multipart(new Config(most, c.partHead, c.text, c.texts, c.file, c.all, c.directory));
    }

    /// {@return this with other limits for texts}
    /// @param each bytes of one, 1 or more
    /// @param all bytes of all together, 1 or more
    /// @throws IllegalArgumentException if one is not positive
    public Multipart withTexts(int each, int all) {
        Config c = config;
        return new Multipart(new Config(c.parts, c.partHead, each, all, c.file, c.all, c.directory));
    }

    /// {@return this with another limit for a file}
    /// @param bytes 1 or more
    /// @throws IllegalArgumentException if `bytes` is not positive
    public Multipart withFile(long bytes) {
        Config c = config;
        return new Multipart(new Config(c.parts, c.partHead, c.text, c.texts, bytes, c.all, c.directory));
    }

    /// {@return this with another limit for all files of all requests in work together: what the disk has room for}
    /// @param bytes 1 or more; beyond, a request is answered 503
    /// @throws IllegalArgumentException if `bytes` is not positive
    public Multipart withAll(long bytes) {
        Config c = config;
        return new Multipart(new Config(c.parts, c.partHead, c.text, c.texts, c.file, bytes, c.directory));
    }

    /// {@return this with temporary files in another directory}
    /// @param directory must exist; on the same device as where uploads go to, so that they need not be copied
    public Multipart withDirectory(Path directory) {
        Config c = config;
        return new Multipart(
                new Config(c.parts, c.partHead, c.text, c.texts, c.file, c.all, requireNonNull(directory, "directory")));
    }

    @Override
    public Optional<Record> configuration() {
        return Optional.of(config);
    }

    @Override
    public void install(WebApp app) {
        app.bind(INSTALLED, this);
    }

    @Override
    public void started(Server server) {
        Disk.shared().lane().submit(() -> TempNames.sweep(config.directory)).recover(IOException.class, problem -> {
            Home.current().report(problem, Scope.current());
            return 0;
        });
    }

    // ---- for handlers

    /// {@return the form that is the body, once all of it has come (Wookie's `form-var` and `file-upload`)} Rejected as
    /// [Request#stream], and with an [HttpException] of 400, 413 or 415: see above; with 415 if the body is of another type.
    /// @param request the request
    /// @throws IllegalStateException if the application has not installed this plugin, or the body was asked for otherwise
    public static Promise<MultipartForm> form(Request request) {
        Multipart multipart = Installed.find(INSTALLED);
        return request.get(FORM).orElseGet(() -> {
            Promise<MultipartForm> reading = multipart.read(request);
            request.put(FORM, reading);
            return reading;
        });
    }

    /// {@return the texts of the form, if the body is one and this plugin is installed}
    static Optional<Promise<Variables>> fields(Request request) {
        return Scope.current()
                .get(INSTALLED)
                .filter(installed -> MediaType.of(request).filter(type -> type.is(TYPE)).isPresent())
                .map(installed -> form(request).map(MultipartForm::fields));
    }

    private Promise<MultipartForm> read(Request request) {
        MediaType type = MediaType.of(request)
                .filter(each -> each.is(TYPE))
                .orElseThrow(() -> new HttpException(415, "this form is " + TYPE).withHeader("Accept-Post", TYPE));
        String boundary = type.parameter("boundary").orElse("");
        if (!boundary.matches("[A-Za-z0-9'()+_,./:=? -]{0,69}[A-Za-z0-9'()+_,./:=?-]")) {
            throw new HttpException(400, "a boundary has 1 to 70 characters (RFC 2046 §5.1.1)");
        }
        var reader = new MultipartReader(config, held, request, boundary);
        return request.stream(reader).map(count -> reader.form()).lastly(reader::abort);
    }
}
