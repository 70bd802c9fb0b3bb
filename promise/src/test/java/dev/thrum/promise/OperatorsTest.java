package dev.thrum.promise;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.promise.Promise.Fulfilled;
import dev.thrum.promise.Promise.Pending;
import dev.thrum.promise.Promise.Rejected;
import dev.thrum.scope.Scope;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The operators that wait for what they start, and clean-ups on every path.
class OperatorsTest {
    private final List<Object> log = new ArrayList<>();
    private final IOException reason = new IOException("first");
    private final IllegalStateException second = new IllegalStateException("second");
    private final Resolver<String> inner = Resolver.create();

    private static Throwable reason(Promise<?> promise) {
        assertThat(promise.state()).isInstanceOf(Rejected.class);
        return ((Rejected<?>) promise.state()).reason();
    }

    @Nested
    class RecoverWith {
        @Test
        @Tag("P-50")
        void answersARejectionWithAPromise() {
            Promise<String> answered =
                    Promise.<String>failed(reason).recoverWith(IOException.class, e -> inner.promise());
            assertThat(answered.state()).isEqualTo(new Pending<>());
            inner.resolve("better");

            assertThat(answered.state()).isEqualTo(new Fulfilled<>("better"));
        }

        @Test
        void passesValuesAndOtherReasonsOn() {
            assertThat(Promise.of("x").recoverWith(IOException.class, e -> inner.promise()).state())
                    .isEqualTo(new Fulfilled<>("x"));
            assertThat(reason(Promise.<String>failed(second).recoverWith(IOException.class, e -> inner.promise())))
                    .isSameAs(second);
        }

        @Test
        void aPromiseAsAValueIsJustAValue() {
            Promise<Promise<String>> nested = Promise.of(inner.promise());

            assertThat(nested.recoverWith(IOException.class, e -> nested).state())
                    .isEqualTo(new Fulfilled<>(inner.promise()));
        }

        @Test
        void whatTheFunctionThrowsRejects() {
            assertThat(reason(Promise.failed(reason).recoverWith(IOException.class, e -> {
                        throw second;
                    })))
                    .isSameAs(second);
        }
    }

    @Nested
    class TapWith {
        @Test
        @Tag("P-19")
        void theChainWaitsForThePromiseAndPassesTheValueOn() {
            Promise<Integer> tapped = Promise.of(7).tapWith(n -> inner.promise());
            assertThat(tapped.state()).isEqualTo(new Pending<>());
            inner.resolve("ignored");

            assertThat(tapped.state()).isEqualTo(new Fulfilled<>(7));
        }

        @Test
        void aFailingPromiseRejects() {
            Promise<Integer> tapped = Promise.of(7).tapWith(n -> inner.promise());
            inner.reject(reason);

            assertThat(reason(tapped)).isSameAs(reason);
        }

        @Test
        void aRejectionPassesByTheFunction() {
            assertThat(reason(Promise.failed(reason).tapWith(n -> Promise.of(log.add(n))))).isSameAs(reason);
            assertThat(log).isEmpty();
        }

        @Test
        void cancellingReachesWhatWasStarted() {
            inner.onCancel(why -> log.add("stopped"));
            Promise.of(7).tapWith(n -> inner.promise()).cancel();

            assertThat(log).containsExactly("stopped");
        }
    }

    @Nested
    class LastlyWith {
        @Test
        @Tag("P-20")
        void theChainWaitsForTheCleanUpAfterAValue() {
            Promise<Integer> cleaned = Promise.of(7).lastlyWith(inner::promise);
            assertThat(cleaned.state()).isEqualTo(new Pending<>());
            inner.resolve("clean");

            assertThat(cleaned.state()).isEqualTo(new Fulfilled<>(7));
        }

        @Test
        void andAfterAFailure() {
            Promise<Object> cleaned = Promise.failed(reason).lastlyWith(inner::promise);
            assertThat(cleaned.state()).isEqualTo(new Pending<>());
            inner.resolve("clean");

            assertThat(reason(cleaned)).isSameAs(reason);
        }

        @Test
        void aFailingCleanUpRejectsAndKeepsTheFirstReason() {
            Promise<Object> promised = Promise.failed(reason).lastlyWith(inner::promise);
            inner.reject(second);
            assertThat(reason(promised)).isSameAs(second).hasSuppressedException(reason);

            Promise<Object> thrown = Promise.failed(reason).lastlyWith(() -> {
                throw new IllegalArgumentException("third");
            });
            assertThat(reason(thrown)).hasMessage("third").hasSuppressedException(reason);
        }

        @Test
        void aCleanUpThatHasBegunIsNotCancelled() {
            inner.onCancel(why -> log.add("stopped"));
            Promise<Integer> cleaned = Promise.of(7).lastlyWith(inner::promise);

            assertThat(cleaned.cancel()).isTrue();

            assertThat(log).isEmpty();
            assertThat(inner.resolve("clean")).isTrue();
            assertThat(reason(cleaned)).isInstanceOf(CancellationException.class);
        }

        @Test
        void aCancelBeginsIt() {
            Resolver<Integer> work = Resolver.create();
            work.onCancel(why -> log.add("work stopped"));

            work.promise().lastlyWith(() -> {
                log.add("cleaning");
                return inner.promise();
            }).cancel();

            assertThat(log).containsExactly("work stopped", "cleaning");
        }
    }

    @Nested
    class Lastly {
        private final TestLoop loop = new TestLoop();

        @Test
        @Tag("P-51")
        void runsWhenItIsCancelledItselfAfterTheWorkWasTold() {
            Resolver<Integer> work = Resolver.create();
            work.onCancel(why -> log.add("work stopped"));

            work.promise().lastly(() -> log.add("clean-up")).cancel();

            assertThat(log).containsExactly("work stopped", "clean-up");
        }

        @Test
        void cleanUpsOfACancelledChainRunFromTheInsideOut() {
            loop.turn(() -> {
                Resolver<Integer> work = Resolver.create();
                work.onCancel(why -> log.add("work stopped"));

                work.promise()
                        .map(n -> n)
                        .lastly(() -> log.add("inner"))
                        .then(Promise::of)
                        .lastly(() -> log.add("outer"))
                        .map(n -> n)
                        .cancel();

                assertThat(log).containsExactly("work stopped", "inner", "outer");
            });
        }

        @Test
        void runsWhenTimeIsUp() {
            Resolver<Integer> work = loop.resolver();
            Promise<Integer> limited = work.promise().lastly(() -> log.add("clean-up")).within(Duration.ofSeconds(1));

            loop.advance(Duration.ofSeconds(2));

            assertThat(log).containsExactly("clean-up");
            assertThat(reason(limited)).isInstanceOf(TimeoutException.class);
        }

        @Test
        void runsOnceWhereACancelComesLate() {
            Promise<Integer> cleaned = Promise.of(1).lastly(() -> log.add("clean-up"));
            cleaned.cancel();

            assertThat(log).containsExactly("clean-up");
        }

        @Test
        void runsOnceWhenItCancelsItself() {
            Resolver<Integer> work = Resolver.create();
            List<Promise<?>> self = new ArrayList<>();
            self.add(work.promise().lastly(() -> {
                log.add("clean-up");
                self.getFirst().cancel();
            }));
            work.resolve(1);

            assertThat(log).containsExactly("clean-up");
        }

        @Test
        void whatItThrowsAfterACancelIsReported() {
            loop.turn(() -> Resolver.<Integer>create().promise()
                    .lastly(() -> {
                        throw second;
                    })
                    .cancel());

            assertThat(loop.reported()).containsExactly(second);
        }

        @Test
        void runsUnderTheScopeOfWhoeverAttachedItAlsoAfterACancel() {
            Scope scope = Scope.root().child();
            Promise<Integer> cleaned = scope.call(
                    () -> Resolver.<Integer>create().promise().lastly(() -> log.add(Scope.current())));
            cleaned.cancel();

            assertThat(log).containsExactly(scope);
        }

        @Test
        void racesWithACancelAndRunsOnce() throws Exception {
            for (int round = 0; round < 5_000; round++) {
                var runs = new java.util.concurrent.atomic.AtomicInteger();
                Resolver<Integer> work = Resolver.create();
                Promise<Integer> cleaned = work.promise().lastly(runs::incrementAndGet);
                Thread canceller = Thread.startVirtualThread(cleaned::cancel);
                work.resolve(1);
                canceller.join();
                assertThat(runs).hasValue(1);
            }
        }
    }

    @Test
    @Tag("P-4")
    void promisifyTakesAValueAnErrorAndARecord() {
        record Three(int a, String b, Object c) {}

        assertThat(Promises.promisify(() -> 4).state()).isEqualTo(new Fulfilled<>(4));
        assertThat(Promises.promisify(() -> new Three(1, "2", null)).state())
                .isEqualTo(new Fulfilled<>(new Three(1, "2", null)));
        assertThat(reason(Promises.promisify(() -> {
                    throw reason;
                })))
                .isSameAs(reason);
    }

    @Test
    void startTakesThePromiseThatTheBodyReturns() {
        assertThat(Promises.start(inner::promise)).isSameAs(inner.promise());
        assertThat(reason(Promises.<String>start(() -> {
                    throw reason;
                })))
                .isSameAs(reason);
        assertThat(reason(Promises.<String>start(() -> null))).hasMessageContaining("returned null");
    }

    @Test
    void aChainTakesItsStepsInTurn() {
        assertThat(Promises.chain(Promise.of(1), List.of(n -> Promise.of(n + 1), n -> Promise.of(n * 10))).state())
                .isEqualTo(new Fulfilled<>(20));
        assertThat(Promises.chain(Promise.of(1), List.of()).state()).isEqualTo(new Fulfilled<>(1));
    }

    @Test
    void aChainEndsAtTheFirstFailure() {
        assertThat(reason(Promises.<Integer>chain(
                        Promise.of(1), List.of(n -> Promise.failed(reason), n -> Promise.of(n * 10)))))
                .isSameAs(reason);
    }
}
