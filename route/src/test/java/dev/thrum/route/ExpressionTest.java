package dev.thrum.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.http.Method;
import dev.thrum.http.Parameters;
import dev.thrum.route.Routes.Found;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Routes that are regular expressions.
class ExpressionTest {
    private final Routes.Builder<String> routes = Routes.builder();

    private ExpressionTest regex(String... expressions) {
        for (String expression : expressions) {
            routes.add(Route.of(List.of(Method.GET), PathPattern.regex(expression), expression));
        }
        return this;
    }

    private List<String> asked(String path) {
        List<String> targets = new ArrayList<>();
        var outcome = routes.build().find(Method.GET, "h", path);
        while (outcome instanceof Found<String> found) {
            targets.add(found.target());
            outcome = found.next();
        }
        return targets;
    }

    private Parameters groups(String path) {
        return ((Found<String>) routes.build().find(Method.GET, "h", path)).parameters();
    }

    @Test
    @Tag("W-3")
    void groupsAreHandedOutByNameAndNumber() {
        regex("/archive/(?<year>\\d{4})(?:/(\\w+))?");

        assertThat(groups("/archive/2026/may").names()).containsExactly("year", "2");
        assertThat(groups("/archive/2026/may").get("year")).contains("2026");
        assertThat(groups("/archive/2026/may").get("2")).contains("may");
        assertThat(groups("/archive/2026").get("2")).isEmpty();
        assertThat(groups("/archive/2026").get("3")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "/a|/b, /a, true",
        "/a|/b, /b, true",
        "/a|/b, /ab, false",
        "/a|/b, /x/b, false",
        "/a, /abc, false",
        "/a/b?, /a/, true",
        "/a/b?c, /a/c, true",
        "/a/?, /a, true",
        "/a/*b, /ab, true",
        "/a/{2}b, /ab, false",
        "/a/(b|c)/d, /a/c/d, true",
        "/a/[|]/(b, /a/|/b, invalid",
        "/a/[|(]/b, /a/(/b, true",
        "/a/\\(x|/z, /z, true",
        ".*, /anything/at/all, true",
        "/a.b, /axb, true",
        "(?i)/a, /A, true",
        "/a/b/.*, /a/b/, true",
        "/a/b/.*, /a/b, false",
        "^/a$, /a, true",
    })
    @Tag("W-3")
    void theWholePathHasToMatch(String expression, String path, String outcome) {
        if (outcome.equals("invalid")) {
            assertThatThrownBy(() -> regex(expression)).isInstanceOf(IllegalArgumentException.class);
        } else {
            assertThat(regex(expression).asked(path)).hasSize(outcome.equals("true") ? 1 : 0);
        }
    }

    @Test
    @Tag("W-3")
    void caseCanBeLeftOut() {
        routes.add(Route.of(List.of(), PathPattern.regex("/straße/(x+)").ignoringCase(), "any"));

        assertThat(asked("/STRAßE/XX")).containsExactly("any");
        assertThat(groups("/Straße/Xx").get("1")).contains("Xx");
    }

    @Test
    @Tag("W-4")
    void anExpressionIsAskedAfterPatternsUnlessItsPrioritySaysOtherwise() {
        regex("/a/.*", "/.*");
        routes.add(Route.of(Method.GET, "/a/{x}", "pattern"))
                .add(Route.of(Method.GET, "/a/7", "exact"))
                .add(Route.of(List.of(), PathPattern.regex("/a/\\d"), "first").withPriority(5));

        assertThat(asked("/a/7")).containsExactly("first", "exact", "pattern", "/a/.*", "/.*");
    }

    @Test
    void theSameExpressionReplacesTheFirst() {
        regex("/a.*");
        routes.add(Route.of(List.of(Method.GET), PathPattern.regex("/a.*"), "new"));

        assertThat(asked("/a")).containsExactly("new");
    }

    @ParameterizedTest
    @ValueSource(strings = {"(", "[", "/a{2,1}", "*"})
    void whatIsNoExpressionIsRefused(String expression) {
        assertThatThrownBy(() -> PathPattern.regex(expression))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"" + expression + "\"");
    }
}
