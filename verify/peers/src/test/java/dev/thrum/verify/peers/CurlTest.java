package dev.thrum.verify.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What curl makes of our answers.
class CurlTest {
    private static Site site;

    @BeforeAll
    static void start() throws IOException {
        site = Site.start();
    }

    @AfterAll
    static void stop() throws IOException {
        site.close();
    }

    private static String url(String path) {
        return site.url(path);
    }

    private static Foreign curl(String... arguments) throws IOException, InterruptedException {
        String[] command = new String[arguments.length + 4];
        command[0] = "curl";
        command[1] = "-sS";
        command[2] = "--max-time";
        command[3] = "20";
        System.arraycopy(arguments, 0, command, 4, arguments.length);
        return Foreign.run(command);
    }

    private static Path file(Path folder, int bytes) throws IOException {
        return Files.write(folder.resolve("body"), new byte[bytes]);
    }

    @Test
    void readsAnAnswer() throws Exception {
        assertThat(curl(url("/"))).isEqualTo(new Foreign(0, "hello"));
    }

    @Test
    void readsAStreamedAnswer() throws Exception {
        assertThat(curl(url("/stream"))).isEqualTo(new Foreign(0, "one two"));
    }

    @Test
    void readsAStreamedAnswerAsAnOldClient() throws Exception {
        assertThat(curl("--http1.0", url("/stream"))).isEqualTo(new Foreign(0, "one two"));
    }

    @Test
    void isContentWithTheHeadAlone() throws Exception {
        assertThat(curl("-I", url("/")).output()).startsWith("HTTP/1.1 200 OK").contains("Content-Length: 5");
    }

    @Test
    void isContentWithAnAnswerWithoutABody() throws Exception {
        assertThat(curl("-w", "%{http_code}", url("/gone"))).isEqualTo(new Foreign(0, "204"));
    }

    @Test
    void usesOneConnectionForTwoRequests() throws Exception {
        assertThat(curl("-v", url("/"), url("/stream")).output()).contains("Re-using existing connection");
    }

    @Test
    void sendsABodyOfKnownLength(@TempDir Path folder) throws Exception {
        assertThat(curl("--data-binary", "@" + file(folder, 100_000), url("/length")).output())
                .isEqualTo("100000 bytes");
    }

    @Test
    void sendsABodyInChunks(@TempDir Path folder) throws Exception {
        assertThat(curl(
                                "-H",
                                "Transfer-Encoding: chunked",
                                "--data-binary",
                                "@" + file(folder, 300_000),
                                url("/length"))
                        .output())
                .isEqualTo("300000 bytes");
    }

    @Test
    void waitsForTheWordToGoOn(@TempDir Path folder) throws Exception {
        assertThat(curl("-v", "-H", "Expect: 100-continue", "--data-binary", "@" + file(folder, 10), url("/length"))
                        .output())
                .contains("HTTP/1.1 100 Continue")
                .contains("10 bytes");
    }

    @Test
    void seesWhyABodyIsTooLarge(@TempDir Path folder) throws Exception {
        assertThat(curl("-w", " %{http_code}", "--data-binary", "@" + file(folder, 3 << 20), url("/length")).output())
                .contains("\"status\":413")
                .endsWith("413");
    }

    @Test
    void seesWhyAHeaderIsTooLarge() throws Exception {
        assertThat(curl("-w", "%{http_code}", "-o", "/dev/null", "-H", "X-Large: " + "x".repeat(20_000), url("/"))
                        .output())
                .isEqualTo("431");
    }

    @Test
    void seesWhyATargetIsTooLong() throws Exception {
        assertThat(curl("-w", "%{http_code}", "-o", "/dev/null", url("/" + "x".repeat(9_000))).output())
                .isEqualTo("414");
    }

    @Test
    void loadsAFile() throws Exception {
        assertThat(curl("-w", "%{http_code} %{size_download}", "-o", "/dev/null", url("/file")).output())
                .isEqualTo("200 " + Site.UPLOAD);
        assertThat(curl("-I", url("/file")).output()).contains("Content-Length: " + Site.UPLOAD);
    }

    @Test
    void hearsHintsBeforeTheAnswer() throws Exception {
        assertThat(curl("-i", url("/hinted")).output())
                .containsSubsequence("HTTP/1.1 103 Early Hints", "Link: </a.css>; rel=preload", "HTTP/1.1 200 OK", "hello");
    }

    @Test
    void uploadsTenMebibytes() throws Exception {
        String data = "@" + site.noise();
        assertThat(curl("--data-binary", data, url("/upload")).output()).isEqualTo(site.received());
        assertThat(curl("-H", "Transfer-Encoding: chunked", "--data-binary", data, url("/upload")).output())
                .isEqualTo(site.received());
    }

    @Test
    void seesWhatThereIsNot() throws Exception {
        assertThat(curl("-w", " %{http_code}", url("/none")).output()).contains("\"status\":404").endsWith("404");
        assertThat(curl("-i", "-X", "DELETE", url("/")).output()).contains("405 Method Not Allowed", "Allow: GET, HEAD");
    }
}
