package dev.thrum.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.http.Method;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Routes that are never asked unless another one passes.
class ShadowsTest {
    private final Routes.Builder<String> routes = Routes.builder();

    private static PathPattern pattern(String text) {
        return text.startsWith("~") ? PathPattern.regex(text.substring(1)) : PathPattern.of(text);
    }

    @ParameterizedTest
    @CsvSource({
        "/a/{x}, /a/7, true",
        "/a/{x}, /a/{y:int}, true",
        "/a/{x}, /a/{y:path}, false",
        "/a/{x:long}, /a/{y:int}, true",
        "/a/{x:int}, /a/{y:long}, false",
        "/a/{x:int}, /a/7, true",
        "/a/{x:int}, /a/seven, false",
        "/{x:path}, /a/b/c, true",
        "/{x:path}, /{y}/b, true",
        "/{x:path}, /, false",
        "/a/{x:path}, /a/, false",
        "/a/{x:path}, /a, false",
        "/a/{x}/b, /a/{x}/c, false",
        "/a/{x}, /a/{x}/c, false",
        "~/.*, /a/{x}, true",
        "~/a/\\d, /a/7, true",
        "~/a/\\d, /a/{n:int}, false",
        "~/a/\\d, ~/a/[7], false",
        "~.*, ~/a/[7], true",
    })
    void aHigherPriorityShadowsWhatItsPatternCovers(String wide, String narrow, boolean shadows) {
        Route<String> by = Route.of(List.of(), pattern(wide), "by").withPriority(1);
        Route<String> route = Route.of(List.of(), pattern(narrow), "in the dark");
        routes.add(route).add(by);

        assertThat(routes.build().shadowed())
                .isEqualTo(shadows ? List.of(new Routes.Shadow<>(route, by)) : List.of());
    }

    @Test
    void routesOfOnePriorityDoNotShadowEachOtherByTheirPatterns() {
        for (String text : List.of("/{x:path}", "/a/{x}", "/a/{x:int}", "/a/7", "~/.*")) {
            routes.add(Route.of(List.of(Method.GET), pattern(text), text));
        }

        assertThat(routes.build().shadowed()).isEmpty();
    }

    @Test
    void theMethodsAndTheHostCount() {
        Route<String> all = Route.any("/a", "all").withPriority(1);
        Route<String> get = Route.of(Method.GET, "/a", "get");
        routes.add(get.withHost("a.shop.example"))
                .add(all.withHost("*.shop.example"))
                .add(get.withHost("shop.example:80"))
                .add(Route.of(Set.of(Method.GET, Method.PUT), PathPattern.of("/a"), "two").withHost("shop.example"))
                .add(get);

        assertThat(routes.build().shadowed())
                .extracting(shadow -> shadow.route() + " by " + shadow.by())
                .containsExactly("GET /a on a.shop.example by * /a on *.shop.example, priority 1");
    }

    @Test
    void aRouteForFewerMethodsThatWasAddedLaterIsInTheShadow() {
        routes.add(Route.of(Set.of(Method.GET, Method.PUT), PathPattern.of("/a"), "both"))
                .add(Route.of(Method.GET, "/a", "get"));

        assertThat(routes.build().shadowed())
                .extracting(shadow -> shadow.route().target())
                .containsExactly("get");
    }

    @Test
    @Tag("W-4")
    void anAppendedRouteIsInTheShadowOfTheFirst() {
        routes.append(Route.of(Method.GET, "/a", "first")).append(Route.of(Method.GET, "/a", "second"));

        assertThat(routes.build().shadowed())
                .extracting(shadow -> shadow.route().target())
                .containsExactly("second");
    }
}
