package dev.thrum.plugins;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.thrum.web.WebApp;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Files that a handler sends.
@Timeout(60)
class DownloadTest {
    private static final int LARGE = 500_000;

    @TempDir
    Path folder;

    private final byte[] large = new byte[LARGE];
    private Site site;

    @BeforeEach
    void start() throws Exception {
        new Random(3).nextBytes(large);
        Files.writeString(folder.resolve("page.html"), "0123456789");
        Files.write(folder.resolve("large"), large);
        site = Site.of(WebApp.create()
                .get("/page", (request, response) -> Download.of(folder.resolve("page.html")).send(request, response))
                .get("/large", (request, response) -> Download.of(folder.resolve("large"))
                        .withType("image/x-noise")
                        .withCacheControl("private, max-age=60")
                        .send(request, response))
                .get("/moved", (request, response) -> Download.of(folder.resolve("nowhere"))
                        .or(folder)
                        .or(folder.resolve("page.html"))
                        .send(request, response))
                .get("/gone", (request, response) -> Download.of(folder.resolve("nowhere"))
                        .or(folder)
                        .send(request, response))
                .get("/as/{name}", (request, response) -> Download.of(folder.resolve("page.html"))
                        .as(request.path("name"))
                        .send(request, response)));
    }

    @AfterEach
    void stop() {
        site.close();
    }

    private static String header(HttpResponse<?> answer, String name) {
        return answer.headers().firstValue(name).orElse("");
    }

    @Test
    @Tag("PL-28")
    void aFileOfTheHandlersChoiceComesWithLengthTypeAndTag() throws Exception {
        var answer = site.get("/page");
        assertThat(answer.body()).isEqualTo("0123456789");
        assertThat(header(answer, "Content-Type")).isEqualTo("text/html; charset=utf-8");
        assertThat(header(answer, "Cache-Control")).isEqualTo("no-cache");
        assertThat(answer.headers().firstValue("Content-Disposition")).isEmpty();
        assertThat(site.get("/page", "If-None-Match", header(answer, "ETag")).statusCode()).isEqualTo(304);
        assertThat(site.get("/page", "If-Match", "\"other\"").statusCode()).isEqualTo(412);
    }

    @Test
    @Tag("PL-28")
    void aLargeOneComesWholeAndInParts() throws Exception {
        var whole = site.bytes(site.request("/large"));
        assertThat(whole.body()).isEqualTo(large);
        assertThat(header(whole, "Content-Type")).isEqualTo("image/x-noise");
        assertThat(header(whole, "Cache-Control")).isEqualTo("private, max-age=60");
        var part = site.bytes(site.request("/large").header("Range", "bytes=-2"));
        assertThat(part.statusCode()).isEqualTo(206);
        assertThat(part.body()).containsExactly(large[LARGE - 2], large[LARGE - 1]);
        assertThat(site.raw("HEAD /large HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"))
                .contains("Content-Length: " + LARGE)
                .endsWith("\r\n\r\n");
    }

    @Test
    @Tag("PL-28")
    void itIsLookedForInOnePlaceAfterTheOther() throws Exception {
        assertThat(site.get("/moved").body()).isEqualTo("0123456789");
        assertThat(site.get("/gone").statusCode()).isEqualTo(404);
        assertThat(site.get("/gone").body()).doesNotContain(folder.toString());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "report.pdf        | attachment; filename=\"report.pdf\"",
        "a%20b%25c.txt     | attachment; filename=\"a b_c.txt\"; filename*=UTF-8''a%20b%25c.txt",
        "k%C3%A4se.txt     | attachment; filename=\"k_se.txt\"; filename*=UTF-8''k%C3%A4se.txt",
        "x;y'z(1)          | attachment; filename=\"x;y'z(1)\""
    })
    @Tag("PL-28")
    void browsersSaveItUnderAnyName(String name, String disposition) throws Exception {
        assertThat(header(site.get("/as/" + name), "Content-Disposition")).isEqualTo(disposition);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "..", "a/b", "a\\b", "a\"b", "a\r\nSet-Cookie: x=y", "a\u0000", "con", "a."})
    @Tag("PL-28")
    void aNameThatCouldBeMoreIsRefused(String name) {
        assertThatIllegalArgumentException().isThrownBy(() -> Download.of(folder).as(name));
    }
}
