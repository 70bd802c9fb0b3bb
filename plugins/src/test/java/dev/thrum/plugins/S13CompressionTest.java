package dev.thrum.plugins;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.thrum.http.Limits;
import dev.thrum.promise.Promise;
import dev.thrum.promise.Resolver;
import dev.thrum.web.WebApp;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.InflaterInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Answers packed, requests unpacked, bombs found out (S13).
@Timeout(60)
@Tag("S13")
class S13CompressionTest {
    private static final String TEXT = "the quick brown fox jumps over the lazy dog. ".repeat(1_000);

    @TempDir
    Path folder;

    private final AtomicLong seen = new AtomicLong();
    private final WebApp app = WebApp.create()
            .limits(Limits.standard().withUpload(50 << 20))
            .install(Compression.standard())
            .get("/text", (request, response) -> response.header("ETag", "\"x\"").send(TEXT))
            .get("/small", (request, response) -> response.send("hello"))
            .get("/image", (request, response) -> response.header("Content-Type", "image/png").send(TEXT))
            .get("/raw", (request, response) -> response.header("Cache-Control", "no-transform").send(TEXT))
            .get("/gone", (request, response) -> response.status(204).send())
            .get("/stream", (request, response) -> {
                var body = response.start();
                for (int i = 0; i < 10; i++) {
                    body.write(TEXT);
                }
                body.finish();
            })
            .post("/echo", (request, response) -> response.header("Content-Type", "image/png").send(request.bytes()))
            .post("/count", (request, response) -> response.send(request.stream(bytes -> {
                        seen.addAndGet(bytes.remaining());
                        return Promise.of(true);
                    })
                    .map(count -> count + " " + seen.get())));
    private Site site;

    @AfterEach
    void stop() {
        if (site != null) {
            site.close();
        }
    }

    private Site site() {
        if (site == null) {
            site = Site.of(app);
        }
        return site;
    }

    private HttpResponse<byte[]> get(String path, String accepted) throws Exception {
        return site().bytes(site().request(path).header("Accept-Encoding", accepted));
    }

    private HttpResponse<byte[]> post(String path, String coding, byte[] body) throws Exception {
        return site().bytes(site().request(path)
                .header("Content-Encoding", coding)
                .POST(BodyPublishers.ofByteArray(body)));
    }

    private static String header(HttpResponse<?> answer, String name) {
        return answer.headers().firstValue(name).orElse("");
    }

    private interface Packing {
        OutputStream into(OutputStream out) throws IOException;
    }

    private static byte[] pack(Packing packing, byte[] bytes) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (OutputStream out = packing.into(packed)) {
            out.write(bytes);
        }
        return packed.toByteArray();
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        return pack(GZIPOutputStream::new, bytes);
    }

    private static byte[] deflate(byte[] bytes) throws IOException {
        return pack(DeflaterOutputStream::new, bytes);
    }

    private static String text(InputStream in) throws IOException {
        return new String(in.readAllBytes(), UTF_8);
    }

    // ---- answers

    @Test
    @Tag("PL-60")
    void anAnswerIsPackedForWhoAcceptsIt() throws Exception {
        var gzip = get("/text", "gzip, deflate;q=0.5");
        assertThat(header(gzip, "Content-Encoding")).isEqualTo("gzip");
        assertThat(header(gzip, "Vary")).isEqualTo("Accept-Encoding");
        assertThat(header(gzip, "ETag")).isEqualTo("W/\"x\"");
        assertThat(header(gzip, "Content-Length")).isEqualTo(Integer.toString(gzip.body().length));
        assertThat(gzip.body()).hasSizeLessThan(TEXT.length() / 20);
        assertThat(text(new GZIPInputStream(new ByteArrayInputStream(gzip.body())))).isEqualTo(TEXT);

        var deflate = get("/text", "deflate");
        assertThat(header(deflate, "Content-Encoding")).isEqualTo("deflate");
        assertThat(text(new InflaterInputStream(new ByteArrayInputStream(deflate.body())))).isEqualTo(TEXT);
    }

    @Test
    @Tag("PL-60")
    void aStreamIsPackedPieceByPiece() throws Exception {
        var stream = get("/stream", "gzip");
        assertThat(text(new GZIPInputStream(new ByteArrayInputStream(stream.body())))).isEqualTo(TEXT.repeat(10));
    }

    @Test
    @Tag("PL-60")
    void aFileIsPackedAsItIsRead() throws Exception {
        byte[] noise = new byte[200_000];
        new Random(5).nextBytes(noise);
        Files.write(folder.resolve("noise.txt"), noise);
        Files.writeString(folder.resolve("empty.txt"), "");
        app.install(StaticFiles.of("/f", folder));
        assertThat(new GZIPInputStream(new ByteArrayInputStream(get("/f/noise.txt", "gzip").body())).readAllBytes())
                .isEqualTo(noise);
        assertThat(get("/f/empty.txt", "gzip").body()).isEmpty();
        var again = site().get("/f/noise.txt", "Accept-Encoding", "gzip", "If-None-Match", header(get("/f/noise.txt", "gzip"), "ETag"));
        assertThat(again.statusCode()).isEqualTo(304);
        assertThat(header(site().bytes(site().request("/f/noise.txt").header("Accept-Encoding", "gzip").header("Range", "bytes=0-9")), "Content-Encoding"))
                .isEmpty();
    }

    @Test
    @Tag("PL-60")
    void whatGainsNothingOrMustNotBePackedIsLeftAlone() throws Exception {
        for (String path : new String[] {"/small", "/image", "/raw", "/gone"}) {
            assertThat(header(get(path, "gzip"), "Content-Encoding")).as(path).isEmpty();
        }
        assertThat(header(get("/text", "br"), "Content-Encoding")).isEmpty();
        assertThat(header(get("/text", "br"), "Vary")).isEqualTo("Accept-Encoding");
        assertThat(header(get("/text", "gzip;q=0, deflate;q=0"), "Content-Encoding")).isEmpty();
        assertThat(header(get("/text", "gzip;q=2"), "Content-Encoding")).isEmpty();
        assertThat(header(get("/text", "*"), "Content-Encoding")).isEqualTo("gzip");
        assertThat(site().raw("HEAD /text HTTP/1.1\r\nHost: h\r\nAccept-Encoding: gzip\r\nConnection: close\r\n\r\n"))
                .contains("Vary: Accept-Encoding").endsWith("\r\n\r\n");
    }

    @Test
    @Tag("PL-63")
    void aShortAnswerIsLeftAloneUnlessItIsSaidOtherwise() throws Exception {
        app.get("/of/{n:int}", (request, response) -> response.send("x".repeat(request.pathInt("n"))))
                .get("/announced", (request, response) -> {
                    var body = response.header("Content-Length", "5").start();
                    body.write("hello");
                    body.finish();
                })
                .get("/streamed", (request, response) -> {
                    var body = response.start();
                    body.write("hello");
                    body.finish();
                });
        assertThat(header(get("/of/1023", "gzip"), "Content-Encoding")).isEmpty();
        assertThat(header(get("/of/1023", "gzip"), "Vary")).isEmpty();
        assertThat(header(get("/of/1024", "gzip"), "Content-Encoding")).isEqualTo("gzip");
        assertThat(header(get("/announced", "gzip"), "Content-Encoding")).isEmpty();
        assertThat(header(get("/streamed", "gzip"), "Content-Encoding")).isEqualTo("gzip");
        app.uninstall(Compression.class).install(Compression.standard().withMinimum(2));
        try (Site other = Site.of(app)) {
            assertThat(header(other.get("/of/1", "Accept-Encoding", "gzip"), "Content-Encoding")).isEmpty();
            assertThat(header(other.get("/of/2", "Accept-Encoding", "gzip"), "Content-Encoding")).isEqualTo("gzip");
        }
        assertThatIllegalArgumentException().isThrownBy(() -> Compression.standard().withMinimum(-1));
    }

    // ---- requests

    @Test
    @Tag("PL-61")
    void aRequestIsUnpackedForWhoeverReadsIt() throws Exception {
        byte[] body = TEXT.getBytes(UTF_8);
        assertThat(post("/echo", "gzip", gzip(body)).body()).isEqualTo(body);
        assertThat(post("/echo", "X-GZIP", gzip(body)).body()).isEqualTo(body);
        assertThat(post("/echo", "deflate", deflate(body)).body()).isEqualTo(body);
        assertThat(post("/echo", "identity", body).body()).isEqualTo(body);
        assertThat(post("/echo", "gzip", gzip(new byte[0])).body()).isEmpty();
        assertThat(post("/echo", "gzip", new byte[0]).body()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"br", "gzip, gzip", "gzip, identity, deflate", "compress", "zip"})
    @Tag("PL-61")
    void anotherCodingOrSeveralAreRefused(String coding) throws Exception {
        var answer = post("/echo", coding, gzip(new byte[10]));
        assertThat(answer.statusCode()).isEqualTo(415);
        assertThat(header(answer, "Accept-Encoding")).isEqualTo("gzip, deflate");
    }

    @Test
    @Tag("PL-61")
    void whatIsNotWholeOrNotWellPackedIsRefused() throws Exception {
        byte[] packed = gzip(TEXT.getBytes(UTF_8));
        for (int cut : new int[] {1, 5, 9, 10, 12, packed.length / 2, packed.length - 8, packed.length - 1}) {
            assertThat(post("/echo", "gzip", Arrays.copyOf(packed, cut)).statusCode()).as("cut at " + cut).isEqualTo(400);
        }
        assertThat(post("/echo", "gzip", Arrays.copyOf(packed, packed.length + 1)).statusCode()).isEqualTo(400);
        for (int at : new int[] {0, 1, 2, 3, packed.length / 2, packed.length - 1, packed.length - 5}) {
            byte[] broken = packed.clone();
            broken[at] ^= (byte) 0xe0;
            assertThat(post("/echo", "gzip", broken).statusCode()).as("broken at " + at).isEqualTo(400);
        }
        assertThat(post("/echo", "deflate", Arrays.copyOf(deflate(new byte[100]), 5)).statusCode()).isEqualTo(400);
    }

    @Test
    @Tag("PL-61")
    void aHeaderWithAllItsPartsMayBeCutAnywhere() throws Exception {
        byte[] plain = gzip("hello".getBytes(UTF_8));
        byte[] head = {0x1f, (byte) 0x8b, 8, 4 + 8 + 16 + 2, 0, 0, 0, 0, 0, 0, 3, 0, 1, 2, 3, 'n', 'a', 0, 'c', 0, 9, 9};
        byte[] all = Arrays.copyOf(head, head.length + plain.length - 10);
        System.arraycopy(plain, 10, all, head.length, plain.length - 10);
        for (int cut = 1; cut < all.length; cut++) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            Inflation inflation = new Inflation(true);
            UnpackedBody body = new UnpackedBody(inflation, 200);
            unpack(body, Arrays.copyOf(all, cut), out);
            unpack(body, Arrays.copyOfRange(all, cut, all.length), out);
            body.end(bytes -> Promise.of(true));
            assertThat(out.toString(UTF_8)).isEqualTo("hello");
            inflation.close();
        }
    }

    private static void unpack(UnpackedBody body, byte[] piece, ByteArrayOutputStream out) {
        body.take(ByteBuffer.wrap(piece), bytes -> {
            out.write(bytes.array(), bytes.position(), bytes.remaining());
            return Promise.of(true);
        });
    }

    @Test
    @Tag("PL-61")
    void aSlowReaderGetsOnePieceAtATime() throws Exception {
        Inflation inflation = new Inflation(true);
        Resolver<Boolean> busy = Resolver.create();
        AtomicLong pieces = new AtomicLong();
        Promise<?> taken = new UnpackedBody(inflation, 2_000).take(ByteBuffer.wrap(gzip(new byte[100_000])), bytes -> {
            pieces.incrementAndGet();
            return busy.promise();
        });
        assertThat(pieces).hasValue(1);
        assertThat(taken.state()).isInstanceOf(Promise.Pending.class);
        busy.resolve(true);
        taken.await();
        assertThat(pieces).hasValueGreaterThan(10);
        inflation.close();
    }

    // ---- bombs

    @Test
    @Tag("PL-62")
    void aBombIsFoundOutByItsRatioAndByTheLimit() throws Exception {
        byte[] zeros = new byte[20 << 20];
        var streamed = post("/count", "gzip", gzip(zeros));
        assertThat(streamed.statusCode()).isEqualTo(413);
        assertThat(new String(streamed.body(), UTF_8)).contains("limit ratio");
        assertThat(seen.get()).isLessThan(5 << 20);
        var held = post("/echo", "gzip", gzip(zeros));
        assertThat(held.statusCode()).isEqualTo(413);
        assertThat(new String(post("/echo", "deflate", deflate(zeros)).body(), UTF_8)).contains("limit");

        byte[] noise = new byte[3 << 20]; // no bomb, but more than a body may have
        new Random(6).nextBytes(noise);
        Arrays.fill(noise, 1 << 20, 3 << 20, (byte) 'x');
        assertThat(new String(post("/echo", "gzip", gzip(noise)).body(), UTF_8)).contains("limit body");
    }

    @Test
    @Tag("PL-62")
    void aBombInABombIsStillOne() throws Exception {
        byte[] nested = gzip(gzip(new byte[30 << 20]));
        var answer = post("/count", "gzip", nested); // unpacked once, never twice
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(seen.get()).isLessThan(100_000);
        assertThatIllegalArgumentException().isThrownBy(() -> Compression.standard().withRatio(0));
        assertThatIllegalArgumentException().isThrownBy(() -> Compression.standard().withLevel(10));
    }
}
