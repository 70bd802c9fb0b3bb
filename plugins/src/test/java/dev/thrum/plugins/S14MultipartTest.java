package dev.thrum.plugins;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.http.HttpException;
import dev.thrum.http.Limits;
import dev.thrum.promise.Promise;
import dev.thrum.web.WebApp;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Forms with files: what they hold, and what they may not (S14, defect 7).
@Timeout(60)
@Tag("S14")
class S14MultipartTest {
    static final String TYPE = "multipart/form-data; boundary=XX";

    @TempDir
    Path uploads;

    @TempDir
    Path kept;

    private final WebApp app = WebApp.create();
    private Multipart multipart;
    private Site site;

    @BeforeEach
    void setUp() {
        multipart = Multipart.standard().withDirectory(uploads);
        app.install(Forms.standard())
                .post("/form", (request, response) -> response.send(Multipart.form(request).then(S14MultipartTest::told)))
                .post("/fields", (request, response) -> response.send(
                        Forms.all(request).map(all -> all.names() + " " + all.first("a").orElse(""))))
                .post("/keep", (request, response) -> response.send(Multipart.form(request)
                        .then(form -> form.files().getFirst().moveTo(kept.resolve("kept")))
                        .map(path -> "kept")));
    }

    @AfterEach
    void stop() {
        if (site != null) {
            site.close();
        }
    }

    private Site site() {
        if (site == null) {
            site = Site.of(app.install(multipart));
        }
        return site;
    }

    private static Promise<String> told(MultipartForm form) {
        StringBuilder text = new StringBuilder();
        form.fields().forEach((name, value) -> text.append(name).append('=').append(value).append(';'));
        if (form.files().isEmpty()) {
            return Promise.of(text.toString());
        }
        Upload file = form.files().getFirst();
        return file.bytes(1 << 20).map(bytes -> text + file.name() + ":" + file.fileName() + ":" + file.contentType() + ":"
                + file.size() + ":" + (bytes.length < 100 ? new String(bytes, UTF_8) : "long"));
    }

    static String part(String disposition, String content) {
        return "--XX\r\nContent-Disposition: form-data; " + disposition + "\r\n\r\n" + content + "\r\n";
    }

    static String form(String... parts) {
        return String.join("", parts) + "--XX--\r\n";
    }

    private HttpResponse<String> post(String path, String body) throws Exception {
        return site().send(site().request(path)
                .header("Content-Type", TYPE)
                .POST(BodyPublishers.ofString(body, UTF_8)));
    }

    private List<Path> left() throws IOException {
        try (Stream<Path> files = Files.list(uploads)) {
            return files.toList();
        }
    }

    private void awaitNothingLeft() throws Exception {
        while (!left().isEmpty()) {
            Thread.onSpinWait(); // the test's own timeout ends it
        }
    }

    // ---- what it holds

    @Test
    @Tag("PL-30")
    void textsAndFilesAreToldApart() throws Exception {
        String body = form(
                part("name=\"a\"", "1"),
                part("name=\"a\"", "käse\r\n-- & more"),
                part("name=\"empty\"", ""),
                part("name=\"file\"; filename=\"C:\\dir\\fi%22le.txt\"\r\nContent-Type: text/x", "in\r\n--X\r\nside"));
        assertThat(post("/form", body).body())
                .isEqualTo("a=1;a=käse\r\n-- & more;empty=;file:fi\"le.txt:text/x:13:in\r\n--X\r\nside");
        assertThat(post("/form", form()).body()).isEmpty();
        awaitNothingLeft();
    }

    @Test
    @Tag("PL-30")
    void itsTextsAreVariablesOfTheForm() throws Exception {
        assertThat(post("/fields?q=1", form(part("name=a", "x"), part("name=b", "y"))).body()).isEqualTo("[q, a, b] x");
    }

    @Test
    @Tag("PL-30")
    void anotherTypeOrNoBoundaryIsRefused() throws Exception {
        assertThat(site().post("/form", "text/plain", "x").statusCode()).isEqualTo(415);
        for (String type : List.of("multipart/form-data", "multipart/form-data; boundary=\"\"",
                "multipart/form-data; boundary=" + "x".repeat(71), "multipart/form-data; boundary=\"a b \"")) {
            assertThat(site().post("/form", type, form()).statusCode()).as(type).isEqualTo(400);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "",
        "--XX",
        "preamble\r\n--XX--\r\n",
        "--XX--x--XX\r\n\r\n\r\n",
        "--XXX\r\n",
        "--XX \r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n--XX--",
        "--XX\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n--XX",
        "--XX\r\nContent-Disposition: form-data; name=a\r\n\r\n1--XX--",
        "--XX\r\nContent-Disposition: form-data\r\n\r\n1\r\n--XX--",
        "--XX\r\nContent-Disposition: attachment; name=a\r\n\r\n1\r\n--XX--",
        "--XX\r\nContent-Type: text/plain\r\n\r\n1\r\n--XX--",
        "--XX\r\n\r\n1\r\n--XX--",
        "--XX\r\nContent-Disposition: form-data; name=a; name=b\r\n\r\n1\r\n--XX--",
        "--XX\r\nContent-Disposition: form-data; name=\"a\r\n\r\n1\r\n--XX--",
        "--XX\r\nContent-Disposition: form-data; name=a\r\nContent-Disposition: form-data; name=b\r\n\r\n1\r\n--XX--",
        "--XX\r\nContent-Disposition form-data; name=a\r\n\r\n1\r\n--XX--",
        "--XX\nContent-Disposition: form-data; name=a\n\n1\n--XX--",
        "--XX\r\nContent-Disposition: form-data; name=\"a\u0000b\"\r\n\r\n1\r\n--XX--"
    })
    @Tag("PL-31")
    void whatIsMalformedIsRefusedAndLeavesNothing(String body) throws Exception {
        boolean odd = body.startsWith("--XX--x"); // what follows the last boundary is ignored
        assertThat(post("/form", body).statusCode()).isEqualTo(odd ? 200 : 400);
        awaitNothingLeft();
    }

    @Test
    @Tag("PL-31")
    void otherEncodingsAreRefused() throws Exception {
        assertThat(post("/form", form(part("name=a\r\nContent-Transfer-Encoding: base64", "MQ=="))).statusCode())
                .isEqualTo(415);
        assertThat(post("/form", form(part("name=a\r\nContent-Type: text/plain; charset=utf-16", "1"))).statusCode())
                .isEqualTo(415);
        assertThat(site().send(site().request("/form").header("Content-Type", TYPE)
                                .POST(BodyPublishers.ofByteArray(form(part("name=a", "\u00ff")).getBytes(ISO_8859_1))))
                        .statusCode())
                .isEqualTo(400);
    }

    // ---- limits

    private void assertLimit(String name, String body) throws Exception {
        var answer = post("/form", body);
        assertThat(answer.statusCode()).isEqualTo(413);
        assertThat(answer.body()).contains("limit " + name);
        awaitNothingLeft();
    }

    @Test
    @Tag("PL-32")
    void everyLimitIsA413WithItsName() throws Exception {
        multipart = multipart.withParts(3).withTexts(100, 150).withFile(1_000);
        assertThat(post("/form", form(part("name=a", "x".repeat(100)), part("name=b; filename=f", "y".repeat(1_000))))
                        .statusCode())
                .isEqualTo(200);
        assertLimit("parts", form(part("name=a", ""), part("name=a", ""), part("name=a", ""), part("name=a", "")));
        assertLimit("text", form(part("name=a", "x".repeat(101))));
        assertLimit("texts", form(part("name=a", "x".repeat(80)), part("name=b", "x".repeat(80))));
        assertLimit("file", form(part("name=a; filename=f", "x".repeat(1_001))));
        assertLimit("partHead", form(part("name=\"" + "x".repeat(5_000) + "\"", "1")));
        assertLimit("partHead", form(part("name=a" + "\r\nX: y".repeat(16), "1")));
        assertLimit("partHead", "--XX\r\n" + "x".repeat(5_000));
    }

    @Test
    @Tag("PL-32")
    void theWholeUploadHasALimitToo() throws Exception {
        app.limits(Limits.standard().withUpload(10_000));
        assertLimit("upload", form(part("name=a; filename=f", "x".repeat(10_001))));
    }

    @Test
    @Tag("PL-32")
    void manyPartsAndAFormOfBoundariesCostNothing() throws Exception {
        String many = IntStream.range(0, 3_000).mapToObj(n -> part("name=f" + n, "")).collect(Collectors.joining());
        assertLimit("parts", form(many));
        String almost = form(part("name=a; filename=f", "\r\n--X".repeat(100_000)));
        assertThat(post("/form", almost).body()).contains(":500000:");
    }

    // ---- files

    @Test
    @Tag("PL-33")
    void aFileThatWasMovedAwayStays() throws Exception {
        assertThat(post("/keep", form(part("name=f; filename=x", "content"))).body()).isEqualTo("kept");
        assertThat(kept.resolve("kept")).hasContent("content");
        assertThat(left()).isEmpty();
    }

    @Test
    @Tag("PL-33")
    void aLargeFileGoesToTheDiskByteForByte() throws Exception {
        byte[] large = new byte[10 << 20];
        new Random(3).nextBytes(large);
        byte[] head = "--XX\r\nContent-Disposition: form-data; name=f; filename=x\r\n\r\n".getBytes(UTF_8);
        byte[] foot = "\r\n--XX--\r\n".getBytes(UTF_8);
        assertThat(site().send(site().request("/keep").header("Content-Type", TYPE)
                                .POST(BodyPublishers.ofByteArrays(List.of(head, large, foot))))
                        .body())
                .isEqualTo("kept");
        assertThat(Files.readAllBytes(kept.resolve("kept"))).isEqualTo(large);
    }

    // ---- the parser by itself

    private static String parse(byte[] body, int... cuts) {
        MultipartParser parser = new MultipartParser("XX", 1_000);
        StringBuilder told = new StringBuilder();
        List<Integer> ends = new ArrayList<>();
        for (int cut : cuts) {
            ends.add(cut);
        }
        ends.add(body.length);
        int from = 0;
        for (int end : ends) {
            parser.feed(ByteBuffer.wrap(body, from, end - from));
            from = end;
            for (var event = parser.next(); event != MultipartParser.Event.MORE && event != MultipartParser.Event.END;
                    event = parser.next()) {
                switch (event) {
                    case PART -> told.append('[').append(parser.head()).append('|');
                    case CONTENT -> told.append(ISO_8859_1.decode(parser.content()));
                    default -> told.append(']');
                }
            }
        }
        return told.append(parser.isAtEnd()).toString();
    }

    @Test
    @Tag("PL-36")
    void aFormMayBeCutAnywhere() {
        byte[] body = ("--XX\r\nA: b\r\n\r\n1\r\n--X\r\r\n\r\n--XX\r\n\r\n\r\n--XX\r\nC: d\r\n\r\n2\r\n--XX--tail").getBytes(ISO_8859_1);
        String whole = "[A: b|1\r\n--X\r\r\n][|][C: d|2]true";
        assertThat(parse(body)).isEqualTo(whole);
        for (int first = 0; first <= body.length; first++) {
            for (int second = first; second <= body.length; second++) {
                assertThat(parse(body, first, second)).isEqualTo(whole);
            }
        }
    }

    @Test
    @Tag("PL-36")
    void anyBytesAreAFormOrRefused() {
        Random random = new Random(4);
        byte[] alphabet = "-X\r\n:a=\";b".getBytes(ISO_8859_1);
        for (int i = 0; i < 20_000; i++) {
            byte[] body = new byte[random.nextInt(60)];
            for (int j = 0; j < body.length; j++) {
                body[j] = alphabet[random.nextInt(alphabet.length)];
            }
            byte[] start = "--XX\r\n".getBytes(ISO_8859_1);
            byte[] all = ByteBuffer.allocate(start.length + body.length).put(start).put(body).array();
            try {
                parse(all, Math.min(all.length, 3 + random.nextInt(10)));
            } catch (HttpException refused) {
                assertThat(refused.status()).isIn(400, 413);
            }
        }
        assertThatThrownBy(() -> PartHead.parse("x")).isInstanceOf(HttpException.class);
    }
}
