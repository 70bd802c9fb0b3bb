package dev.thrum.examples.photos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the service says to clients that want what cannot be.
class BadInputTest {
    @TempDir
    Path temp;

    private Path directory;
    private Demo demo;

    @BeforeEach
    void start() throws IOException {
        directory = temp.resolve("photos");
        demo = new Demo(directory);
    }

    /// Whatever went wrong: the service lives, and nothing is left of it.
    @AfterEach
    void stop() throws Exception {
        assertThat(demo.post("image/png", Demo.draw(temp, "fine.png", 20, 10)).status()).isEqualTo(201);
        demo.close(); // all that was to be removed has been
        assertThat(folders()).singleElement().asString().doesNotStartWith(".");
    }

    private List<String> folders() throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.filter(Files::isDirectory).map(entry -> entry.getFileName().toString()).toList();
        }
    }

    @Test
    void otherTypesAreRefused() throws Exception {
        Demo.Answer answer = demo.post("image/gif", BodyPublishers.ofString("GIF89a"));
        assertThat(answer.status()).isEqualTo(415);
        assertThat(answer.json("detail")).isEqualTo("a photo is image/jpeg or image/png");
    }

    @Test
    void aFileThatIsNotOfItsTypeIsRefused() throws Exception {
        Demo.Answer answer = demo.post("image/jpeg", Demo.draw(temp, "a.png", 30, 20));
        assertThat(answer.status()).isEqualTo(415);
        assertThat(answer.json("detail")).isEqualTo("the file is not image/jpeg");
    }

    @Test
    void anEmptyFileIsRefused() throws Exception {
        assertThat(demo.post("image/jpeg", BodyPublishers.noBody()).status()).isEqualTo(422);
    }

    @Test
    void aFormWithoutAPhotoIsRefused() throws Exception {
        Demo.Answer answer = demo.postForm("""
                --BOUNDARY
                Content-Disposition: form-data; name="photo"

                a text
                --BOUNDARY--
                """);
        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.json("detail")).isEqualTo("the form must have a file named photo");
    }

    @Test
    void aBodyThatIsNoFormIsRefused() throws Exception {
        Demo.Answer answer = demo.send(HttpRequest.newBuilder(demo.uri("/photos"))
                .header("Content-Type", "image/jpeg")
                .POST(BodyPublishers.ofString("a picture")));
        assertThat(answer.status()).isEqualTo(415);
        assertThat(answer.header("Accept-Post")).isEqualTo("multipart/form-data");
    }

    @Test
    void aPageOfAnotherSiteUploadsAndKillsNothing() throws Exception {
        assertThat(demo.postForm("--BOUNDARY--\n", "Sec-Fetch-Site", "cross-site").status()).isEqualTo(403);
        assertThat(demo.send(HttpRequest.newBuilder(demo.uri("/jobs/fib")).DELETE().header("Sec-Fetch-Site", "same-site")).status())
                .isEqualTo(403);
    }

    @Test
    void aDeclaredLengthBeyondTheLimitIsRefused() throws Exception {
        assertThat(demo.post("image/jpeg", BodyPublishers.ofByteArray(beyondTheLimit())).status()).isEqualTo(413);
    }

    @Test
    void aStreamBeyondTheLimitIsRefused() throws Exception {
        byte[] bytes = beyondTheLimit();
        assertThat(demo.post("image/jpeg", BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(bytes))).status())
                .isEqualTo(413);
    }

    private byte[] beyondTheLimit() throws IOException {
        byte[] jpeg = Files.readAllBytes(Demo.draw(temp, "a.jpg", 30, 20));
        return Arrays.copyOf(jpeg, (int) PhotoApp.MAX_UPLOAD + 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.jpg", "a.png"})
    void aPictureThatEndsTooEarlyIsRefused(String name) throws Exception {
        byte[] whole = Files.readAllBytes(Demo.draw(temp, name, 300, 200));
        byte[] part = Arrays.copyOf(whole, whole.length / 2);
        Demo.Answer answer = demo.post(type(name), BodyPublishers.ofByteArray(part));
        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.json("detail")).startsWith("the picture is ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.jpg", "a.png"})
    void aPictureFullOfNoiseIsRefused(String name) throws Exception {
        byte[] bytes = Files.readAllBytes(Demo.draw(temp, name, 300, 200));
        for (int i = 8; i < bytes.length; i++) {
            bytes[i] = (byte) (i * 31);
        }
        Demo.Answer answer = demo.post(type(name), BodyPublishers.ofByteArray(bytes));
        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.json("detail")).isEqualTo("the picture is corrupt, or of a kind that is not known");
    }

    private static String type(String name) {
        return name.endsWith(".png") ? "image/png" : "image/jpeg";
    }

    @Test
    void moreThan100MegapixelsAreRefusedByTheHeader() throws Exception {
        byte[] png = Files.readAllBytes(Demo.draw(temp, "a.png", 30, 20));
        Pngs.resize(png, 20_000, 5_001);
        Demo.Answer answer = demo.post("image/png", BodyPublishers.ofByteArray(png));
        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.json("detail"))
                .isEqualTo("a picture must not have more than 100 megapixels: 20000 x 5001");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/photos/01arz3ndektsv4rrffq69g5fav",
                "/photos/nobody",
                "/photos/%2e%2e/small",
                "/photos/.lock/original",
                "/photos/.lock",
                "/nowhere"
            })
    void whatIsNotThereIsNotFound(String path) throws Exception {
        assertThat(demo.get(path).status()).isEqualTo(404);
        assertThat(demo.delete(path).status()).isIn(404, 405);
    }

    @ParameterizedTest
    @ValueSource(strings = {"huge", "about.properties", "SMALL", "original.png"})
    void aSizeThatIsNotThereIsNotFound(String size) throws Exception {
        String path = demo.post("image/png", Demo.draw(temp, "a.png", 30, 20)).header("Location");
        assertThat(demo.get(path + "/" + size).status()).isEqualTo(404);
        demo.delete(path);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/photos/..%2f..%2fetc%2fpasswd", "/photos/%2e%2e%2f.lock/original", "/photos/a%00b"})
    void aPathThatHidesSomethingIsMalformed(String path) throws Exception {
        assertThat(demo.get(path).status()).isEqualTo(400);
    }

    @Test
    void anotherMethodIsNotAllowed() throws Exception {
        assertThat(demo.delete("/photos").status()).isEqualTo(405);
    }
}
