package dev.thrum.examples.photos;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;

/// The service on free ports, and a client.
final class Demo implements AutoCloseable {
    private static final String BOUNDARY = "thrum-photos-test";

    private final PhotoService service;
    private final HttpClient client = HttpClient.newHttpClient();

    Demo(Path directory) throws IOException {
        service = PhotoService.start(new Options(0, directory, 2, Optional.empty()));
    }

    record Answer(HttpResponse<byte[]> response) {
        int status() {
            return response.statusCode();
        }

        byte[] bytes() {
            return response.body();
        }

        String text() {
            return new String(response.body(), StandardCharsets.UTF_8);
        }

        String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }

        /// {@return a value of a JSON object, as it is written there but without quotes}
        String json(String name) {
            Matcher matcher = Pattern.compile('"' + name + "\":(?:\"([^\"]*)\"|(\\w+))").matcher(text());
            return matcher.find() ? matcher.group().replaceFirst("[^:]*:", "").replace("\"", "") : "";
        }
    }

    URI uri(String path) {
        return uri(0, path);
    }

    URI uri(int port, String path) {
        return URI.create("http://localhost:" + service.ports().get(port) + path);
    }

    int ports() {
        return service.ports().size();
    }

    Answer get(String path) throws IOException, InterruptedException {
        return get(uri(path));
    }

    Answer get(URI uri) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(uri));
    }

    Answer delete(String path) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(uri(path)).DELETE());
    }

    Answer send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return new Answer(client.send(request.timeout(Duration.ofSeconds(60)).build(), BodyHandlers.ofByteArray()));
    }

    Answer post(String contentType, BodyPublisher body) throws IOException, InterruptedException {
        return send(upload(contentType, body));
    }

    Answer post(String contentType, Path file) throws IOException, InterruptedException {
        return post(contentType, BodyPublishers.ofFile(file));
    }

    CompletableFuture<Answer> posting(String contentType, Path file) throws IOException {
        HttpRequest request = upload(contentType, BodyPublishers.ofFile(file)).timeout(Duration.ofSeconds(60)).build();
        return client.sendAsync(request, BodyHandlers.ofByteArray()).thenApply(Answer::new);
    }

    private HttpRequest.Builder upload(String contentType, BodyPublisher file) {
        return form(BodyPublishers.concat(
                BodyPublishers.ofString("--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"photo\"; filename=\"a\"\r\n"
                        + "Content-Type: " + contentType + "\r\n\r\n"),
                file,
                BodyPublishers.ofString("\r\n--" + BOUNDARY + "--\r\n")));
    }

    private HttpRequest.Builder form(BodyPublisher body) {
        return HttpRequest.newBuilder(uri("/photos"))
                .header("Content-Type", "multipart/form-data; boundary=" + BOUNDARY)
                .POST(body);
    }

    /// Posts a form as it stands, and with the headers of a browser: name, value, name, value …
    Answer postForm(String body, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder form = form(BodyPublishers.ofString(body.replace("\n", "\r\n").replace("BOUNDARY", BOUNDARY)));
        return send(headers.length == 0 ? form : form.headers(headers));
    }

    /// {@return a drawn picture}
    static Path draw(Path directory, String name, int width, int height) throws IOException {
        Path file = Files.createDirectories(directory).resolve(name);
        Draw.draw(width, height, 7, file);
        return file;
    }

    static BufferedImage image(Answer answer) throws IOException {
        return ImageIO.read(new ByteArrayInputStream(answer.bytes()));
    }

    @Override
    public void close() {
        client.shutdownNow();
        service.close();
    }
}
