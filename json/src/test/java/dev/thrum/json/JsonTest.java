package dev.thrum.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.thrum.kernel.Kernel;
import dev.thrum.promise.Promise;
import dev.thrum.web.Listener;
import dev.thrum.web.Server;
import dev.thrum.web.WebApp;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Records in and out, and what clients are told.
@Timeout(60)
class JsonTest {
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final WebApp app = WebApp.create();
    private Json json = Json.standard();
    private Server server;

    /// A color.
    public enum Color {
        RED,
        BLUE
    }

    /// A place.
    /// @param street where
    /// @param number which
    public record Address(String street, int number) implements Checked {
        @Override
        public void check(Errors errors) {
            errors.unless(number > 0, "/number", "must be 1 or more");
        }
    }

    /// A person.
    /// @param name who
    /// @param age how old
    /// @param nickname for friends
    /// @param color the favourite
    /// @param addresses where
    public record Person(String name, int age, Optional<String> nickname, Color color, List<Address> addresses)
            implements Checked {
        /// Checks the name.
        public Person {
            if (name.length() > 10) {
                throw new IllegalArgumentException("name must have 10 characters at most");
            }
        }

        @Override
        public void check(Errors errors) {
            errors.unless(!name.isBlank(), "/name", "must not be blank");
            errors.unless(age >= 0, "/age", "must be 0 or more");
            for (int i = 0; i < addresses.size(); i++) {
                errors.in("/addresses/" + i, addresses.get(i));
            }
        }
    }

    @AfterEach
    void stop() {
        if (server != null) {
            server.close(Duration.ZERO);
        }
    }

    private HttpResponse<String> post(String path, String type, String body) throws Exception {
        if (server == null) {
            server = app.install(json)
                    .post("/people", (request, response) ->
                            Json.send(response.status(201), Json.read(request, Person.class)))
                    .post("/any", (request, response) ->
                            Json.send(response, Json.read(request, Object.class).map(any -> "fine")))
                    .post("/thread", (request, response) -> Json.send(
                            response, Json.read(request, Where.class).map(Where::where)))
                    .start(Listener.http(0).withHost("127.0.0.1"));
        }
        URI uri = URI.create("http://127.0.0.1:" + server.ports().getFirst() + path);
        return CLIENT.send(
                HttpRequest.newBuilder(uri)
                        .header("Content-Type", type)
                        .POST(BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }

    private HttpResponse<String> people(String body) throws Exception {
        return post("/people", "application/json", body);
    }

    /// Tells where it was made.
    /// @param text anything
    /// @param thread who made it
    public record Where(String text, Optional<String> thread) {
        /// Looks around.
        public Where {
            thread = Optional.of(Thread.currentThread().getName());
        }

        String where() {
            return thread.orElse("");
        }
    }

    private static String person(String fields) {
        return "{\"name\":\"Ada\",\"age\":36,\"color\":\"RED\",\"addresses\":[]" + fields + "}";
    }

    @Test
    @Tag("J-1")
    void aRecordComesInAndGoesOut() throws Exception {
        var answer = people("{\"age\":36,\"name\":\"Ada\",\"color\":\"BLUE\",\"addresses\":[{\"street\":\"x\",\"number\":1}]}");
        assertThat(answer.statusCode()).isEqualTo(201);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
        assertThat(answer.body())
                .contains("\"name\":\"Ada\"", "\"age\":36", "\"nickname\":null", "\"addresses\":[{", "\"street\":\"x\"");
        assertThat(post("/people", "application/vnd.person+json; charset=utf-8", person("")).statusCode())
                .isEqualTo(201);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "{\"a\":1,}", "nul", "{'a':1}", "[1 2]", "{\"a\":1}{", "\"\u0001\"", "{\"a\":1,\"a\":2}"})
    @Tag("J-2")
    void whatIsNoJsonIsA400(String body) throws Exception {
        var answer = post("/any", "application/json", body);
        assertThat(answer.statusCode()).isIn(400, 422);
        assertThat(answer.body()).doesNotContain("jackson", "Exception", "java.");
    }

    @Test
    @Tag("J-2")
    void theBrokenPlaceIsTold() throws Exception {
        var answer = people("{\"name\":\n  Ada}");
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(answer.body()).contains("line 2");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "{\"name\":\"Ada\",\"color\":\"RED\",\"addresses\":[]}                                    | /age | is required",
        "{\"age\":1,\"color\":\"RED\",\"addresses\":[]}                                          | /name | is required",
        "{\"name\":null,\"age\":1,\"color\":\"RED\",\"addresses\":[]}                            | /name | is required",
        "{\"name\":\"Ada\",\"age\":\"x\",\"color\":\"RED\",\"addresses\":[]}                     | /age | must be a whole number",
        "{\"name\":\"Ada\",\"age\":99999999999,\"color\":\"RED\",\"addresses\":[]}               | /age | must be a whole number",
        "{\"name\":\"Ada\",\"age\":1,\"color\":\"GREEN\",\"addresses\":[]}                       | /color | must be one of RED, BLUE",
        "{\"name\":\"Ada\",\"age\":1,\"color\":\"RED\",\"addresses\":{}}                         | /addresses | must be an array",
        "{\"name\":\"Ada\",\"age\":1,\"color\":\"RED\",\"addresses\":[{\"street\":\"x\"}]}       | /addresses/0/number | is required",
        "{\"name\":\"Ada\",\"age\":1,\"color\":\"RED\",\"addresses\":[],\"a/b\":1}               | /a~1b | is not known here",
        "{\"name\":\"Ada Lovelace\",\"age\":1,\"color\":\"RED\",\"addresses\":[]}                |  | name must have 10 characters at most",
        "[]                                                                                      |  | must be an object"
    })
    @Tag("J-3")
    void whatIsNotWantedIsA422WithItsPlace(String body, String pointer, String detail) throws Exception {
        var answer = people(body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(422);
        assertThat(answer.body()).doesNotContain("jackson", "Exception", "dev.thrum", "java.");
        assertThat(answer.body())
                .contains("\"errors\":[{\"pointer\":\"" + (pointer == null ? "" : pointer) + "\",\"detail\":\"" + detail);
    }

    @Test
    @Tag("J-3")
    void everythingThatIsWrongIsToldAtOnce() throws Exception {
        var answer = people("{\"name\":\" \",\"age\":-1,\"color\":\"RED\",\"addresses\":[{\"street\":\"x\",\"number\":0}]}");
        assertThat(answer.statusCode()).isEqualTo(422);
        assertThat(answer.body())
                .contains("{\"pointer\":\"/name\",\"detail\":\"must not be blank\"}")
                .contains("{\"pointer\":\"/age\",\"detail\":\"must be 0 or more\"}")
                .contains("{\"pointer\":\"/addresses/0/number\",\"detail\":\"must be 1 or more\"}");
        assertThat(people("null").statusCode()).isEqualTo(422);
    }

    private static String error(String pointer, String detail) {
        return "{\"pointer\":\"" + pointer + "\",\"detail\":\"" + detail + "\"}";
    }

    private String errors(String body) throws Exception {
        var answer = people(body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(422);
        assertThat(answer.body()).doesNotContain("jackson", "Exception", "dev.thrum", "java.");
        return answer.body().replaceFirst("(?s).*\"errors\":\\[(.*)]}\n", "$1");
    }

    @Test
    @Tag("J-8")
    void everyMistakeOfABodyIsToldAtOnce() throws Exception {
        String body = """
                {"age": "x", "color": "GREEN", "nickname": {}, "more": 1, "a/b": 2, "addresses": [
                    {"street": [], "number": 99999999999},
                    {"number": 1, "floor": 2},
                    7,
                    {"street": "x", "number": 1}]}""";
        assertThat(errors(body).split("(?<=}),"))
                .containsExactlyInAnyOrder(
                        error("/name", "is required"),
                        error("/age", "must be a whole number that is not too large"),
                        error("/color", "must be one of RED, BLUE"),
                        error("/nickname", "must be a text"),
                        error("/more", "is not known here"),
                        error("/a~1b", "is not known here"),
                        error("/addresses/0/street", "must be a text"),
                        error("/addresses/0/number", "must be a whole number that is not too large"),
                        error("/addresses/1/street", "is required"),
                        error("/addresses/1/floor", "is not known here"),
                        error("/addresses/2", "must be an object"));
    }

    @Test
    @Tag("J-8")
    void theRuleOfAConstructorIsToldOnceNothingElseIsWrong() throws Exception {
        String rest = ",\"color\":\"RED\",\"addresses\":[]}";
        assertThat(errors("{\"name\":\"Ada Lovelace\",\"age\":\"x\"" + rest))
                .isEqualTo(error("/age", "must be a whole number that is not too large"));
        assertThat(errors("{\"name\":\"Ada Lovelace\",\"age\":1" + rest))
                .isEqualTo(error("", "name must have 10 characters at most"));
    }

    @Test
    @Tag("J-8")
    void whatIsNoJsonBehindTheFirstMistakeIsNoJson() throws Exception {
        assertThat(people("{\"age\":\"x\", !").statusCode()).isEqualTo(400);
        assertThat(people("{\"age\":\"x\", \"name\":1, \"name\":2}").statusCode()).isEqualTo(400);
    }

    @Test
    @Tag("J-8")
    void aHundredMistakesAreEnoughAndALargeBodyIsToldTheFirst() throws Exception {
        String address = "{\"street\":\"x\"}";
        String many = person("").replace("[]", "[" + (address + ",").repeat(500) + address + "]");
        assertThat(errors(many).split("(?<=}),")).hasSize(100);
        String large = person("").replace("[]", "[" + (address + ",").repeat(5_000) + address + "]");
        assertThat(errors(large)).isEqualTo(error("/addresses/0/number", "is required"));
    }

    /// A record that annotations shape.
    /// @param mail another name
    /// @param inner a record in maps
    /// @param shapes one or the other
    public record Shaped(@JsonProperty("e-mail") String mail, Map<String, Address> inner, List<Shape> shapes) {}

    /// One or the other.
    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
    @JsonSubTypes({@JsonSubTypes.Type(value = Circle.class, name = "circle")})
    public interface Shape {}

    /// A circle.
    /// @param radius how large
    public record Circle(int radius) implements Shape {}

    /// A record with two names for a component.
    /// @param mail the component
    /// @param age another
    public record Aliased(@JsonAlias("e-mail") String mail, int age) {}

    @Test
    @Tag("J-8")
    void annotationsAreFollowed() throws Exception {
        app.post("/shaped", (request, response) -> Json.send(response, Json.read(request, Shaped.class)))
                .post("/aliased", (request, response) -> Json.send(response, Json.read(request, Aliased.class)));
        assertThat(post("/shaped", "application/json", """
                {"inner": {"a/b": {"number": "x"}, "c": {"street": "s", "number": 1}},
                 "shapes": [{"kind": "circle", "radius": "x"}, {"kind": "circle", "radius": 1}, {"kind": "circle"}]}""").body())
                .contains(
                        error("/e-mail", "is required"),
                        error("/inner/a~1b/street", "is required"),
                        error("/inner/a~1b/number", "must be a whole number that is not too large"),
                        error("/shapes/0/radius", "must be a whole number that is not too large"),
                        error("/shapes/2/radius", "is required"))
                .doesNotContain("/kind", "/shapes/1");
        assertThat(post("/shaped", "application/json", "{\"e-mail\":\"a\",\"inner\":{},\"shapes\":[]}").statusCode())
                .isEqualTo(200);
        assertThat(post("/aliased", "application/json", "{\"e-mail\":\"a\",\"age\":\"x\",\"more\":1}").body())
                .contains("\"errors\":[" + error("/age", "must be a whole number that is not too large") + "]");
    }

    @Test
    @Tag("J-8")
    void lenientlyEveryMistakeIsToldToo() throws Exception {
        json = Json.standard().lenient();
        assertThat(errors("{\"age\":null,\"color\":\"GREEN\",\"more\":1,\"addresses\":7}").split("(?<=}),"))
                .containsExactlyInAnyOrder(
                        error("/age", "is required"),
                        error("/color", "must be one of RED, BLUE"),
                        error("/addresses", "must be an array"));
    }

    @Test
    @Tag("J-4")
    void anotherTypeIsA415() throws Exception {
        var answer = post("/people", "text/plain", person(""));
        assertThat(answer.statusCode()).isEqualTo(415);
        assertThat(answer.headers().firstValue("Accept-Post")).contains("application/json");
    }

    @Test
    @Tag("J-5")
    void whatIsTooDeepOrTooLongIsA413() throws Exception {
        assertThat(post("/any", "application/json", "[".repeat(64) + "]".repeat(64)).statusCode()).isEqualTo(200);
        assertThat(post("/any", "application/json", "[".repeat(65) + "]".repeat(65)).statusCode()).isEqualTo(413);
        assertThat(post("/any", "application/json", "[".repeat(1_000_000)).statusCode()).isEqualTo(413);
        assertThat(post("/any", "application/json", "1".repeat(101)).statusCode()).isEqualTo(413);
        assertThat(post("/any", "application/json", "{\"" + "a".repeat(1_001) + "\":1}").statusCode()).isEqualTo(413);
        assertThat(post("/any", "application/json", "\"" + "a".repeat(3 << 20) + "\"").body()).contains("limit body");
        assertThatIllegalArgumentException().isThrownBy(() -> Json.standard().withDepth(0));
    }

    @Test
    @Tag("J-6")
    void lenientReadingIgnoresWhatItDoesNotKnow() throws Exception {
        json = Json.standard().lenient();
        assertThat(people(person(",\"more\":1")).statusCode()).isEqualTo(201);
    }

    @Test
    @Tag("J-7")
    void aLargeBodyIsReadByTheKernel() throws Exception {
        try (Kernel kernel = Kernel.start(1)) {
            json = Json.standard().on(kernel);
            assertThat(post("/thread", "application/json", "{\"text\":\"x\"}").body()).contains("app-0");
            assertThat(post("/thread", "application/json", "{\"text\":\"" + "x".repeat(70_000) + "\"}").body())
                    .doesNotContain("app-0");
        }
    }

    @Test
    @Tag("J-1")
    void whatCannotBeWrittenIsAnsweredSafely() throws Exception {
        app.post("/broken", (request, response) -> Json.send(response, Promise.failed(new IllegalStateException("secret"))))
                .post("/self", (request, response) -> Json.send(response, new Self()));
        assertThat(post("/broken", "application/json", "").statusCode()).isEqualTo(500);
        var answer = post("/self", "application/json", "");
        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(answer.body()).doesNotContain("Self");
    }

    /// Holds itself.
    public static final class Self {
        Self() {}

        /// {@return itself}
        public Self getSelf() {
            return this;
        }
    }
}
