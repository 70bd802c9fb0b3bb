package dev.thrum.examples.photos;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Photos, as a client sees them.
class PhotosTest {
    @TempDir
    Path temp;

    private Path directory;
    private Demo demo;

    @BeforeEach
    void start() throws IOException {
        directory = temp.resolve("photos");
        demo = new Demo(directory);
    }

    @AfterEach
    void stop() {
        demo.close();
    }

    private Demo.Answer post(int width, int height) throws IOException, InterruptedException {
        return demo.post("image/jpeg", Demo.draw(temp, "a.jpg", width, height));
    }

    @Test
    void everyPortShowsThePage() throws Exception {
        for (int port = 0; port < demo.ports(); port++) {
            Demo.Answer page = demo.get(demo.uri(port, "/"));
            assertThat(page.status()).isEqualTo(200);
            assertThat(page.header("Content-Type")).isEqualTo("text/html; charset=utf-8");
            assertThat(page.text()).contains("<title>Photos");
        }
    }

    @Test
    void thePageIsSentOnce() throws Exception {
        String tag = demo.get("/").header("ETag");
        assertThat(demo.send(HttpRequest.newBuilder(demo.uri("/")).header("If-None-Match", tag)).status())
                .isEqualTo(304);
    }

    @Test
    void thePageAndItsDataArePackedForBrowsers() throws Exception {
        for (String path : List.of("/", "/style.css", "/script.js")) {
            Demo.Answer packed = demo.send(HttpRequest.newBuilder(demo.uri(path)).header("Accept-Encoding", "gzip"));
            assertThat(packed.header("Content-Encoding")).as(path).isEqualTo("gzip");
            assertThat(packed.bytes()).hasSizeLessThan(demo.get(path).bytes().length);
        }
    }

    @Test
    void everyAnswerMakesBrowsersCareful() throws Exception {
        for (String path : List.of("/", "/photos", "/nowhere")) {
            Demo.Answer answer = demo.get(path);
            assertThat(answer.header("Content-Security-Policy")).as(path).contains("default-src 'self'", "form-action 'none'");
            assertThat(answer.header("X-Content-Type-Options")).as(path).isEqualTo("nosniff");
        }
    }

    @Test
    void anUploadIsAnsweredWithItsLinks() throws Exception {
        Demo.Answer answer = post(640, 480);
        assertThat(answer.status()).isEqualTo(201);
        assertThat(answer.header("Location")).matches("/photos/[0-9a-z]{26}");
        assertThat(answer.json("small")).isEqualTo(answer.header("Location") + "/small");
        assertThat(demo.get(answer.header("Location")).text()).isEqualTo(answer.text());
    }

    @Test
    void thumbnailsHaveTheirSizes() throws Exception {
        Demo.Answer answer = post(1500, 1000);
        assertPixels(answer.json("small"), 160, 107);
        assertPixels(answer.json("medium"), 480, 320);
        assertPixels(answer.json("large"), 1280, 853);
        assertPixels(answer.json("original"), 1500, 1000);
    }

    @Test
    void aSmallPictureIsNotEnlarged() throws Exception {
        Demo.Answer answer = post(200, 300);
        assertPixels(answer.json("small"), 107, 160);
        assertPixels(answer.json("medium"), 200, 300);
        assertPixels(answer.json("large"), 200, 300);
    }

    private void assertPixels(String path, int width, int height) throws Exception {
        Demo.Answer answer = demo.get(path);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).isEqualTo("image/jpeg");
        assertThat(answer.header("Cache-Control")).contains("immutable");
        BufferedImage image = Demo.image(answer);
        assertThat(image.getWidth()).isEqualTo(width);
        assertThat(image.getHeight()).isEqualTo(height);
    }

    @Test
    void aPictureLeavesNothingInTheNextOne() throws Exception {
        byte[] before = demo.get(post(300, 200).json("small")).bytes();
        Path gray = temp.resolve("gray.jpg");
        ImageIO.write(new BufferedImage(900, 1400, BufferedImage.TYPE_BYTE_GRAY), "jpeg", gray.toFile());
        BufferedImage black = Demo.image(demo.get(demo.post("image/jpeg", gray).json("large")));
        assertThat(black.getRGB(10, 10) & 0xffffff).isZero();
        assertThat(post(1500, 1000).status()).isEqualTo(201);
        assertThat(demo.get(post(300, 200).json("small")).bytes()).isEqualTo(before);
    }

    @Test
    void aPngIsTakenToo() throws Exception {
        Path png = Demo.draw(temp, "a.png", 400, 300);
        Demo.Answer answer = demo.post("image/png", png);
        Demo.Answer original = demo.get(answer.json("original"));
        assertThat(original.header("Content-Type")).isEqualTo("image/png");
        assertThat(original.bytes()).isEqualTo(Files.readAllBytes(png));
        assertPixels(answer.json("small"), 160, 120);
    }

    @Test
    void aLongOriginalComesBackAsItWas() throws Exception {
        Path file = Demo.draw(temp, "a.jpg", 1600, 1200);
        assertThat(file).satisfies(path -> assertThat(Files.size(path)).isGreaterThan(300_000));
        Demo.Answer original = demo.get(demo.post("image/jpeg", file).json("original"));
        assertThat(original.bytes()).isEqualTo(Files.readAllBytes(file));
        assertThat(original.header("Content-Length")).isEqualTo(Long.toString(Files.size(file)));
    }

    @Test
    void aPartOfAnOriginalIsAPart() throws Exception {
        Path file = Demo.draw(temp, "a.jpg", 1600, 1200);
        String original = demo.post("image/jpeg", file).json("original");
        Demo.Answer part = demo.send(HttpRequest.newBuilder(demo.uri(original)).header("Range", "bytes=100-199"));
        assertThat(part.status()).isEqualTo(206);
        assertThat(part.bytes()).isEqualTo(Arrays.copyOfRange(Files.readAllBytes(file), 100, 200));
    }

    @Test
    void aPictureOf24MegapixelsIsTaken() throws Exception {
        Demo.Answer answer = post(6000, 4000);
        assertThat(answer.json("width")).isEqualTo("6000");
        assertPixels(answer.json("large"), 1280, 853);
    }

    @Test
    void aClientThatHasThePictureIsToldSo() throws Exception {
        String path = post(300, 200).json("small");
        String tag = demo.get(path).header("ETag");
        Demo.Answer again = demo.send(HttpRequest.newBuilder(demo.uri(path)).header("If-None-Match", tag));
        assertThat(again.status()).isEqualTo(304);
        assertThat(again.bytes()).isEmpty();
    }

    @Test
    void everyPortListsThePhotosNewestFirst() throws Exception {
        String first = post(30, 20).json("id");
        String second = post(20, 30).json("id");
        for (int port = 0; port < demo.ports(); port++) {
            assertThat(demo.get(demo.uri(port, "/photos")).text())
                    .startsWith("{\"total\":2")
                    .containsSubsequence(second, first);
        }
    }

    @Test
    void aDeletedPhotoIsGone() throws Exception {
        String path = post(300, 200).header("Location");
        assertThat(demo.delete(path).status()).isEqualTo(204);
        assertThat(demo.get(path).status()).isEqualTo(404);
        assertThat(demo.get(path + "/small").status()).isEqualTo(404);
        assertThat(demo.delete(path).status()).isEqualTo(404);
        assertThat(demo.get("/photos").text()).isEqualTo("{\"total\":0,\"photos\":[]}");
        assertThat(folders()).isEmpty();
    }

    @Test
    void photosSurviveARestart() throws Exception {
        Demo.Answer posted = post(300, 200);
        byte[] small = demo.get(posted.json("small")).bytes();
        demo.close();
        demo = new Demo(directory);
        assertThat(demo.get(posted.header("Location")).text()).isEqualTo(posted.text());
        assertThat(demo.get(posted.json("small")).bytes()).isEqualTo(small);
    }

    private Stream<String> folders() throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.filter(Files::isDirectory).map(Path::toString).toList().stream();
        }
    }
}
