package dev.thrum.scope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.InstanceOfAssertFactories.MAP;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class DumpTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofSeconds(2); // for what never answers; whoever does must do so within
    private final List<Registration> included = new ArrayList<>();

    private void include(String name, Object value) {
        included.add(Dump.include("pools", () -> Map.of(name, value)));
    }

    private static Object pools(Dump dump) {
        return dump.content().get("pools");
    }

    @AfterEach
    void leave() {
        included.forEach(Registration::close);
    }

    @Test
    @Tag("S-30")
    void whatIsIncludedIsSeenUntilItLeaves() {
        include("busy", 3);
        assertThat(pools(Dump.take(PATIENCE))).isEqualTo(List.of(Map.of("busy", 3)));

        leave();
        assertThat(pools(Dump.take(PATIENCE))).isNull();
    }

    @Test
    @Tag("S-30")
    void theProcessIsThere() {
        assertThat(Dump.take(PATIENCE).content().get("process"))
                .asInstanceOf(MAP)
                .containsEntry("pid", ProcessHandle.current().pid())
                .containsKeys("at", "java", "heapUsed", "heapMax", "tracing");
    }

    @Test
    @Tag("S-31")
    void whoAnswersIsSeenFromWithinAsWell() {
        included.add(Dump.include(
                "pools",
                () -> Map.of("name", "mine", "waits", List.of(Map.of("who", "a", "for", "b"))),
                () -> CompletableFuture.completedFuture(
                        Map.of("inside", 1, "waits", List.of(Map.of("who", "c", "for", "d"))))));

        Dump dump = Dump.take(PATIENCE);

        assertThat(pools(dump)).isEqualTo(List.of(Map.of("name", "mine", "inside", 1, "answers", true)));
        assertThat(dump.content().get("waits"))
                .isEqualTo(List.of(Map.of("who", "a", "for", "b"), Map.of("who", "c", "for", "d")));
    }

    @Test
    @Tag("S-31")
    void whatIsIncludedIsAskedUnderTheRootScope() {
        Scope.root().child().run(() -> {
            included.add(Dump.include(
                    "pools",
                    () -> Map.of("outside", Scope.current() == Scope.root()),
                    () -> CompletableFuture.completedFuture(Map.of("inside", Scope.current() == Scope.root()))));

            assertThat(pools(Dump.take(PATIENCE)))
                    .isEqualTo(List.of(Map.of("outside", true, "inside", true, "answers", true)));
        });
    }

    @Test
    @Tag("S-31")
    void whoDoesNotAnswerIsSeenFromOutsideAndKeepsItsOwnWaiting() {
        included.add(Dump.include("pools", () -> Map.of("name", "mine", "doing", "a callback"), CompletableFuture::new));

        Dump dump = Dump.take(SHORT);

        assertThat(pools(dump)).isEqualTo(List.of(Map.of("name", "mine", "doing", "a callback", "answers", false)));
        assertThat(dump.toText()).contains("all that belongs to mine  ->  a callback");
    }

    @Test
    @Tag("S-31")
    void whatCannotBeSeenKeepsNobodyFromBeingSeen() {
        CountDownLatch never = new CountDownLatch(1);
        included.add(Dump.include("pools", () -> {
            try {
                never.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return Map.of();
        }));
        included.add(Dump.include("pools", () -> {
            throw new IllegalStateException("as planned");
        }));
        include("busy", 3);

        Dump dump = Dump.take(SHORT);
        never.countDown();

        assertThat(pools(dump))
                .isEqualTo(List.of(
                        Map.of("problem", "it could not be seen in time"),
                        Map.of("problem", "telling threw java.lang.IllegalStateException: as planned"),
                        Map.of("busy", 3)));
    }

    @Test
    @Tag("S-31")
    void anInterruptCutsThePatienceShortAndIsKept() {
        included.add(Dump.include("pools", Map::of, CompletableFuture::new));

        Thread.currentThread().interrupt();
        Dump dump = Dump.take(Duration.ofDays(1));

        assertThat(Thread.interrupted()).isTrue();
        assertThat(dump.content()).containsKey("process");
    }

    @Test
    @Tag("S-32")
    void listsTextsDepthAndTheWholeHaveBounds() {
        List<Object> deep = List.of("end");
        for (int i = 0; i < 100; i++) {
            deep = List.of(deep);
        }
        include("list", IntStream.range(0, 2_500).boxed().toList());
        include("text", "x".repeat(5_000));
        include("deep", deep);
        include("all", Collections.nCopies(900, Collections.nCopies(900, "x".repeat(1_000))));

        Dump dump = Dump.take(PATIENCE);

        assertThat(dump.toJson()).contains("… and 1500 more", "x… and 3000 more").hasSizeLessThan(8 << 20);
    }

    @Test
    @Tag("S-32")
    void jsonIsEscaped() {
        include("a\"b", "\\ \n \u0000 \ud800 😀 é");
        include("not a number", Double.NaN);

        assertThat(Dump.take(PATIENCE).toJson())
                .contains("\"a\\\"b\": \"\\\\ \\u000a \\u0000 \\ud800 😀 é\"", "\"not a number\": \"NaN\"");
    }

    @Test
    @Tag("S-32")
    void aTextStaysOnItsLine() {
        include("path", "GET /\n\u001b[31mred");

        assertThat(Dump.take(PATIENCE).toText()).contains("path: GET /��[31mred\n");
    }

    @Test
    @Tag("S-32")
    void aNameThatThrowsIsToldSo() {
        include("name", new Object() {
            @Override
            public String toString() {
                throw new IllegalStateException();
            }
        });

        assertThat(Dump.take(PATIENCE).toText()).contains("something whose name throws java.lang.IllegalStateException");
    }

    @Test
    void patienceMustNotBeNegative() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Dump.take(Duration.ofMillis(-1)))
                .withMessage("patience must not be negative: PT-0.001S");
    }
}
