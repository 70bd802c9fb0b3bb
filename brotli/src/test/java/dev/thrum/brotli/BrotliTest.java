package dev.thrum.brotli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.aayushatharva.brotli4j.decoder.BrotliInputStream;
import com.aayushatharva.brotli4j.encoder.BrotliOutputStream;
import com.aayushatharva.brotli4j.encoder.Encoder;
import dev.thrum.http.HttpException;
import dev.thrum.http.Limits;
import dev.thrum.plugins.Compression;
import dev.thrum.plugins.ContentCoding;
import dev.thrum.plugins.StaticFiles;
import dev.thrum.promise.Promise;
import dev.thrum.web.Listener;
import dev.thrum.web.Server;
import dev.thrum.web.WebApp;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Answers packed and requests unpacked by `br`, bombs found out (S13). What packs and unpacks on the other side is the library's own;
/// `verify/peers` asks with curl.
@Timeout(120)
class BrotliTest {
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final String TEXT = "the quick brown fox jumps over the lazy dog. ".repeat(1_000);

    @TempDir
    Path folder;

    private final AtomicLong seen = new AtomicLong();
    private final WebApp app = WebApp.create()
            .limits(Limits.standard().withUpload(100 << 20))
            .install(Compression.standard().with(Brotli.standard()))
            .get("/text", (request, response) -> response.header("ETag", "\"x\"").send(TEXT))
            .get("/short", (request, response) -> response.send("hello"))
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
    private Server server;

    @AfterEach
    void stop() {
        if (server != null) {
            server.close(Duration.ZERO);
        }
    }

    private HttpResponse<byte[]> send(String path, HttpRequest.Builder request) throws Exception {
        if (server == null) {
            server = app.start(Listener.http(0).withHost("127.0.0.1"));
        }
        URI uri = URI.create("http://127.0.0.1:" + server.ports().getFirst() + path);
        return CLIENT.send(request.uri(uri).timeout(Duration.ofSeconds(60)).build(), BodyHandlers.ofByteArray());
    }

    private HttpResponse<byte[]> get(String path, String accepted) throws Exception {
        return send(path, HttpRequest.newBuilder().header("Accept-Encoding", accepted));
    }

    private HttpResponse<byte[]> post(String path, byte[] body) throws Exception {
        return send(path, HttpRequest.newBuilder().header("Content-Encoding", "br").POST(BodyPublishers.ofByteArray(body)));
    }

    private static String header(HttpResponse<?> answer, String name) {
        return answer.headers().firstValue(name).orElse("");
    }

    private static byte[] packed(byte[] bytes, int windowBits) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (BrotliOutputStream packing = new BrotliOutputStream(out, Encoder.Parameters.create(5, windowBits))) {
            packing.write(bytes);
        }
        return out.toByteArray();
    }

    private static byte[] unpacked(byte[] bytes) throws IOException {
        try (BrotliInputStream in = new BrotliInputStream(new ByteArrayInputStream(bytes))) {
            return in.readAllBytes();
        }
    }

    private static byte[] noise(int length) {
        byte[] noise = new byte[length];
        new Random(length).nextBytes(noise);
        return noise;
    }

    // ---- answers

    @Test
    @Tag("BR-1")
    void anAnswerIsPackedForWhoAcceptsIt() throws Exception {
        var packed = get("/text", "gzip, deflate, br");
        assertThat(header(packed, "Content-Encoding")).isEqualTo("br");
        assertThat(header(packed, "Vary")).isEqualTo("Accept-Encoding");
        assertThat(header(packed, "ETag")).isEqualTo("W/\"x\"");
        assertThat(packed.body()).hasSizeLessThan(TEXT.length() / 100);
        assertThat(unpacked(packed.body())).asString(UTF_8).isEqualTo(TEXT);
        assertThat(header(get("/text", "gzip, br;q=0.9"), "Content-Encoding")).isEqualTo("gzip");
        assertThat(header(get("/text", "gzip"), "Content-Encoding")).isEqualTo("gzip");
        assertThat(header(get("/short", "br"), "Content-Encoding")).isEmpty();
    }

    @Test
    @Tag("BR-1")
    void aStreamCanBeUnpackedPieceByPiece() throws Exception {
        assertThat(unpacked(get("/stream", "br").body())).asString(UTF_8).isEqualTo(TEXT.repeat(10));
        BrotliPacking packing = new BrotliPacking(Encoder.Parameters.create(4, 19));
        BrotliUnpacking unpacking = new BrotliUnpacking();
        for (int length : new int[] {1, 100, 100_000, 7}) {
            byte[] piece = noise(length);
            ByteBuffer direct = ByteBuffer.allocateDirect(length).put(piece).flip();
            unpacking.feed(packing.filter(length == 7 ? direct : ByteBuffer.wrap(piece), false));
            assertThat(drained(unpacking)).isEqualTo(piece);
            assertThat(unpacking.isWhole()).isFalse();
        }
        unpacking.feed(packing.filter(ByteBuffer.allocate(0), true));
        assertThat(drained(unpacking)).isEmpty();
        assertThat(unpacking.isWhole()).isTrue();
        packing.close();
        unpacking.close();
    }

    private static byte[] drained(BrotliUnpacking unpacking) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (ByteBuffer made = unpacking.next(); made.hasRemaining(); made = unpacking.next()) {
            out.write(made.array(), made.position(), made.remaining());
        }
        return out.toByteArray();
    }

    @Test
    @Tag("BR-1")
    void aFileIsPackedUnlessThereIsAPackedOne() throws Exception {
        byte[] plain = noise(200_000);
        Files.write(folder.resolve("a.txt"), plain);
        Files.writeString(folder.resolve("b.txt"), TEXT);
        byte[] ready = packed("ready".getBytes(UTF_8), 22);
        Files.write(folder.resolve("b.txt.br"), ready);
        app.install(StaticFiles.of("/f", folder).withPrecompressed());
        assertThat(unpacked(get("/f/a.txt", "br").body())).isEqualTo(plain);
        assertThat(get("/f/b.txt", "br").body()).isEqualTo(ready);
        assertThat(header(get("/f/b.txt", "br"), "Content-Encoding")).isEqualTo("br");
    }

    // ---- requests

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 10, 8_192, 100_000, 1_000_000})
    @Tag("BR-2")
    void aRequestIsUnpackedForWhoeverReadsIt(int length) throws Exception {
        byte[] body = noise(length);
        assertThat(post("/echo", packed(body, 22)).body()).isEqualTo(body);
        assertThat(post("/echo", packed(TEXT.getBytes(UTF_8), 10)).body()).asString(UTF_8).isEqualTo(TEXT);
    }

    @Test
    @Tag("BR-2")
    void aBodyMayBeCutAnywhere() throws Exception {
        byte[] packed = packed(TEXT.getBytes(UTF_8), 16);
        for (int cut = 1; cut < packed.length; cut++) {
            BrotliUnpacking unpacking = new BrotliUnpacking();
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            unpacking.feed(ByteBuffer.wrap(packed, 0, cut));
            out.write(drained(unpacking));
            assertThat(unpacking.isWhole()).isFalse();
            unpacking.feed(ByteBuffer.wrap(packed, cut, packed.length - cut));
            out.write(drained(unpacking));
            assertThat(unpacking.isWhole()).isTrue();
            assertThat(out.toString(UTF_8)).isEqualTo(TEXT);
            unpacking.close();
            unpacking.close();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 11, 14, 16, 22})
    @Tag("BR-2")
    void aSmallWindowMakesManyPieces(int windowBits) throws Exception {
        for (byte[] body : new byte[][] {TEXT.getBytes(UTF_8), new byte[100_000], noise(100_000)}) {
            BrotliUnpacking unpacking = new BrotliUnpacking();
            unpacking.feed(ByteBuffer.wrap(packed(body, windowBits)));
            assertThat(drained(unpacking)).isEqualTo(body);
            assertThat(unpacking.isWhole()).isTrue();
            unpacking.close();
        }
    }

    @Test
    @Tag("BR-2")
    void whatIsNotWholeOrNotWellPackedIsRefused() throws Exception {
        byte[] packed = packed(noise(20_000), 22);
        for (int cut : new int[] {1, 2, packed.length / 2, packed.length - 1}) {
            assertThat(post("/echo", Arrays.copyOf(packed, cut)).statusCode()).as("cut at " + cut).isEqualTo(400);
        }
        assertThat(post("/echo", Arrays.copyOf(packed, packed.length + 1)).statusCode()).isEqualTo(400);
        byte[] behind = Arrays.copyOf(packed, packed.length + 100_000);
        assertThat(post("/echo", behind).statusCode()).isEqualTo(400);
        assertThat(post("/echo", "no brotli at all".getBytes(UTF_8)).statusCode()).isEqualTo(400);
        assertThat(post("/echo", new byte[0]).body()).isEmpty();
    }

    @Test
    @Tag("BR-3")
    void aBombIsFoundOutByItsRatioByTheLimitAndByItsWindow() throws Exception {
        byte[] zeros = packed(new byte[50 << 20], 22);
        assertThat(zeros).hasSizeLessThan(1_000);
        var streamed = post("/count", zeros);
        assertThat(streamed.statusCode()).isEqualTo(413);
        assertThat(new String(streamed.body(), UTF_8)).contains("limit ratio");
        assertThat(seen.get()).isLessThan(2 << 20);

        byte[] much = Arrays.copyOf(noise(1 << 20), 3 << 20); // no bomb, but more than a body may have
        assertThat(new String(post("/echo", packed(much, 22)).body(), UTF_8)).contains("limit body");

        var wide = post("/count", packed(noise(100), 24));
        assertThat(wide.statusCode()).isEqualTo(413);
        assertThat(new String(wide.body(), UTF_8)).contains("limit window");
    }

    @Test
    @Tag("BR-3")
    void everyWindowUpTo4MebibytesIsTaken() {
        for (int bits = 10; bits <= 24; bits++) {
            byte[] packed;
            try {
                packed = packed(noise(100), bits);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
            try (BrotliUnpacking unpacking = new BrotliUnpacking()) {
                unpacking.feed(ByteBuffer.wrap(packed));
                assertThat(drained(unpacking)).isEqualTo(noise(100));
                assertThat(bits).isLessThanOrEqualTo(22);
            } catch (HttpException refused) {
                assertThat(refused.status()).isEqualTo(413);
                assertThat(bits).isGreaterThan(22);
            }
        }
    }

    // ---- the native code

    @Test
    @Tag("BR-4")
    void withoutTheNativeCodeTheErrorIsClearAndGzipGoesOn() throws Exception {
        String path = System.getProperty("jdk.module.path", "") + File.pathSeparator + System.getProperty("java.class.path", "")
                + File.pathSeparator + Path.of("target", "test-classes");
        Process bare = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-Dbrotli4j.library.path=" + folder.resolve("libbrotli.so"),
                        "-cp",
                        path,
                        Bare.class.getName())
                .redirectErrorStream(true)
                .start();
        String said = new String(bare.getInputStream().readAllBytes(), UTF_8);
        assertThat(bare.waitFor(60, SECONDS)).isTrue();
        assertThat(said)
                .contains("br needs native code for " + System.getProperty("os.name"))
                .contains("UnsatisfiedLinkError")
                .contains("answers are packed without br")
                .contains("[gzip, deflate]");
    }

    @Test
    @Tag("BR-4")
    void withItTheCodingIsThere() {
        assertThat(Brotli.addTo(Compression.standard()).codings()).containsExactly("br", "gzip", "deflate");
        assertThatIllegalArgumentException().isThrownBy(() -> Brotli.addTo(Brotli.addTo(Compression.standard())));
        assertThatIllegalArgumentException().isThrownBy(() -> Brotli.standard().withQuality(12));
        assertThatIllegalArgumentException().isThrownBy(() -> Brotli.standard().withQuality(-1));
    }

    @Test
    @Tag("BR-1")
    void aBetterBalanceMakesShorterAnswers() {
        int fast = length(Brotli.standard().withQuality(0));
        assertThat(length(Brotli.standard().withQuality(11))).isLessThan(fast);
    }

    private static int length(Brotli brotli) {
        Random random = new Random(9);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 20_000; i++) {
            text.append(Integer.toString(random.nextInt(1_000), 36)).append(i % 10 == 0 ? ".\n" : " ");
        }
        try (ContentCoding.Packing packing = brotli.packing()) {
            return packing.filter(ByteBuffer.wrap(text.toString().getBytes(UTF_8)), true).remaining();
        }
    }
}
