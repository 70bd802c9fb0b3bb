package dev.thrum.plugins;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.thrum.web.WebApp;
import java.net.CookieManager;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Cookies that come, and cookies that go (S18, S6, defect 8).
@Timeout(60)
@Tag("S18")
class S18CookiesTest {
    private static final Secrets OLD = Secrets.of(new byte[32]);

    private Site site;

    @BeforeEach
    void start() {
        byte[] fresh = Secrets.randomBytes(32);
        site = Site.of(WebApp.create()
                .install(Cookies.signedBy(Secrets.of(fresh, new byte[32])))
                .get("/", (request, response) -> {
                    Variables cookies = Cookies.read(request);
                    response.send(cookies.names().stream()
                            .map(name -> name + "=" + cookies.all(name))
                            .collect(Collectors.joining(" ")));
                })
                .get("/count", (request, response) ->
                        response.send(Integer.toString(Cookies.read(request).size())))
                .get("/signed", (request, response) ->
                        response.send(Cookies.readSigned(request, "user").orElse("nobody")))
                .get("/set", (request, response) -> {
                    Cookies.set(response, Cookie.of("a", "1").insecure());
                    Cookies.setSigned(response, Cookie.of("user", "ada").insecure().withMaxAge(Duration.ofMinutes(1)));
                    response.send("set");
                })
                .get("/remove", (request, response) -> {
                    Cookies.set(response, Cookie.of("user", "x").insecure().removal());
                    response.send("removed");
                }));
    }

    @AfterEach
    void stop() {
        site.close();
    }

    private String read(String... cookies) throws Exception {
        String[] headers = new String[2 * cookies.length];
        for (int i = 0; i < cookies.length; i++) {
            headers[2 * i] = "Cookie";
            headers[2 * i + 1] = cookies[i];
        }
        HttpResponse<String> answer = site.get("/", headers);
        assertThat(answer.statusCode()).isEqualTo(200);
        return answer.body();
    }

    @Test
    @Tag("PL-5")
    void cookiesComeInOrderAndTheFirstOfANameIsTheFirst() throws Exception {
        assertThat(read("a=1; b=2;c=3 ;  a=4")).isEqualTo("a=[1, 4] b=[2] c=[3]");
        assertThat(read("a=1", "b=2")).isEqualTo("a=[1] b=[2]");
        assertThat(read("a=b=c; empty=")).isEqualTo("a=[b=c] empty=[]");
    }

    @Test
    @Tag("PL-5")
    @Tag("D-8")
    void whatIsNoPairIsLeftOut() throws Exception {
        assertThat(read("rubbish; a=1; =nameless;; ;b")).isEqualTo("a=[1]");
        assertThat(read(";")).isEmpty();
        assertThat(read("=")).isEmpty();
    }

    @Test
    @Tag("PL-5")
    void quotesHideNoOtherCookie() throws Exception {
        assertThat(read("a=\"1; secret=2; b=3\"")).isEqualTo("a=[\"1] secret=[2] b=[3\"]");
        assertThat(read("$Version=1; a=\"x\"")).isEqualTo("$Version=[1] a=[x]");
    }

    @Test
    @Tag("PL-5")
    void manyAndLongCookiesAreRead() throws Exception {
        String many = IntStream.range(0, 200).mapToObj(n -> "c" + n + "=v").collect(Collectors.joining("; "));
        assertThat(site.get("/count", "Cookie", many).body()).isEqualTo("200");
        assertThat(read("a=" + "x".repeat(8_000))).hasSize(8_004);
    }

    // ---- what is sent

    @Test
    @Tag("PL-6")
    void aCookieIsCarefulUnlessItIsSaidOtherwise() {
        assertThat(Cookie.of("a", "1").header()).isEqualTo("a=1; Path=/; Secure; HttpOnly; SameSite=Lax");
        assertThat(Cookie.of("a", "1")
                        .withDomain("Example.org")
                        .withPath("/x")
                        .withMaxAge(Duration.ofHours(1))
                        .withSameSite(Cookie.SameSite.STRICT)
                        .insecure()
                        .forScripts()
                        .header())
                .isEqualTo("a=1; Path=/x; Domain=example.org; Max-Age=3600; SameSite=Strict");
        assertThat(Cookie.of("a", "1").removal().header()).startsWith("a=; Path=/; Max-Age=0;");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\r\nSet-Cookie: b=1", "a;b", "a b", "a=b", "", "ä", "a\u0000", "a,b", "\"a\""})
    @Tag("PL-6")
    @Tag("D-8")
    void aNameThatCouldBeMoreIsRefused(String name) {
        assertThatIllegalArgumentException().isThrownBy(() -> Cookie.of(name, "1"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1\r\nX: y", "1; Domain=evil.example", "1 2", "ä", "\u0000", "1,2", "\"1\"", "\\", "\u007f"})
    @Tag("PL-6")
    @Tag("D-8")
    void aValueThatCouldBeMoreIsRefused(String value) {
        assertThatIllegalArgumentException().isThrownBy(() -> Cookie.of("a", value));
        assertThatIllegalArgumentException().isThrownBy(() -> Cookie.of("a", "1").withDomain(value));
        assertThatIllegalArgumentException().isThrownBy(() -> Cookie.of("a", "1").withPath("/;" + value));
    }

    @Test
    @Tag("PL-6")
    void whatANamePromisesIsKept() {
        Cookie host = Cookie.of("__Host-id", "1");
        assertThat(host.header()).startsWith("__Host-id=1;");
        assertThatIllegalArgumentException().isThrownBy(() -> host.insecure().header());
        assertThatIllegalArgumentException().isThrownBy(() -> host.withPath("/x").header());
        assertThatIllegalArgumentException().isThrownBy(() -> host.withDomain("a.example").header());
        assertThatIllegalArgumentException().isThrownBy(() -> Cookie.of("__SECURE-id", "1").insecure().header());
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        Cookie.of("a", "1").insecure().withSameSite(Cookie.SameSite.NONE).header());
        assertThatIllegalArgumentException().isThrownBy(() -> Cookie.of("a", "x".repeat(4_096)));
    }

    @Test
    @Tag("PL-6")
    void aCookieJarSendsBackWhatWasSetAndForgetsWhatWasRemoved() throws Exception {
        try (HttpClient browser = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .cookieHandler(new CookieManager())
                .build()) {
            assertThat(visit(browser, "/set")).isEqualTo("set");
            assertThat(visit(browser, "/signed")).isEqualTo("ada");
            assertThat(visit(browser, "/")).contains("a=[1]", "user=[ada.");
            visit(browser, "/remove");
            assertThat(visit(browser, "/signed")).isEqualTo("nobody");
            assertThat(visit(browser, "/")).contains("a=[1]").doesNotContain("user=[");
        }
    }

    private String visit(HttpClient browser, String path) throws Exception {
        return browser.send(site.request(path).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }

    // ---- signatures

    @Test
    @Tag("PL-7")
    void aSignedCookieIsNeitherMadeNorChangedNorRenamedByTheClient() throws Exception {
        String signed = OLD.sign("cookie user", "ada"); // by the older of the two secrets
        assertThat(site.get("/signed", "Cookie", "user=" + signed).body()).isEqualTo("ada");
        assertThat(site.get("/signed", "Cookie", "user=eva" + signed.substring(3)).body())
                .isEqualTo("nobody");
        assertThat(site.get("/signed", "Cookie", "user=" + OLD.sign("cookie other", "ada")).body())
                .isEqualTo("nobody");
        assertThat(site.get("/signed", "Cookie", "user=" + Secrets.random().sign("cookie user", "ada")).body())
                .isEqualTo("nobody");
        assertThat(site.get("/signed", "Cookie", "user=ada; user=ada.; user=.; user=" + signed).body())
                .isEqualTo("ada");
    }

    @Test
    @Tag("PL-8")
    void whatIsSealedIsReadByItsSecretsForItsPurposeOnly() {
        String sealed = OLD.seal("session", new byte[] {1, 2, 3});
        assertThat(OLD.open("session", sealed)).hasValueSatisfying(bytes -> assertThat(bytes).containsExactly(1, 2, 3));
        assertThat(Secrets.of(Secrets.randomBytes(32), new byte[32]).open("session", sealed)).isPresent();
        assertThat(OLD.seal("session", new byte[] {1, 2, 3})).isNotEqualTo(sealed);
        assertThat(OLD.open("other", sealed)).isEmpty();
        assertThat(Secrets.random().open("session", sealed)).isEmpty();
        assertThat(OLD.open("session", sealed.substring(1))).isEmpty();
        assertThat(OLD.open("session", "")).isEmpty();
        assertThatIllegalArgumentException().isThrownBy(() -> Secrets.of(new byte[31]));
        assertThat(OLD).hasToString("1 secrets");
    }
}
