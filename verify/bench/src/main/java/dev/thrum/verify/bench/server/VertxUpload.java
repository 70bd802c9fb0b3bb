package dev.thrum.verify.bench.server;

import dev.thrum.verify.bench.server.VertxServer.VertxAnswer;
import io.vertx.core.Vertx;
import io.vertx.core.file.OpenOptions;
import io.vertx.core.http.HttpServerRequest;
import java.nio.file.Path;

/// Vert.x: pipes bodies to files, as its documentation does it.
public final class VertxUpload {
    private static final Path FILES = Path.of(System.getProperty("thrum.bench.files", "."));
    private static final OpenOptions OPTIONS =
            new OpenOptions().setCreate(true).setWrite(true).setRead(false).setTruncateExisting(true);

    private final Vertx vertx;
    private final VertxAnswer answer;
    private int uploads; // event loop only

    private VertxUpload(Vertx vertx) {
        this.vertx = vertx;
        this.answer = new VertxAnswer(vertx);
    }

    /// Serves until the process ends.
    /// @param arguments port and a number that means nothing here
    public static void main(String[] arguments) {
        Vertx vertx = VertxServer.vertx();
        VertxServer.listen(vertx, Hello.parse(arguments), new VertxUpload(vertx)::handle);
    }

    private void handle(HttpServerRequest request) {
        if ("/upload".equals(request.path())) {
            upload(request);
        } else {
            answer.plaintext(request.response());
        }
    }

    private void upload(HttpServerRequest request) {
        request.pause();
        String path = FILES.resolve("upload-" + uploads++ % ThrumFiles.SLOTS).toString();
        vertx.fileSystem()
                .open(path, OPTIONS)
                .compose(file -> request.pipeTo(file).map(file))
                .onSuccess(file -> request.response().end(request.bytesRead() + " bytes"))
                .onFailure(problem -> request.response().setStatusCode(500).end(problem.toString()));
    }
}
