package dev.thrum.plugins;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.http.Limits;
import dev.thrum.http.Request;
import dev.thrum.http.Response;
import dev.thrum.web.WebApp;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The variables of queries and forms.
@Timeout(60)
class FormsTest {
    private static final String TYPE = "application/x-www-form-urlencoded";

    private final WebApp app = WebApp.create()
            .install(Forms.standard())
            .get("/query", (request, response) -> response.send(text(Forms.query(request))))
            .post("/form", (request, response) -> response.send(Forms.form(request).map(FormsTest::text)))
            .post("/all", (request, response) -> response.send(Forms.all(request).map(FormsTest::text)))
            .post("/twice", FormsTest::twice)
            .post("/raw", (request, response) -> response.send(
                    Forms.form(request).then(none -> request.text()).map(text -> "left alone: " + text)));
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

    private static String text(Variables variables) {
        return variables.names().stream()
                .map(name -> name + "=" + variables.all(name))
                .collect(Collectors.joining(" "));
    }

    private static void twice(Request request, Response response) {
        response.send(Forms.form(request).then(first -> Forms.form(request).map(second -> text(first) + text(second))));
    }

    @Test
    @Tag("PL-1")
    void theQueryIsDecodedAndANameMayStandTwice() throws Exception {
        assertThat(site().get("/query?a=1&b=k%C3%A4se+%26+brot&a=2&c&=x&&d=e=f").body())
                .isEqualTo("a=[1, 2] b=[käse & brot] c=[] =[x] d=[e=f]");
        assertThat(site().get("/query").body()).isEmpty();
    }

    @Test
    @Tag("PL-1")
    void aQueryThatIsNotWellFormedIsRefused() throws Exception {
        assertThat(site().rawGet("/query?a=%zz")).startsWith("HTTP/1.1 400 ");
        assertThat(site().rawGet("/query?a=%4")).startsWith("HTTP/1.1 400 ");
        assertThat(site().rawGet("/query?a=%ff")).startsWith("HTTP/1.1 400 ").contains("must be UTF-8");
    }

    @Test
    @Tag("PL-2")
    void theFormIsReadOnce() throws Exception {
        assertThat(site().post("/form", TYPE, "a=1&b=%E2%82%AC+5&a=2").body()).isEqualTo("a=[1, 2] b=[€ 5]");
        assertThat(site().post("/form", TYPE + "; charset=UTF-8", "a=1").body()).isEqualTo("a=[1]");
        assertThat(site().post("/twice", TYPE, "a=1").body()).isEqualTo("a=[1]a=[1]");
        assertThat(site().post("/form", TYPE, "").body()).isEmpty();
    }

    @Test
    @Tag("PL-2")
    void aBodyOfAnotherTypeIsLeftAlone() throws Exception {
        assertThat(site().post("/raw", "text/plain", "a=1").body()).isEqualTo("left alone: a=1");
    }

    @Test
    @Tag("PL-2")
    void anotherCharsetIsRefused() throws Exception {
        assertThat(site().post("/form", TYPE + "; charset=latin1", "a=1").statusCode()).isEqualTo(415);
    }

    @Test
    @Tag("PL-3")
    void oneViewHasTheQueryBeforeTheForm() throws Exception {
        assertThat(site().post("/all?a=query&b=query", TYPE, "a=form&c=form").body())
                .isEqualTo("a=[query, form] b=[query] c=[form]");
    }

    @Test
    @Tag("PL-4")
    void moreVariablesThanTheLimitAreRefusedByItsName() throws Exception {
        app.uninstall(Forms.class).install(Forms.standard().withFields(3));

        assertThat(site().post("/form", TYPE, "a&b&c").statusCode()).isEqualTo(200);
        var tooMany = site().post("/form", TYPE, "a&a&a&a");
        assertThat(tooMany.statusCode()).isEqualTo(413);
        assertThat(tooMany.body()).contains("limit fields");
        assertThat(site().get("/query?a&b&c&d").statusCode()).isEqualTo(414);
    }

    @Test
    @Tag("PL-4")
    void aMillionFieldsAreRefusedAndALongFormIsTooLarge() throws Exception {
        String many = IntStream.range(0, 200_000).mapToObj(n -> "f" + n).collect(Collectors.joining("&"));
        assertThat(site().post("/form", TYPE, many).statusCode()).isEqualTo(413);
        app.limits(Limits.standard().withBody(100));
        try (Site small = Site.of(app)) {
            assertThat(small.post("/form", TYPE, "a=" + "x".repeat(99)).body()).contains("limit body");
        }
    }

    @Test
    void withoutThePluginACallSaysWhatIsMissing() throws Exception {
        assertThatThrownBy(() -> Installed.find(dev.thrum.scope.Key.of("Forms")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("app.install(Forms)");
        app.uninstall(Forms.class);
        assertThat(site().get("/query?a=1").statusCode()).isEqualTo(500);
    }
}
