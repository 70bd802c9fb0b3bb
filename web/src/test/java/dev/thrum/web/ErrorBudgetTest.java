package dev.thrum.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.thrum.scope.Scope;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ErrorBudgetTest {
    private static final Duration WINDOW = Duration.ofMinutes(10);

    private final List<ErrorBudget.Spending> told = new ArrayList<>();
    private final Tally tally = new Tally();
    private final ErrorBudget budget = ErrorBudget.of(0.01, WINDOW).withListener(told::add);
    private final Snapshot app =
            WebApp.create().named("shop").logLevel(System.Logger.Level.OFF).snapshot();
    private final BudgetWatch watch =
            new BudgetWatch(budget, app, Scope.root(), () -> Metrics.of(Stream.of(tally), new Load(), 0));

    private void answer(int status, int times) {
        for (int i = 0; i < times; i++) {
            tally.count(status, 1);
        }
    }

    @Test
    @Tag("W-103")
    void itIsSpentWhenMoreThanItsShareHasFailed() {
        answer(200, 990);
        answer(500, 9);
        watch.look();
        assertThat(told).isEmpty();
        assertThat(watch.last().spent()).isBetween(0.9, 0.91);

        answer(503, 20);
        watch.look();

        assertThat(told).singleElement().satisfies(spending -> {
            assertThat(spending.isSpent()).isTrue();
            assertThat(spending.message()).isEqualTo("shop has spent 285 % of its error budget: 29 of 1019 answers failed");
        });
        assertThat(watch.last()).isEqualTo(told.getFirst());
    }

    @Test
    @Tag("W-103")
    void itIsToldOnceAndAgainWhenLessThanHalfIsGone() {
        answer(200, 100);
        answer(500, 10);
        watch.look();
        answer(200, 1_100); // 83 % are gone
        watch.look();
        assertThat(told).hasSize(1);

        answer(200, 1_000);
        watch.look();

        assertThat(told).extracting(ErrorBudget.Spending::isSpent).containsExactly(true, false);
    }

    @Test
    @Tag("W-103")
    void whatIsOlderThanTheWindowCountsNoMore() {
        answer(500, 100);
        watch.look();
        for (int i = 0; i < 60; i++) {
            watch.look();
        }

        assertThat(watch.last()).isEqualTo(new ErrorBudget.Spending("shop", 0, 0, 0, false));
        assertThat(told).hasSize(2);
    }

    @Test
    @Tag("W-103")
    void fewAnswersTellNothing() {
        answer(500, 99);
        watch.look();
        assertThat(told).isEmpty();

        answer(500, 1);
        watch.look();
        assertThat(told).hasSize(1);
    }

    @Test
    @Tag("W-103")
    void aListenerIsToldUnderTheScopeOfTheServerAndHealthSaysSo() throws Exception {
        CountDownLatch spent = new CountDownLatch(1);
        List<String> names = new ArrayList<>();
        WebApp shop = WebApp.create()
                .named("shop")
                .logLevel(System.Logger.Level.OFF)
                .errorBudget(ErrorBudget.of(0.5, Duration.ofSeconds(30)).withLeast(1).withListener(spending -> {
                    names.add(Server.current().orElseThrow().name());
                    spent.countDown();
                }))
                .get("/throw", (request, response) -> {
                    throw new IllegalStateException("as planned");
                });
        WebApp admin = WebApp.create().named("admin");
        try (Server server = shop.start(Listener.http(0).withHost("127.0.0.1"))) {
            admin.install(Health.at("/health").of(server).withErrorBudget());
            try (Server health = admin.start(Listener.http(0).withHost("127.0.0.1"))) {
                int port = health.ports().getFirst();
                assertThat(RawClient.get(port, "/health/ready").status()).isEqualTo(200);
                while (spent.getCount() > 0) { // a look may fall between the failures
                    RawClient.get(server.ports().getFirst(), "/throw");
                }
                RawClient.Answer notReady = RawClient.get(port, "/health/ready");

                assertThat(notReady.status()).isEqualTo(503);
                assertThat(notReady.body()).startsWith("shop has spent ").contains(" % of its error budget: ");
                assertThat(names).contains("shop");
                assertThat(server.errorBudget().orElseThrow().isSpent()).isTrue();
                assertThat(health.errorBudget()).isEmpty();
            }
        }
    }

    @Test
    @Tag("W-103")
    void whatHealthSaysCostsNoBudget() throws Exception {
        WebApp shop = WebApp.create()
                .named("shop")
                .logLevel(System.Logger.Level.OFF)
                .install(Health.at("/health").withErrorBudget())
                .errorBudget(ErrorBudget.of(0.01, Duration.ofSeconds(1)).withLeast(1))
                .get("/throw", (request, response) -> {
                    throw new IllegalStateException("as planned");
                });
        try (Server server = shop.start(Listener.http(0).withHost("127.0.0.1"))) {
            int port = server.ports().getFirst();
            while (RawClient.get(port, "/health/ready").status() == 200) {
                RawClient.get(port, "/throw");
            }
            for (int asked = 0; RawClient.get(port, "/health/ready").status() == 503; asked++) {
                assertThat(asked).as("who asks again keeps it from getting ready").isLessThan(50_000); // in a second there are less
            }
            Metrics metrics = server.metrics();
            assertThat(metrics.unready()).isPositive().isLessThan(metrics.failed());
        }
    }

    @Test
    void aBudgetHasBounds() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ErrorBudget.of(0, WINDOW))
                .withMessage("share must be more than 0 and less than 1: 0.0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ErrorBudget.of(0.1, Duration.ofMillis(1)))
                .withMessage("window must be a second to 30 days: PT0.001S");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> budget.withLeast(0))
                .withMessage("least must be positive: 0");
    }
}
