package dev.thrum.verify.peers;

import dev.thrum.http.Request;
import dev.thrum.http.Response;
import dev.thrum.promise.Promise;
import dev.thrum.web.Listener;
import dev.thrum.web.Server;
import dev.thrum.web.WebApp;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;

/// What the clients ask: something of every kind, from a server of one loop, so that what it collects has one thread.
final class Site implements AutoCloseable {
    static final int LARGE = 5_000_000;
    static final int UPLOAD = 10 << 20;
    static final int TOGETHER = 4;

    private static final String DIGITS = "0123456789".repeat(LARGE / 10);

    private final Path folder;
    private final List<Response> waiting = new ArrayList<>(); // loop thread only
    private final Server server;

    private Site(WebApp app) throws IOException {
        folder = Files.createTempDirectory("thrum-peers");
        byte[] noise = new byte[UPLOAD];
        new Random(7).nextBytes(noise);
        Files.write(noise(), noise);
        server = app.get("/", (request, response) -> response.send("hello"))
                .get("/stream", (request, response) -> {
                    var body = response.start();
                    body.write("one ").tap(writer -> {
                        var _ = writer.write("two");
                        writer.finish();
                    });
                })
                .get("/large", (request, response) -> response.send(DIGITS))
                .get("/pieces", (request, response) ->
                        response.send(new ByteArrayInputStream(DIGITS.getBytes())))
                .get("/file", (request, response) -> response.send(FileChannel.open(noise()), 0, UPLOAD))
                .get("/hinted", (request, response) -> response.hint("</a.css>; rel=preload").send("hello"))
                .get("/gone", (request, response) -> response.status(204).send())
                .get("/together", this::together)
                .post("/length", (request, response) ->
                        response.send(request.bytes().map(bytes -> bytes.length + " bytes")))
                .post("/upload", Site::upload)
                .start(Listener.http(0).withHost("127.0.0.1"));
    }

    static Site start() throws IOException {
        return start(WebApp.create());
    }

    /// @param app with settings, and routes beside those of everybody
    static Site start(WebApp app) throws IOException {
        return new Site(app);
    }

    private static void upload(Request request, Response response) {
        CRC32 sum = new CRC32();
        response.send(request.stream(piece -> {
                    sum.update(piece);
                    return Promise.of(piece);
                })
                .map(count -> count + " bytes, " + sum.getValue()));
    }

    /// Answers nobody before a few have asked: a client that waits for one answer before it asks for the next waits for ever.
    private void together(Request request, Response response) {
        waiting.add(response);
        if (waiting.size() == TOGETHER) {
            waiting.forEach(each -> each.send("together"));
            waiting.clear();
        }
    }

    int port() {
        return server.ports().getFirst();
    }

    String url(String path) {
        return "http://127.0.0.1:" + port() + path;
    }

    /// {@return a file to upload}
    Path noise() {
        return folder.resolve("noise");
    }

    /// {@return what the upload of that file is answered with}
    String received() throws IOException {
        CRC32 sum = new CRC32();
        sum.update(Files.readAllBytes(noise()));
        return UPLOAD + " bytes, " + sum.getValue();
    }

    @Override
    public void close() throws IOException {
        server.close();
        Files.delete(noise());
        Files.delete(folder);
    }
}
