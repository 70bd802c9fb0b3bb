package dev.thrum.plugins;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.http.HttpException;
import dev.thrum.http.Limits;
import dev.thrum.http.Request;
import dev.thrum.http.Response;
import dev.thrum.promise.Promise;
import dev.thrum.web.WebApp;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Fields of the longest kind that is allowed, for whatever a plugin reads, made to cost time. The bounds are for a busy machine; if
/// anything looked at its bytes again for each of them, they would not do (S22).
@Timeout(120)
@Tag("S22")
@Tag("PL-70")
class S22PluginHeadersTest {
    private static final int SIZE = 28_000;
    private static final int REQUESTS = 30;
    private static final Duration BOUND = Duration.ofSeconds(10);

    @TempDir
    Path folder;

    private Site site;

    @BeforeEach
    void start() throws Exception {
        Files.writeString(folder.resolve("page.html"), "0123456789".repeat(1_000));
        site = Site.of(WebApp.create()
                .limits(Limits.standard().withHeaders(30_000, 100).withRequestLine(30_000))
                .install(
                        Compression.standard(),
                        Forms.standard(),
                        Multipart.standard().withDirectory(folder),
                        Cookies.signedBy(Secrets.random()),
                        Sessions.inCookies(Secrets.random()),
                        Cors.of("https://a.example"),
                        CrossSiteGuard.standard(),
                        TrustedProxies.forwarded("127.0.0.1"),
                        AccessLog.to(folder.resolve("log")),
                        Authentication.of("here")
                                .withBasic((name, password) -> Promise.of(Optional.empty()))
                                .withBearer(token -> Promise.of(Optional.empty()))
                                .optional(),
                        StaticFiles.of("/f", folder).withPrecompressed().withListing())
                .any("/", S22PluginHeadersTest::readAll));
    }

    @AfterEach
    void stop() {
        site.close();
    }

    private static void readAll(Request request, Response response) {
        Cookies.readSigned(request, "user");
        Sessions.of(request).get("user");
        Forms.query(request);
        TrustedProxies.client(request);
        response.send(Forms.form(request).map(form -> "read"));
    }

    private void manyTimes(String request, Consumer<String> check) {
        Assertions.assertTimeout(BOUND, () -> {
            for (int i = 0; i < REQUESTS; i++) {
                check.accept(site.raw(request));
            }
        });
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', textBlock = """
            /, Accept-Encoding, `,`
            /, Accept-Encoding, `a;q=0.001,`
            /, Accept-Encoding, `gzip;q=`
            /, Accept-Encoding, ` `
            /, Content-Encoding, `gzip,`
            /, Cookie, `;`
            /, Cookie, `a;`
            /, Cookie, `a=`
            /, Cookie, `user=a.b;`
            /, Cookie, `session=a;`
            /, Cookie, `"`
            /, Content-Type, `;`
            /, Content-Type, `a;`
            /, Content-Type, `;a="`
            /, Content-Type, `\\"`
            /, Content-Type, `multipart/form-data;boundary=`
            /, Origin, `https://`
            /, Access-Control-Request-Headers, `a,`
            /, Sec-Fetch-Site, `same-origin`
            /, Forwarded, `,`
            /, Forwarded, `;`
            /, Forwarded, `for="[`
            /, Forwarded, `for=127.0.0.1,`
            /, Forwarded, `host=a:`
            /, Authorization, `Basic `
            /, Authorization, `a`
            /, Authorization, `Bearer =`
            /, User-Agent, `"`
            /, Referer, `?`
            /f/page.html, If-None-Match, `,`
            /f/page.html, If-None-Match, `W/"a",`
            /f/page.html, If-Match, `"a",`
            /f/page.html, If-Modified-Since, `Mon, `
            /f/page.html, If-Range, `"`
            /f/page.html, Range, `bytes=0-,`
            /f/page.html, Range, `bytes=-1-`
            /f/page.html, Range, `bytes=0`
            /f/, Accept, `text/html,`
            """)
    void aFieldOfTheLongestKindCostsNoMoreThanItsLength(String path, String name, String value) {
        String request = "GET " + path + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n" + name + ": "
                + value.repeat(SIZE / value.length()) + "\r\n\r\n";
        manyTimes(request, answer -> assertThat(answer).startsWith("HTTP/1.1 "));
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', textBlock = """
            `&`
            `a&`
            `a=&`
            `=`
            `%61`
            `%`
            `+`
            """)
    void aQueryOfTheLongestKindCostsNoMoreThanItsLength(String part) {
        manyTimes(
                "GET /?" + part.repeat(SIZE / part.length()) + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n",
                answer -> assertThat(answer).startsWith("HTTP/1.1 "));
    }

    @Test
    void aFormOfTheLongestKindCostsNoMoreThanItsLength() {
        for (String part : new String[] {"&", "a&", "=", "%61", "a=b;"}) {
            String body = part.repeat((1 << 20) / part.length());
            String request = "POST / HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Type: " + Forms.URL_ENCODED
                    + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
            Assertions.assertTimeout(BOUND, () -> {
                for (int i = 0; i < 10; i++) {
                    assertThat(site.raw(request)).startsWith("HTTP/1.1 ");
                }
            });
        }
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', textBlock = """
            `;`
            `;a`
            `;a="`
            `;name=`
            `\\"`
            """)
    void theHeadOfAPartCostsNoMoreThanItsLength(String part) {
        String head = "Content-Disposition: form-data; name=a" + part.repeat(SIZE / part.length());
        Assertions.assertTimeout(BOUND, () -> {
            for (int i = 0; i < REQUESTS; i++) {
                try {
                    assertThat(PartHead.parse(head).name()).isNotEmpty();
                } catch (HttpException refused) {
                    assertThat(refused.status()).isEqualTo(400);
                }
            }
        });
    }
}
