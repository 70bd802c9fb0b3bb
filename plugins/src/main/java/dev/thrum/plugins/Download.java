package dev.thrum.plugins;

import static java.util.Objects.requireNonNull;

import dev.thrum.http.HttpException;
import dev.thrum.http.Request;
import dev.thrum.http.Response;
import dev.thrum.system.Disk;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One file as an answer, chosen by a handler; for whole directories there are [StaticFiles].
///
/// ```java
/// app.get("/reports/{n:int}", (request, response) ->
///         Download.of(reports.pathOf(request.pathInt("n"))).as("report.pdf").send(request, response));
/// ```
///
/// It comes with length, type, `ETag` and `Last-Modified`; conditions and ranges are followed, as [StaticFiles] does. Which file it is
/// decides the handler, and nobody looks whether it should: a path made from what a client says is a hole.
///
/// **Threads.** The file is looked up, and a small one read, on the lane of [Disk#shared]; a large one is left to the system, or read
/// piece by piece, as fast as the client takes it. Immutable.
/// **Failure.** What is no file is a [HttpException] of 404; too many files asked for at once are one of 503. A file that becomes
/// shorter while it is sent has the connection aborted.
public final class Download {
    private final List<Path> places;
    private final String type; // empty: by the end of its name
    private final String cacheControl;
    private final String disposition; // empty for none

    private Download(List<Path> places, String type, String cacheControl, String disposition) {
        this.places = places;
        this.type = type;
        this.cacheControl = cacheControl;
        this.disposition = disposition;
    }

    /// {@return a file, with the type that the end of its name says; clients keep it, and ask each time whether it has changed}
    /// @param file where it is; a link is followed
    public static Download of(Path file) {
        return new Download(List.of(file), "", "no-cache", "");
    }

    /// {@return this with another place to look, if the file is in none of the former: for a file that is moved while it is asked for}
    /// @param place where it may be, too
    public Download or(Path place) {
        List<Path> more = new ArrayList<>(places);
        more.add(requireNonNull(place, "place"));
        return new Download(List.copyOf(more), type, cacheControl, disposition);
    }

    /// {@return this with another type}
    /// @param type such as `image/jpeg`
    public Download withType(String type) {
        return new Download(places, requireNonNull(type, "type"), cacheControl, disposition);
    }

    /// {@return this with another word on how long it may be kept}
    /// @param value of `Cache-Control`, such as `private, max-age=3600`
    public Download withCacheControl(String value) {
        return new Download(places, type, requireNonNull(value, "value"), disposition);
    }

    /// {@return this as a file that browsers save, rather than show}
    /// @param name what they call it, in any alphabet (RFC 6266)
    /// @throws IllegalArgumentException if `name` is not the name of a file everywhere: empty, with a slash, a control character …
    public Download as(String name) {
        if (!FileTree.isName(requireNonNull(name, "name"))) {
            throw new IllegalArgumentException("name must be one that every system takes for a file's: " + LogLines.escaped(name));
        }
        String plain = name.replaceAll("[^ -~]|%", "_");
        String value = "attachment; filename=\"" + plain + '"';
        return new Download(
                places, type, cacheControl, plain.equals(name) ? value : value + "; filename*=UTF-8''" + UriPaths.token(name));
    }

    /// Sends it.
    /// @param request asks for it, by GET or HEAD
    /// @param response the answer; its status and headers are set here, others stay
    /// @throws IllegalStateException if the head of the request is gone
    public void send(Request request, Response response) {
        FileWish wish = FileWish.of(request);
        Disk disk = Disk.shared();
        disk.lane()
                .submit(() -> answer(wish, disk))
                .tap(answer -> answer.send(response))
                .recover(Throwable.class, problem -> FileAnswer.failed(response, problem));
    }

    // ---- on the lane

    private FileAnswer answer(FileWish wish, Disk disk) throws IOException {
        for (Path place : places) {
            Optional<FileAnswer> found = look(place, wish, disk);
            if (found.isPresent()) {
                return found.get();
            }
        }
        throw new HttpException(404, "there is no such file");
    }

    private Optional<FileAnswer> look(Path place, FileWish wish, Disk disk) throws IOException {
        try {
            BasicFileAttributes attributes = Files.readAttributes(place, BasicFileAttributes.class);
            return attributes.isRegularFile() ? Optional.of(answer(place, attributes, wish, disk)) : Optional.empty();
        } catch (NoSuchFileException absent) {
            return Optional.empty();
        }
    }

    private FileAnswer answer(Path place, BasicFileAttributes attributes, FileWish wish, Disk disk) throws IOException {
        String known = type.isEmpty() ? new FileTypes(Map.of()).of(place.getFileName().toString()) : type;
        FileAnswer answer = new SentFile(place, known, cacheControl, Optional.empty(), false)
                .answer(FileChannel.open(place, StandardOpenOption.READ), attributes.lastModifiedTime().toInstant(), wish, disk);
        return disposition.isEmpty() ? answer : answer.with("Content-Disposition", disposition);
    }
}
