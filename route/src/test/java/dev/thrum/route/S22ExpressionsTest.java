package dev.thrum.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.http.HttpException;
import dev.thrum.http.Method;
import dev.thrum.route.Routes.Found;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Regular expressions that a hostile path would keep busy for ever: so many steps, and no more.
@Tag("S22")
class S22ExpressionsTest {

    private static Routes<String> index(String... expressions) {
        Routes.Builder<String> routes = Routes.builder();
        for (String expression : expressions) {
            routes.add(Route.of(List.of(Method.GET), PathPattern.regex(expression), expression));
        }
        return routes.build();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/(a+)+b", "/(a|a)*b", "/(.*a){20}b", "/(a|aa)+$", "/([a-z]+)*!", "/(x|a|b)*c", "/(\\w+\\s?)*;"})
    void aHostilePathIsRefusedSoon(String expression) {
        Routes<String> index = index(expression);
        String path = "/" + "a".repeat(8_000) + "?";

        // the bound is for a busy machine: without the limit it would be centuries
        Assertions.assertTimeout(
                Duration.ofSeconds(20),
                () -> assertThatThrownBy(() -> index.find(Method.GET, "h", path))
                        .isInstanceOfSatisfying(
                                HttpException.class, problem -> assertThat(problem.status()).isEqualTo(400)));
    }

    @Test
    void aLongInnocentPathIsMatched() {
        assertThat(index("/files/(.*)\\.(\\w+)").find(Method.GET, "h", "/files/" + "a/".repeat(4_000) + "x.txt"))
                .isInstanceOf(Found.class);
    }

    @Test
    void expressionsThatBeginDifferentlyDoNotCostEachOther() {
        // to try one is dear: to try all would be refused
        Routes<String> index = index(IntStream.range(0, 2_000).mapToObj(i -> "/r" + i + "/(a+)+b").toArray(String[]::new));
        for (int i = 0; i < 2_000; i++) {
            assertThat(index.find(Method.GET, "h", "/r" + i + "/aab")).isInstanceOf(Found.class);
        }
    }
}
