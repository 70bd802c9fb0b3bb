package dev.thrum.plugins;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.thrum.http.Method;
import dev.thrum.web.Plugin;
import dev.thrum.web.WebApp;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What pages of other sites may do (S19), and what browsers are told.
@Timeout(60)
class CrossSiteTest {
    private static final String FRIEND = "https://app.example.org";

    private final AtomicInteger handled = new AtomicInteger();
    private Site site;

    private void start(Plugin... plugins) {
        site = Site.of(WebApp.create()
                .install(plugins)
                .get("/", (request, response) -> response.send("read"))
                .get("/own", (request, response) ->
                        response.header("X-Frame-Options", "DENY").send("read"))
                .get("/error", (request, response) -> {
                    throw new IllegalStateException("secret");
                })
                .post("/", (request, response) -> {
                    handled.incrementAndGet();
                    response.send("changed");
                }));
    }

    @AfterEach
    void stop() {
        site.close();
    }

    private HttpResponse<String> ask(String method, String path, String... headers) throws Exception {
        var request = site.request(path).method(method, BodyPublishers.noBody());
        return site.send(headers.length == 0 ? request : request.headers(headers));
    }

    // ---- CSRF

    @Test
    @Tag("PL-10")
    void aPageOfAnotherSiteChangesNothing() throws Exception {
        start(CrossSiteGuard.standard());
        assertThat(ask("POST", "/", "Sec-Fetch-Site", "cross-site").statusCode()).isEqualTo(403);
        assertThat(ask("POST", "/", "Sec-Fetch-Site", "same-site").statusCode()).isEqualTo(403);
        assertThat(ask("POST", "/", "Sec-Fetch-Site", "rubbish").statusCode()).isEqualTo(403);
        assertThat(ask("POST", "/", "Origin", "https://evil.example").statusCode()).isEqualTo(403);
        assertThat(ask("POST", "/", "Origin", "null").statusCode()).isEqualTo(403);
        assertThat(ask("DELETE", "/", "Sec-Fetch-Site", "cross-site").statusCode()).isEqualTo(403);
        assertThat(handled).hasValue(0);
    }

    @Test
    @Tag("PL-10")
    void ourOwnPagesAndWhatIsNoBrowserPass() throws Exception {
        start(CrossSiteGuard.standard());
        assertThat(ask("POST", "/", "Sec-Fetch-Site", "same-origin").statusCode()).isEqualTo(200);
        assertThat(ask("POST", "/", "Sec-Fetch-Site", "none").statusCode()).isEqualTo(200);
        assertThat(ask("POST", "/", "Origin", "http://127.0.0.1:" + site.port()).statusCode())
                .isEqualTo(200);
        assertThat(ask("POST", "/").statusCode()).isEqualTo(200);
        assertThat(ask("GET", "/", "Sec-Fetch-Site", "cross-site").statusCode()).isEqualTo(200);
    }

    @Test
    @Tag("PL-10")
    void aTrustedOriginPasses() throws Exception {
        start(CrossSiteGuard.standard().withTrusted(FRIEND));
        assertThat(ask("POST", "/", "Sec-Fetch-Site", "cross-site", "Origin", FRIEND).statusCode())
                .isEqualTo(200);
        assertThat(ask("POST", "/", "Sec-Fetch-Site", "cross-site", "Origin", FRIEND + ".evil.example").statusCode())
                .isEqualTo(403);
        assertThatIllegalArgumentException().isThrownBy(() -> CrossSiteGuard.standard().withTrusted("*"));
    }

    // ---- CORS

    @Test
    @Tag("PL-11")
    void scriptsOfANamedOriginReadAnswersAndErrors() throws Exception {
        start(Cors.of(FRIEND).withCredentials().withExposed("X-Total"));
        for (String path : new String[] {"/", "/error", "/missing"}) {
            var headers = ask("GET", path, "Origin", FRIEND).headers();
            assertThat(headers.firstValue("Access-Control-Allow-Origin")).contains(FRIEND);
            assertThat(headers.firstValue("Access-Control-Allow-Credentials")).contains("true");
            assertThat(headers.firstValue("Access-Control-Expose-Headers")).contains("X-Total");
            assertThat(headers.allValues("Vary")).containsExactly("Origin");
        }
    }

    @Test
    @Tag("PL-11")
    void anotherOriginIsNeverRepeatedAndCachesAreTold() throws Exception {
        start(Cors.of(FRIEND));
        for (String origin : new String[] {"https://evil.example", "null", FRIEND + ":444"}) {
            var headers = ask("GET", "/", "Origin", origin).headers();
            assertThat(headers.firstValue("Access-Control-Allow-Origin")).isEmpty();
            assertThat(headers.firstValue("Vary")).contains("Origin");
        }
        assertThat(ask("GET", "/").headers().firstValue("Vary")).contains("Origin");
    }

    @Test
    @Tag("PL-11")
    void aPreflightIsAnsweredBeforeARouteIsLookedFor() throws Exception {
        start(Cors.of(FRIEND)
                .withMethods(Method.GET, Method.PUT)
                .withHeaders("Content-Type", "X-Token")
                .withMaxAge(Duration.ofHours(1)));
        var answer = ask("OPTIONS", "/missing", "Origin", FRIEND, "Access-Control-Request-Method", "PUT");
        assertThat(answer.statusCode()).isEqualTo(204);
        assertThat(answer.headers().firstValue("Access-Control-Allow-Origin")).contains(FRIEND);
        assertThat(answer.headers().firstValue("Access-Control-Allow-Methods")).contains("GET, PUT");
        assertThat(answer.headers().firstValue("Access-Control-Allow-Headers")).contains("Content-Type, X-Token");
        assertThat(answer.headers().firstValue("Access-Control-Max-Age")).contains("3600");

        var refused = ask("OPTIONS", "/", "Origin", "https://evil.example", "Access-Control-Request-Method", "PUT");
        assertThat(refused.headers().map()).doesNotContainKey("access-control-allow-methods");
    }

    @Test
    @Tag("PL-11")
    void anyOriginMayReadWhatIsPublicButNeverWithCredentials() throws Exception {
        start(Cors.anyOrigin());
        assertThat(ask("GET", "/", "Origin", "https://a.example").headers().firstValue("Access-Control-Allow-Origin"))
                .contains("*");
        assertThatIllegalStateException().isThrownBy(() -> Cors.anyOrigin().withCredentials());
        assertThatIllegalArgumentException().isThrownBy(() -> Cors.of("https://a.example/path"));
    }

    // ---- headers

    @Test
    @Tag("PL-9")
    void strictTransportIsAskedOfWhoeverComesByTls() throws Exception {
        start(
                TrustedProxies.forwardedFor("127.0.0.1"),
                SecurityHeaders.standard().withStrictTransport(Duration.ofDays(1)));
        assertThat(ask("GET", "/", "X-Forwarded-Proto", "https").headers().firstValue("Strict-Transport-Security"))
                .contains("max-age=86400; includeSubDomains");
        assertThat(ask("GET", "/").headers().firstValue("Strict-Transport-Security")).isEmpty();
    }

    @Test
    @Tag("PL-10")
    void aPageThatCameWithoutTlsChangesNothingBehindIt() throws Exception {
        start(TrustedProxies.forwardedFor("127.0.0.1"), CrossSiteGuard.standard());
        String host = "127.0.0.1:" + site.port();
        assertThat(ask("POST", "/", "Origin", "https://" + host, "X-Forwarded-Proto", "https").statusCode()).isEqualTo(200);
        assertThat(ask("POST", "/", "Origin", "http://" + host, "X-Forwarded-Proto", "https").statusCode()).isEqualTo(403);
    }

    @Test
    @Tag("PL-9")
    void everyAnswerMakesBrowsersCarefulErrorsIncluded() throws Exception {
        start(SecurityHeaders.standard().without("referrer-policy"));
        for (String path : new String[] {"/", "/error", "/missing"}) {
            var headers = ask("GET", path).headers();
            assertThat(headers.firstValue("X-Content-Type-Options")).contains("nosniff");
            assertThat(headers.firstValue("Content-Security-Policy")).isPresent();
            assertThat(headers.firstValue("X-Frame-Options")).contains("SAMEORIGIN");
            assertThat(headers.firstValue("Referrer-Policy")).isEmpty();
        }
    }

    @Test
    @Tag("PL-9")
    void whatAHandlerSetsItselfStays() throws Exception {
        start(SecurityHeaders.standard());
        assertThat(ask("GET", "/own").headers().allValues("X-Frame-Options")).containsExactly("DENY");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SecurityHeaders.standard().with("X-Evil", "a\r\nb"));
    }
}
