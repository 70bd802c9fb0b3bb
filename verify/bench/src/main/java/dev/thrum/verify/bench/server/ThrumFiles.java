package dev.thrum.verify.bench.server;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.thrum.http.Request;
import dev.thrum.http.Response;
import dev.thrum.plugins.StaticFiles;
import dev.thrum.system.Disk;
import dev.thrum.web.Listener;
import dev.thrum.web.WebApp;
import java.nio.file.Path;

/// Thrum with files: serves those of a directory, and writes bodies there, each of at most [#SLOTS] at once to a file of its own.
public final class ThrumFiles {
    static final int SLOTS = 64;

    private static final Path FILES = Path.of(System.getProperty("thrum.bench.files", "."));

    private int uploads; // loop thread only

    private ThrumFiles() {}

    /// Serves until the process ends.
    /// @param arguments port and a number that means nothing here
    /// @throws InterruptedException if the main thread is interrupted
    public static void main(String[] arguments) throws InterruptedException {
        Hello hello = Hello.parse(arguments);
        ThrumFiles files = new ThrumFiles();
        WebApp.create()
                .install(StaticFiles.of("/", FILES))
                .get(Hello.PATH, (_, response) -> response.send(Hello.BODY))
                .post("/upload", files::upload)
                .start(Listener.http(hello.port()).withHost(Hello.HOST).withBacklog(Hello.BACKLOG))
                .join();
    }

    private void upload(Request request, Response response) {
        Path path = FILES.resolve("upload-" + uploads++ % SLOTS);
        response.send(Disk.shared()
                .sink(path, CREATE, WRITE, TRUNCATE_EXISTING)
                .then(file -> request.stream(file::write).then(count -> file.finish()))
                .map(count -> count + " bytes"));
    }
}
