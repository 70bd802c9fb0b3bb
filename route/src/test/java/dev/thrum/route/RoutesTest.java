package dev.thrum.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.http.Method;
import dev.thrum.route.Routes.Found;
import dev.thrum.route.Routes.NotAllowed;
import dev.thrum.route.Routes.NotFound;
import dev.thrum.route.Routes.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RoutesTest {
    private final Routes.Builder<String> routes = Routes.builder();

    private RoutesTest get(String... patterns) {
        for (String pattern : patterns) {
            routes.add(Route.of(Method.GET, pattern, pattern));
        }
        return this;
    }

    private Outcome<String> find(Method method, String host, String path) {
        return routes.build().find(method, host, path);
    }

    /// {@return the targets that a GET asks, in order}
    private List<String> asked(String path) {
        List<String> targets = new ArrayList<>();
        Outcome<String> outcome = find(Method.GET, "localhost", path);
        while (outcome instanceof Found<String> found) {
            targets.add(found.target());
            outcome = found.next();
        }
        return targets;
    }

    @Test
    void anExactPathIsFound() {
        assertThat(get("/", "/photos", "/photos/").asked("/photos")).containsExactly("/photos");
    }

    @Test
    void aTrailingSlashMakesAnotherPath() {
        assertThat(get("/photos").asked("/photos/")).isEmpty();
    }

    @Test
    void parametersAreHandedOut() {
        get("/photos/{id}/{size}");

        assertThat(find(Method.GET, "h", "/photos/7/small")).isInstanceOfSatisfying(Found.class, found -> {
            assertThat(found.parameters().get("id")).contains("7");
            assertThat(found.parameters().get("size")).contains("small");
            assertThat(found.parameters().get("other")).isEmpty();
            assertThat(found.parameters().names()).isEqualTo(List.of("id", "size"));
        });
    }

    @Test
    void aRestTakesAllSegmentsFromThereOn() {
        get("/files/{rest:path}");

        assertThat(find(Method.GET, "h", "/files/a/b/c.txt"))
                .isInstanceOfSatisfying(
                        Found.class, found -> assertThat(found.parameters().get("rest")).contains("a/b/c.txt"));
        assertThat(asked("/files/")).isEmpty();
        assertThat(asked("/files")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "/n/{x:int}, /n/42, true",
        "/n/{x:int}, /n/-42, true",
        "/n/{x:int}, /n/2147483647, true",
        "/n/{x:int}, /n/2147483648, false",
        "/n/{x:int}, /n/+1, false",
        "/n/{x:int}, /n/1.0, false",
        "/n/{x:int}, /n/-, false",
        "/n/{x:int}, /n/٣, false",
        "/n/{x:long}, /n/9223372036854775807, true",
        "/n/{x:long}, /n/9223372036854775808, false",
        "/n/{x:uuid}, /n/123e4567-e89b-12d3-a456-426614174000, true",
        "/n/{x:uuid}, /n/123e4567-e89b-12d3-a456-42661417400, false",
        "/n/{x:uuid}, /n/123e4567xe89b-12d3-a456-426614174000, false",
        "/n/{x}, /n/, false",
        "/n/{x}, /n/a/b, false",
    })
    void aTypedParameterMatchesWhatIsOfItsType(String pattern, String path, boolean matches) {
        assertThat(get(pattern).asked(path)).hasSize(matches ? 1 : 0);
    }

    @Test
    void theMoreExactRouteIsAskedFirst() {
        get("/{rest:path}", "/a/{x}", "/a/{x:uuid}", "/a/{x:long}", "/a/{x:int}", "/a/7");

        assertThat(asked("/a/7"))
                .containsExactly("/a/7", "/a/{x:int}", "/a/{x:long}", "/a/{x}", "/{rest:path}");
    }

    @Test
    @Tag("W-4")
    void aHigherPriorityIsAskedBeforeAnExactPath() {
        get("/a/7");
        routes.add(Route.of(Method.GET, "/a/{x}", "first").withPriority(5));

        assertThat(asked("/a/7")).containsExactly("first", "/a/7");
    }

    @Test
    @Tag("W-4")
    void aRouteForTheSameRequestsReplacesTheFirstInItsPlace() {
        get("/a/{x}", "/a/{x}/b");
        var replaced = routes.put(Route.of(Method.GET, "/a/{other}", "new"));

        assertThat(replaced).map(Route::target).contains("/a/{x}");
        assertThat(routes.build().all()).extracting(Route::target).containsExactly("new", "/a/{x}/b");
    }

    @Test
    void theSamePathOnAnotherHostReplacesNothing() {
        get("/a");
        routes.add(Route.of(Method.GET, "/a", "shop").withHost("shop.example"));

        assertThat(find(Method.GET, "shop.example", "/a"))
                .isInstanceOfSatisfying(Found.class, found -> assertThat(found.target()).isEqualTo("shop"));
        assertThat(asked("/a")).containsExactly("/a");
    }

    @ParameterizedTest
    @CsvSource({
        "v1.com, v1.com, true",
        "v1.com, v1.com:9, true",
        "V1.com, v1.com, true",
        "v1.com, w1.com, false",
        "v2.com:80, v2.com:80, true",
        "v2.com:80, v2.com, false",
        "*.shop.example, a.shop.example, true",
        "*.shop.example, a.b.shop.example:80, true",
        "*.shop.example, shop.example, false",
        "[::1], [::1]:8080, true",
    })
    @Tag("W-6")
    void aHostIsMatchedWithOrWithoutItsPort(String wanted, String requested, boolean matches) {
        routes.add(Route.of(Method.GET, "/", "x").withHost(wanted));

        assertThat(find(Method.GET, requested, "/") instanceof Found).isEqualTo(matches);
    }

    @Test
    void headGoesToGetUnlessThereIsARouteForIt() {
        get("/a", "/b");
        routes.add(Route.of(Method.HEAD, "/b", "head"));

        assertThat(find(Method.HEAD, "h", "/a"))
                .isInstanceOfSatisfying(Found.class, found -> assertThat(found.target()).isEqualTo("/a"));
        assertThat(find(Method.HEAD, "h", "/b"))
                .isInstanceOfSatisfying(Found.class, found -> assertThat(found.target()).isEqualTo("head"));
    }

    @Test
    void aMethodThatNoRouteIsForSaysWhichAre() {
        get("/a/{x}");
        routes.add(Route.of(Method.DELETE, "/a/7", "delete"));

        assertThat(find(Method.POST, "h", "/a/7"))
                .isEqualTo(new NotAllowed<>(List.of(Method.DELETE, Method.GET, Method.HEAD, Method.OPTIONS)));
    }

    @Test
    void aRouteForAnyMethodAnswersAll() {
        routes.add(Route.any("/a", "any"));

        assertThat(find(new Method("BREW"), "h", "/a")).isInstanceOf(Found.class);
    }

    @Test
    void anUnknownPathIsNotFound() {
        assertThat(get("/a").find(Method.GET, "h", "/b")).isEqualTo(new NotFound<>());
        assertThat(find(Method.OPTIONS, "h", "*")).isEqualTo(new NotFound<>());
    }

    @Test
    void anIndexDoesNotSeeLaterRoutes() {
        Routes<String> before = get("/a").routes.build();
        get("/b");

        assertThat(before.find(Method.GET, "h", "/b")).isInstanceOf(NotFound.class);
    }

    @Test
    void tenThousandRoutesAreAllFound() {
        for (int i = 0; i < 10_000; i++) {
            routes.add(Route.of(Method.GET, "/r" + i + "/{x}", "r" + i));
        }
        Routes<String> index = routes.build();

        for (int i = 0; i < 10_000; i++) {
            String target = "r" + i;
            assertThat(index.find(Method.GET, "h", "/r" + i + "/1"))
                    .isInstanceOfSatisfying(Found.class, found -> assertThat(found.target()).isEqualTo(target));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "a", "//", "/a//b", "/./a", "/..", "/{", "/{}", "/a{b}", "/{1}", "/{a:float}", "/{a}/{a}", "/{a:path}/b"
    })
    void aWrongPatternIsRefusedWithTheRuleAndTheValue(String pattern) {
        assertThatThrownBy(() -> PathPattern.of(pattern))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("a path pattern ")
                .hasMessageEndingWith("\"" + pattern + "\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a/b", "a.*.b", "*"})
    void aWrongHostIsRefused(String host) {
        assertThatThrownBy(() -> Route.of(Method.GET, "/", "x").withHost(host))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"" + host + "\"");
    }

    @Test
    void theLowestPriorityIsAskedLast() {
        routes.add(Route.of(Method.GET, "/a", "lowest").withPriority(Integer.MIN_VALUE))
                .add(Route.of(Method.GET, "/{x}", "usual"))
                .add(Route.of(Method.GET, "/{x:path}", "highest").withPriority(Integer.MAX_VALUE));

        assertThat(asked("/a")).containsExactly("highest", "usual", "lowest");
    }

    @ParameterizedTest
    @CsvSource({
        "9223372036854775807, true",
        "9223372036854775808, false",
        "-9223372036854775808, true",
        "-9223372036854775809, false",
        "99999999999999999999999999, false",
        "-, false",
        "--1, false",
        "1-, false"
    })
    void numbersHave64BitsAtMost(String text, boolean found) {
        get("/{n:long}/x");

        assertThat(asked("/" + text + "/x")).hasSize(found ? 1 : 0);
    }

    @Test
    void textsOfEqualHashesAreKeptApart() {
        get("/{x}/Aa/{y}", "/{x}/BB/{y}", "/{x}/C#/{y}");

        assertThat(asked("/1/Aa/2")).containsExactly("/{x}/Aa/{y}");
        assertThat(asked("/1/BB/2")).containsExactly("/{x}/BB/{y}");
        assertThat(asked("/1/C#/2")).containsExactly("/{x}/C#/{y}");
        assertThat(asked("/1/A/2")).isEmpty();
        assertThat(asked("/1/Aaa/2")).isEmpty();
    }

    @Test
    void methodsAreAllowedInTheOrderInWhichRoutesWin() {
        routes.add(Route.of(Method.DELETE, "/a/{x}", "1"))
                .add(Route.of(Method.GET, "/a/{x:int}", "2"))
                .add(Route.of(Method.DELETE, "/a/7", "3"));

        assertThat(find(Method.POST, "h", "/a/7"))
                .isEqualTo(new NotAllowed<>(List.of(Method.DELETE, Method.GET, Method.HEAD, Method.OPTIONS)));
    }

    @Test
    @Tag("W-3")
    void aRouteMayHaveSeveralMethods() {
        routes.add(Route.of(Set.of(Method.PUT, Method.PATCH), PathPattern.of("/a"), "change"));

        assertThat(find(Method.PUT, "h", "/a")).isInstanceOf(Found.class);
        assertThat(find(Method.PATCH, "h", "/a")).isInstanceOf(Found.class);
        assertThat(find(Method.GET, "h", "/a"))
                .isEqualTo(new NotAllowed<>(List.of(Method.PATCH, Method.PUT, Method.OPTIONS)));
    }

    @Test
    @Tag("W-3")
    void theOrderOfMethodsDoesNotMatterForAReplacement() {
        routes.add(Route.of(List.of(Method.PUT, Method.PATCH), PathPattern.of("/a"), "old"))
                .add(Route.of(List.of(Method.PATCH, Method.PUT), PathPattern.of("/a"), "new"));

        assertThat(routes.build().all()).extracting(Route::target).containsExactly("new");
    }

    @Test
    void anAppendedRouteReplacesNothingAndIsAskedLater() {
        get("/a");
        routes.append(Route.of(Method.GET, "/a", "second"));

        assertThat(asked("/a")).containsExactly("/a", "second");
    }

    @Test
    void aReplacementTakesThePlaceOfTheFirst() {
        routes.append(Route.of(Method.GET, "/a", "1"))
                .append(Route.of(Method.GET, "/b", "2"))
                .append(Route.of(Method.GET, "/a", "3"))
                .add(Route.of(Method.GET, "/a", "new"));

        assertThat(routes.build().all()).extracting(Route::target).containsExactly("new", "2", "3");
    }

    @Test
    void removingTakesAllRoutesForTheSameRequests() {
        routes.append(Route.of(Method.GET, "/a", "1"))
                .append(Route.of(Method.GET, "/b", "2"))
                .append(Route.of(Method.GET, "/a", "3"))
                .append(Route.of(Method.GET, "/a", "4").withHost("other.example"));

        assertThat(routes.remove(Route.of(Method.GET, "/a", "any"))).isEqualTo(2);
        assertThat(routes.remove(Route.of(Method.GET, "/a", "any"))).isZero();
        routes.add(Route.of(Method.GET, "/b", "new"));
        assertThat(routes.build().all()).extracting(Route::target).containsExactly("new", "4");
        routes.clear();
        assertThat(routes.build().all()).isEmpty();
    }

    @Test
    void caseMakesADifferenceUnlessThePatternSaysOtherwise() {
        routes.add(Route.of(List.of(Method.GET), PathPattern.of("/Über/{x}/END").ignoringCase(), "any"))
                .add(Route.of(Method.GET, "/über/{x}/end", "lower"));

        assertThat(asked("/über/X/end")).containsExactly("lower", "any");
        assertThat(asked("/ÜBER/X/eNd")).containsExactly("any");
        assertThat(find(Method.GET, "h", "/ÜBER/X/eNd"))
                .isInstanceOfSatisfying(
                        Found.class, found -> assertThat(found.parameters().get("x")).contains("X"));
    }

    @Test
    void patternsWithoutRegardToCaseAreEqualInAnyCase() {
        assertThat(PathPattern.of("/a/{x}").ignoringCase())
                .isEqualTo(PathPattern.of("/A/{y}").ignoringCase())
                .hasSameHashCodeAs(PathPattern.of("/A/{y}").ignoringCase())
                .isNotEqualTo(PathPattern.of("/a/{x}"));
    }

    @ParameterizedTest
    @CsvSource({
        "DIFFERENT, /a, /a/, NotFound",
        "SAME, /a, /a/, Found",
        "SAME, /a/, /a, Found",
        "REDIRECT, /a, /a/, Moved",
        "REDIRECT, /a/, /a, Moved",
        "REDIRECT, /a/{x}, /a/7/, Moved",
        "REDIRECT, /, /, Found",
        "SAME, /b, /a/, NotFound",
    })
    void theSlashAtTheEndFollowsThePolicy(TrailingSlash policy, String pattern, String path, String outcome) {
        get(pattern).routes.trailingSlash(policy);

        assertThat(find(Method.GET, "h", path).getClass().getSimpleName()).isEqualTo(outcome);
    }

    @Test
    void nobodyIsSentToAPathThatDoesNotAnswerItsMethod() {
        get("/a").routes.trailingSlash(TrailingSlash.REDIRECT);

        assertThat(find(Method.DELETE, "h", "/a/")).isInstanceOf(NotAllowed.class);
        assertThat(find(Method.GET, "h", "/a/")).isEqualTo(new Routes.Moved<>("/a"));
    }

    @Test
    void anotherHostIsNotToldTheMethods() {
        routes.add(Route.of(Method.GET, "/a/{x}", "1").withHost("[::1]:8080"));

        assertThat(find(Method.POST, "[::1]:8080", "/a/7")).isInstanceOf(NotAllowed.class);
        assertThat(find(Method.POST, "[::1]", "/a/7")).isInstanceOf(NotFound.class);
    }
}
