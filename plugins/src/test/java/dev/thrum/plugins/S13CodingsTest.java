package dev.thrum.plugins;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.thrum.http.Limits;
import dev.thrum.loop.EventLoop;
import dev.thrum.promise.Promise;
import dev.thrum.web.WebApp;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What packs: whichever coding it is, bounded, used again and let go (S13).
@Timeout(60)
@Tag("S13")
class S13CodingsTest {
    private static final String TEXT = "the quick brown fox jumps over the lazy dog. ".repeat(1_000);

    private final AtomicLong seen = new AtomicLong();
    private final WebApp app = WebApp.create()
            .limits(Limits.standard().withUpload(50 << 20))
            .install(Compression.standard())
            .get("/text", (request, response) -> response.send(TEXT))
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

    /// A coding that turns every byte around, and makes of 0 as many bytes as anybody takes.
    private static final class Around implements ContentCoding {
        final AtomicLong open = new AtomicLong();

        @Override
        public String token() {
            return "x-around";
        }

        private static ByteBuffer turned(ByteBuffer bytes) {
            ByteBuffer turned = ByteBuffer.allocate(bytes.remaining());
            while (bytes.hasRemaining()) {
                turned.put((byte) ~bytes.get());
            }
            return turned.flip();
        }

        @Override
        public Packing packing() {
            open.incrementAndGet();
            return new Packing() {
                @Override
                public ByteBuffer filter(ByteBuffer bytes, boolean last) {
                    return turned(bytes);
                }

                @Override
                public void close() {
                    open.decrementAndGet();
                }
            };
        }

        @Override
        public Unpacking unpacking() {
            open.incrementAndGet();
            return new Unpacking() {
                private ByteBuffer fed = ByteBuffer.allocate(0);

                @Override
                public void feed(ByteBuffer bytes) {
                    fed = turned(bytes);
                }

                @Override
                public ByteBuffer next() {
                    ByteBuffer next = fed;
                    boolean endless = next.hasRemaining() && next.get(0) == -1;
                    fed = ByteBuffer.allocate(0);
                    if (endless) {
                        fed = ByteBuffer.allocate(8_192).put(0, (byte) -1);
                    }
                    return next;
                }

                @Override
                public boolean isWhole() {
                    return true;
                }

                @Override
                public void close() {
                    open.decrementAndGet();
                }
            };
        }
    }

    @Test
    @Tag("PL-64")
    void aCodingMoreIsPreferredBoundedAndLetGo() throws Exception {
        Around around = new Around();
        app.uninstall(Compression.class).install(Compression.standard().with(around));
        assertThat(app.plugin(Compression.class).orElseThrow().codings()).containsExactly("x-around", "gzip", "deflate");
        var packed = get("/text", "gzip, x-around");
        assertThat(header(packed, "Content-Encoding")).isEqualTo("x-around");
        assertThat(new String(Around.turned(ByteBuffer.wrap(packed.body())).array(), UTF_8)).isEqualTo(TEXT);
        assertThat(header(get("/text", "gzip, x-around;q=0.5"), "Content-Encoding")).isEqualTo("gzip");
        assertThat(new String(post("/echo", "X-Around", packed.body()).body(), UTF_8)).isEqualTo(TEXT);
        assertThat(header(post("/echo", "br", new byte[1]), "Accept-Encoding")).isEqualTo("x-around, gzip, deflate");

        var bomb = post("/count", "x-around", new byte[1]);
        assertThat(bomb.statusCode()).isEqualTo(413);
        assertThat(new String(bomb.body(), UTF_8)).contains("limit ratio");
        assertThat(seen.get()).isLessThan(2 << 20);
        site.close();
        assertThat(around.open).hasValue(0);
        assertThatIllegalArgumentException().isThrownBy(() -> Compression.standard().with(around).with(new Around()));
    }

    @Test
    @Tag("PL-65")
    void whatPacksIsUsedAgainAndGoesWithItsLoop() throws Exception {
        Deflaters deflaters = new Deflaters(1, true);
        AtomicReference<Deflaters.Loan> out = new AtomicReference<>();
        EventLoop.run(loop -> {
            for (int i = 0; i < 10; i++) {
                deflaters.lend().close();
            }
            assertThat(deflaters.open()).isEqualTo(1);
            List<Deflaters.Loan> many = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                many.add(deflaters.lend());
            }
            assertThat(deflaters.open()).isEqualTo(100);
            assertThat(many.stream().map(loan -> loan.deflater).distinct()).hasSize(100);
            many.forEach(Deflaters.Loan::close);
            many.forEach(Deflaters.Loan::close); // once is enough
            assertThat(deflaters.open()).isEqualTo(Deflaters.KEPT);
            Deflaters.Loan late = deflaters.lend();
            out.set(late);
        });
        assertThat(deflaters.open()).isEqualTo(1); // the one that is still out
        out.get().close();
        assertThat(deflaters.open()).isZero();
    }

    @Test
    @Tag("PL-65")
    void answersAreTheSameWhoeverHasPackedBefore() throws Exception {
        String expected = Arrays.toString(get("/text", "gzip").body());
        for (int i = 0; i < 20; i++) {
            assertThat(get("/stream", "gzip").statusCode()).isEqualTo(200);
            assertThat(Arrays.toString(get("/text", "gzip").body())).isEqualTo(expected);
        }
    }
}
