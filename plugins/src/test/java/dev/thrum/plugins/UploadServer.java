package dev.thrum.plugins;

import dev.thrum.web.Listener;
import dev.thrum.web.WebApp;
import java.nio.file.Path;

/// A server that takes uploads into the directory of its argument, prints its port, and lives until it is killed.
final class UploadServer {
    private UploadServer() {}

    public static void main(String... args) throws InterruptedException {
        var server = WebApp.create()
                .install(Multipart.standard().withDirectory(Path.of(args[0])))
                .post("/form", (request, response) -> response.send(Multipart.form(request).map(form -> form.files().size())))
                .start(Listener.http(0).withHost("127.0.0.1"));
        System.out.println(server.ports().getFirst());
        server.join();
    }
}
