package dev.thrum.plugins;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.thrum.web.WebApp;
import java.io.InputStream;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
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

/// Files, whole and in parts, for those who have them already, and for those who are slow.
@Timeout(60)
class StaticFilesTest {
    private static final int LARGE = 3_000_000;

    @TempDir
    Path root;

    private final byte[] large = new byte[LARGE];
    private StaticFiles files;
    private Site site;

    @BeforeEach
    void files() throws Exception {
        new Random(1).nextBytes(large);
        Files.writeString(root.resolve("page.html"), "0123456789");
        Files.write(root.resolve("large.bin"), large);
        Files.createDirectories(root.resolve("dir with space/deep"));
        Files.writeString(root.resolve("dir with space/index.html"), "index");
        Files.writeString(root.resolve("käse.TXT"), "brie");
        Files.writeString(root.resolve("empty"), "");
        Files.writeString(root.resolve("app.3f2a91bc.js"), "x");
        files = StaticFiles.of("/files", root);
    }

    @AfterEach
    void stop() {
        if (site != null) {
            site.close();
        }
    }

    private Site site() {
        if (site == null) {
            site = Site.of(WebApp.create().install(files));
        }
        return site;
    }

    private HttpResponse<String> get(String path, String... headers) throws Exception {
        return site().get(path, headers);
    }

    private static String header(HttpResponse<?> answer, String name) {
        return answer.headers().firstValue(name).orElse("");
    }

    @Test
    @Tag("PL-20")
    void aFileComesWithLengthTypeAndTag() throws Exception {
        var answer = get("/files/page.html");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("0123456789");
        assertThat(header(answer, "Content-Length")).isEqualTo("10");
        assertThat(header(answer, "Content-Type")).isEqualTo("text/html; charset=utf-8");
        assertThat(header(answer, "ETag")).matches("\"[0-9a-f]+-a\"");
        assertThat(header(answer, "Last-Modified")).endsWith(" GMT");
        assertThat(header(answer, "Cache-Control")).isEqualTo("no-cache");
        assertThat(header(answer, "X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(get("/files/k%C3%A4se.TXT").body()).isEqualTo("brie");
        assertThat(get("/files/empty").body()).isEmpty();
        assertThat(header(get("/files/empty"), "Content-Type")).isEqualTo("application/octet-stream");
    }

    @Test
    @Tag("PL-20")
    void headHasTheHeadersOfGetAndNoBody() throws Exception {
        for (String path : new String[] {"/files/page.html", "/files/large.bin"}) {
            var head = site().send(site().request(path).method("HEAD", BodyPublishers.noBody()));
            var get = site().bytes(site().request(path));
            assertThat(head.body()).isEmpty();
            for (String name : new String[] {"ETag", "Content-Length", "Content-Type", "Last-Modified", "Accept-Ranges"}) {
                assertThat(header(head, name)).as(name).isNotEmpty().isEqualTo(header(get, name));
            }
        }
    }

    @Test
    @Tag("PL-20")
    void aLargeFileIsStreamedByteForByte() throws Exception {
        assertThat(site().bytes(site().request("/files/large.bin")).body()).isEqualTo(large);
    }

    @Test
    @Tag("PL-20")
    @Tag("D-1")
    void aSlowClientHoldsNoMoreThanAPieceInMemoryAndGetsEverything() throws Exception {
        byte[] huge = new byte[64 << 20];
        new Random(2).nextBytes(huge);
        Files.write(root.resolve("huge.bin"), huge);
        System.gc();
        long before = used();
        try (Socket slow = new Socket()) {
            slow.setReceiveBufferSize(8 << 10);
            slow.connect(new java.net.InetSocketAddress("127.0.0.1", site().port()));
            slow.getOutputStream()
                    .write("GET /files/huge.bin HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n".getBytes(UTF_8));
            InputStream in = slow.getInputStream();
            assertThat(in.readNBytes(15)).asString(UTF_8).isEqualTo("HTTP/1.1 200 OK");
            for (int i = 0; i < 50; i++) {
                assertThat(get("/files/page.html").statusCode()).isEqualTo(200); // others are served meanwhile
            }
            System.gc();
            assertThat(used() - before).isLessThan(32 << 20);
            byte[] all = in.readAllBytes();
            assertThat(java.util.Arrays.equals(all, all.length - huge.length, all.length, huge, 0, huge.length)).isTrue();
        }
    }

    private static long used() {
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    @Test
    @Tag("PL-20")
    void whatIsNotThereIsLeftToTheNextRoute() throws Exception {
        site = Site.of(WebApp.create()
                .install(files)
                .get("/{rest:path}", (request, response) -> response.send("next " + request.path())));
        assertThat(get("/files/missing").body()).isEqualTo("next /files/missing");
        assertThat(get("/files/page.html/x").body()).isEqualTo("next /files/page.html/x");
        assertThat(get("/files/page.html/").body()).isEqualTo("next /files/page.html/");
        assertThat(get("/files/" + "x".repeat(300)).body()).startsWith("next ");
    }

    @Test
    @Tag("PL-21")
    void aDirectoryIsItsPageAtItsPathWithASlash() throws Exception {
        var answer = get("/files/dir%20with%20space?a=b");
        assertThat(answer.statusCode()).isEqualTo(308);
        assertThat(header(answer, "Location")).isEqualTo("/files/dir%20with%20space/?a=b");
        assertThat(get("/files/dir%20with%20space/").body()).isEqualTo("index");
        assertThat(header(get("/files"), "Location")).isEqualTo("/files/");
        assertThat(get("/files/").statusCode()).isEqualTo(404);
        assertThat(get("/files/dir%20with%20space/deep/").statusCode()).isEqualTo(404);
    }

    // ---- conditions

    @Test
    @Tag("PL-22")
    void whoHasTheFileGetsA304() throws Exception {
        var first = get("/files/page.html");
        String tag = header(first, "ETag");
        String date = header(first, "Last-Modified");
        for (String list : new String[] {tag, "W/" + tag, "\"x\", " + tag, "*"}) {
            var again = get("/files/page.html", "If-None-Match", list);
            assertThat(again.statusCode()).isEqualTo(304);
            assertThat(again.body()).isEmpty();
            assertThat(header(again, "ETag")).isEqualTo(tag);
        }
        assertThat(get("/files/page.html", "If-None-Match", "\"x\"").statusCode()).isEqualTo(200);
        assertThat(get("/files/page.html", "If-Modified-Since", date).statusCode()).isEqualTo(304);
        assertThat(get("/files/page.html", "If-Modified-Since", "Sun, 06 Nov 1994 08:49:37 GMT").statusCode())
                .isEqualTo(200);
        assertThat(get("/files/page.html", "If-None-Match", "\"x\"", "If-Modified-Since", date).statusCode())
                .isEqualTo(200);
        assertThat(get("/files/page.html", "If-Modified-Since", "yesterday").statusCode()).isEqualTo(200);
    }

    @Test
    @Tag("PL-22")
    void whoInsistsOnAnotherFileGetsA412() throws Exception {
        String tag = header(get("/files/page.html"), "ETag");
        assertThat(get("/files/page.html", "If-Match", tag).statusCode()).isEqualTo(200);
        assertThat(get("/files/page.html", "If-Match", "\"x\"").statusCode()).isEqualTo(412);
        assertThat(get("/files/page.html", "If-Match", "W/" + tag).statusCode()).isEqualTo(412);
        assertThat(get("/files/page.html", "If-Unmodified-Since", "Sun, 06 Nov 1994 08:49:37 GMT").statusCode())
                .isEqualTo(412);
        assertThat(get("/files/page.html", "If-Unmodified-Since", "Saturday, 06-Nov-49 08:49:37 GMT").statusCode())
                .isEqualTo(200);
    }

    @Test
    @Tag("PL-22")
    void aFileThatHasChangedHasAnotherTag() throws Exception {
        String tag = header(get("/files/page.html"), "ETag");
        Files.writeString(root.resolve("page.html"), "9876543210");
        Files.setLastModifiedTime(root.resolve("page.html"), java.nio.file.attribute.FileTime.fromMillis(1_000_000_000_000L));
        assertThat(get("/files/page.html", "If-None-Match", tag).body()).isEqualTo("9876543210");
    }

    // ---- ranges

    @ParameterizedTest
    @CsvSource({
        "bytes=0-3, 206, 0123, bytes 0-3/10",
        "bytes=4-, 206, 456789, bytes 4-9/10",
        "bytes=-3, 206, 789, bytes 7-9/10",
        "bytes=-99, 206, 0123456789, bytes 0-9/10",
        "bytes=8-99, 206, 89, bytes 8-9/10",
        "'bytes=0-1,1-3', 206, 0123, bytes 0-3/10",
        "bytes=10-, 416, '', bytes */10",
        "bytes=-0, 416, '', bytes */10",
        "bytes=5-4, 200, 0123456789, ''",
        "bytes=x-y, 200, 0123456789, ''",
        "bytes=, 200, 0123456789, ''",
        "bytes=1--2, 200, 0123456789, ''",
        "lines=1-2, 200, 0123456789, ''",
        "bytes=0-99999999999999999999, 200, 0123456789, ''"
    })
    @Tag("PL-23")
    void aPartIsAPart(String range, int status, String body, String contentRange) throws Exception {
        var answer = get("/files/page.html", "Range", range);
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.body()).isEqualTo(body);
        assertThat(header(answer, "Content-Range")).isEqualTo(contentRange);
    }

    @Test
    @Tag("PL-23")
    void severalPartsComeInOneAnswer() throws Exception {
        var answer = site().bytes(site().request("/files/large.bin").header("Range", "bytes=0-1,1000000-1000001,-2"));
        assertThat(answer.statusCode()).isEqualTo(206);
        String type = header(answer, "Content-Type");
        assertThat(type).startsWith("multipart/byteranges; boundary=");
        String boundary = type.substring(type.indexOf('=') + 1);
        String body = new String(answer.body(), java.nio.charset.StandardCharsets.ISO_8859_1);
        assertThat(body)
                .startsWith("--" + boundary + "\r\nContent-Type: application/octet-stream\r\nContent-Range: bytes 0-1/3000000\r\n\r\n"
                        + latin(0, 2) + "\r\n--" + boundary)
                .contains("Content-Range: bytes 1000000-1000001/3000000\r\n\r\n" + latin(1_000_000, 2) + "\r\n--")
                .endsWith("Content-Range: bytes 2999998-2999999/3000000\r\n\r\n" + latin(LARGE - 2, 2) + "\r\n--" + boundary
                        + "--\r\n");
        assertThat(header(answer, "Content-Length")).isEqualTo(Integer.toString(answer.body().length));
    }

    private String latin(int from, int length) {
        return new String(large, from, length, java.nio.charset.StandardCharsets.ISO_8859_1);
    }

    @Test
    @Tag("PL-23")
    void moreThanSixteenPartsAreTheWholeFileAndNoByteIsSentTwice() throws Exception {
        assertThat(get("/files/page.html", "Range", "bytes=" + "0-0,".repeat(17)).statusCode()).isEqualTo(200);
        var overlapping = site().bytes(
                        site().request("/files/large.bin").header("Range", "bytes=0-,0-,0-,0-,0-,0-,0-,0-,0-,0-"));
        assertThat(overlapping.body()).hasSize(LARGE);
    }

    @Test
    @Tag("PL-23")
    void aPartOfAnotherFileIsNotSent() throws Exception {
        var first = get("/files/page.html");
        assertThat(get("/files/page.html", "Range", "bytes=0-3", "If-Range", header(first, "ETag")).body())
                .isEqualTo("0123");
        assertThat(get("/files/page.html", "Range", "bytes=0-3", "If-Range", header(first, "Last-Modified")).body())
                .isEqualTo("0123");
        assertThat(get("/files/page.html", "Range", "bytes=0-3", "If-Range", "\"x\"").body()).isEqualTo("0123456789");
        assertThat(get("/files/page.html", "Range", "bytes=0-3", "If-Range", "W/" + header(first, "ETag")).body())
                .isEqualTo("0123456789");
    }

    // ---- packed, kept, in the place of others

    @Test
    @Tag("PL-24")
    void aPackedFileIsSentToWhoAcceptsIt() throws Exception {
        Files.writeString(root.resolve("page.html.gz"), "packed by gzip");
        Files.writeString(root.resolve("page.html.br"), "packed by brotli");
        files = files.withPrecompressed();
        assertThat(get("/files/page.html").body()).isEqualTo("0123456789");
        var packed = get("/files/page.html", "Accept-Encoding", "gzip, br");
        assertThat(packed.body()).isEqualTo("packed by brotli");
        assertThat(header(packed, "Content-Encoding")).isEqualTo("br");
        assertThat(header(packed, "Content-Type")).isEqualTo("text/html; charset=utf-8");
        assertThat(header(packed, "Vary")).isEqualTo("Accept-Encoding");
        assertThat(header(get("/files/page.html"), "Vary")).isEqualTo("Accept-Encoding");
        assertThat(get("/files/page.html", "Accept-Encoding", "gzip;q=0.5, br;q=0").body()).isEqualTo("packed by gzip");
        assertThat(get("/files/page.html", "Accept-Encoding", "gzip;q=0").body()).isEqualTo("0123456789");
        assertThat(header(packed, "ETag")).isNotEqualTo(header(get("/files/page.html"), "ETag"));
    }

    @Test
    @Tag("PL-24")
    void filesAreKeptAsLongAsItIsSaid() throws Exception {
        files = files.withMaxAge(Duration.ofHours(1)).withFingerprints().withType("html", "text/plain");
        assertThat(header(get("/files/page.html"), "Cache-Control")).isEqualTo("public, max-age=3600");
        assertThat(header(get("/files/page.html"), "Content-Type")).isEqualTo("text/plain");
        assertThat(header(get("/files/app.3f2a91bc.js"), "Cache-Control"))
                .isEqualTo("public, max-age=31536000, immutable");
    }

    @Test
    @Tag("PL-25")
    void thePageOfAnApplicationIsSentToBrowsersThatGoSomewhere() throws Exception {
        files = StaticFiles.of("/", root).withFallback("page.html");
        assertThat(get("/photos/7", "Accept", "text/html,*/*").body()).isEqualTo("0123456789");
        assertThat(get("/photos/7", "Accept", "text/html", "Sec-Fetch-Mode", "cors").statusCode())
                .isEqualTo(404);
        assertThat(get("/missing.js", "Accept", "*/*").statusCode()).isEqualTo(404);
        assertThat(get("/empty", "Accept", "text/html").body()).isEmpty();
    }

    // ---- S17

    @ParameterizedTest
    @ValueSource(strings = {"files", "", "/a//b", "/../x", "/a/./b", "/{x}", "/a?b"})
    void aPrefixThatIsNoneIsRefused(String prefix) {
        assertThatIllegalArgumentException().isThrownBy(() -> StaticFiles.of(prefix, root));
    }
}
