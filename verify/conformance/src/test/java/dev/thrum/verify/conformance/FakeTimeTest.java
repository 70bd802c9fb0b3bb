package dev.thrum.verify.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.promise.Promise;
import dev.thrum.promise.Resolver;
import dev.thrum.scope.Scope;
import dev.thrum.testing.FakeLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/// Promises and scopes in a test's own time.
class FakeTimeTest {
    private final List<Object> log = new ArrayList<>();

    @Test
    void aPromiseIsGivenUpWhenItsTimeHasPassed() {
        try (FakeLoop fake = FakeLoop.create()) {
            fake.run(loop -> Resolver.<String>create()
                    .promise()
                    .within(Duration.ofHours(1))
                    .recover(TimeoutException.class, reason -> "too late")
                    .tap(log::add));

            fake.advance(Duration.ofMinutes(59));
            assertThat(log).isEmpty();
            fake.advance(Duration.ofMinutes(1));

            assertThat(log).containsExactly("too late");
        }
    }

    @Test
    void aScopeIsCancelledWhenItsDeadlineHasPassed() {
        try (FakeLoop fake = FakeLoop.create()) {
            fake.run(loop -> Scope.current().within(Duration.ofDays(1)).onCancel(reason -> log.add(reason.getClass())));

            fake.advance(Duration.ofDays(1));

            assertThat(log).containsExactly(TimeoutException.class);
        }
    }

    @Test
    void aTimerResolvesAPromise() {
        try (FakeLoop fake = FakeLoop.create()) {
            fake.run(loop -> Promise.<String>create(
                            resolver -> loop.after(Duration.ofSeconds(3), () -> resolver.resolve("work")))
                    .map(String::length)
                    .tap(log::add));

            fake.advance(Duration.ofSeconds(3));

            assertThat(log).containsExactly(4);
        }
    }
}
