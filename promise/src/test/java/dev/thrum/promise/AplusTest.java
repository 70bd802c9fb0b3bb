package dev.thrum.promise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.promise.Promise.Fulfilled;
import dev.thrum.promise.Promise.Pending;
import dev.thrum.promise.Promise.Rejected;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The rules of Promises/A+ 1.1, by their numbers. Its `then(onFulfilled, onRejected)` is here `map` or `then` for the first
/// argument and `recover` or `recoverWith` for the second; its resolution procedure is `Resolver.follow`, and what `then`
/// does with the promise that its function returns; its foreign thenables are the JDK's completion stages.
class AplusTest {
    private final List<Object> log = new ArrayList<>();
    private final Resolver<Integer> resolver = Resolver.create();
    private final Promise<Integer> promise = resolver.promise();
    private final IOException reason = new IOException("reason");
    private final IOException other = new IOException("other");

    /// 2.1: a promise is pending, fulfilled or rejected.
    @Nested
    class States {
        @Test
        @Tag("PA-2.1.1.1")
        void aPendingOneMayBecomeFulfilledOrRejected() {
            Resolver<Integer> second = Resolver.create();
            assertThat(promise.state()).isEqualTo(new Pending<>());
            resolver.resolve(1);
            second.reject(reason);

            assertThat(promise.state()).isEqualTo(new Fulfilled<>(1));
            assertThat(second.promise().state()).isEqualTo(new Rejected<>(reason));
        }

        @Test
        @Tag("PA-2.1.2.1")
        void aFulfilledOneNeverBecomesAnythingElse() {
            resolver.resolve(1);
            resolver.reject(reason);
            promise.cancel();

            assertThat(promise.state()).isEqualTo(new Fulfilled<>(1));
        }

        @Test
        @Tag("PA-2.1.2.2")
        void itsValueNeverChanges() {
            List<Object> value = new ArrayList<>();
            Resolver<List<Object>> list = Resolver.create();
            list.resolve(value);
            list.resolve(List.of());

            assertThat(list.promise().state())
                    .isInstanceOfSatisfying(Fulfilled.class, state -> assertThat(state.value()).isSameAs(value));
        }

        @Test
        @Tag("PA-2.1.3.1")
        void aRejectedOneNeverBecomesAnythingElse() {
            resolver.reject(reason);
            resolver.resolve(1);
            promise.cancel();

            assertThat(promise.state()).isEqualTo(new Rejected<>(reason));
        }

        @Test
        @Tag("PA-2.1.3.2")
        void itsReasonNeverChanges() {
            resolver.reject(reason);
            resolver.reject(other);

            assertThat(promise.state()).isEqualTo(new Rejected<>(reason));
        }
    }

    /// 2.2: `then`.
    @Nested
    class Then {
        @Test
        @Tag("PA-2.2.1.1")
        void theCallbackForValuesIsOptional() {
            resolver.reject(reason);

            assertThat(promise.recover(IOException.class, e -> 2).state()).isEqualTo(new Fulfilled<>(2));
        }

        @Test
        @Tag("PA-2.2.1.2")
        void theCallbackForReasonsIsOptional() {
            resolver.resolve(1);

            assertThat(promise.map(n -> n + 1).state()).isEqualTo(new Fulfilled<>(2));
        }

        @Test
        @Tag("PA-2.2.1.1")
        @Tag("PA-2.2.1.2")
        void butACallbackThatIsNoFunctionIsRefused() {
            assertThatThrownBy(() -> promise.map(null)).isInstanceOf(NullPointerException.class);
            assertThatThrownBy(() -> promise.recover(IOException.class, null)).isInstanceOf(NullPointerException.class);
        }

        @Test
        @Tag("PA-2.2.2.1")
        void aCallbackForValuesIsCalledAfterTheFulfilmentWithTheValue() {
            promise.tap(n -> log.add(promise.state())).tap(log::add);
            resolver.resolve(1);

            assertThat(log).containsExactly(new Fulfilled<>(1), 1);
        }

        @Test
        @Tag("PA-2.2.2.2")
        void notBefore() {
            promise.tap(log::add);

            assertThat(log).isEmpty();
        }

        @Test
        @Tag("PA-2.2.2.3")
        void andNoMoreThanOnce() {
            promise.tap(log::add);
            resolver.resolve(1);
            resolver.resolve(2);
            promise.tap(n -> {});

            assertThat(log).containsExactly(1);
        }

        @Test
        @Tag("PA-2.2.3.1")
        void aCallbackForReasonsIsCalledAfterTheRejectionWithTheReason() {
            promise.recover(IOException.class, e -> {
                log.add(promise.state());
                log.add(e);
                return 0;
            });
            resolver.reject(reason);

            assertThat(log).containsExactly(new Rejected<>(reason), reason);
        }

        @Test
        @Tag("PA-2.2.3.2")
        void notBeforeEither() {
            promise.recover(IOException.class, e -> log.size());
            promise.recover(IOException.class, e -> {
                log.add(e);
                return 0;
            });
            assertThat(log).isEmpty();
            resolver.resolve(1);

            assertThat(log).isEmpty();
        }

        @Test
        @Tag("PA-2.2.3.3")
        void andNoMoreThanOnceEither() {
            promise.recover(IOException.class, e -> log.add(e) ? 1 : 0);
            resolver.reject(reason);
            resolver.reject(other);

            assertThat(log).containsExactly(reason);
        }

        @Test
        @Tag("PA-2.2.4")
        void insideCallbacksNoCallbackRunsBeforeTheRunningOneHasReturned() {
            resolver.resolve(1);
            Promise.of(0).tap(n -> {
                promise.tap(m -> log.add("attached inside"));
                Resolver<Integer> inner = Resolver.create();
                inner.promise().tap(m -> log.add("settled inside"));
                inner.resolve(2);
                log.add("returned");
            });

            assertThat(log).containsExactly("returned", "attached inside", "settled inside");
        }

        @Test
        @Tag("PA-2.2.4")
        void elsewhereTheyRunAtOnce() {
            resolver.resolve(1);
            promise.tap(log::add);
            log.add("after");

            assertThat(log).containsExactly(1, "after");
        }

        @Test
        @Tag("PA-2.2.4")
        void exceptOnAnExecutorWhereTheyNeverDo() {
            List<Runnable> posted = new ArrayList<>();
            resolver.resolve(1);
            promise.on(posted::add).tap(log::add);
            log.add("after");
            while (!posted.isEmpty()) {
                posted.removeFirst().run();
            }

            assertThat(log).containsExactly("after", 1);
        }

        @Test
        @Tag("PA-2.2.5")
        void callbacksAreFunctionsOfTheirArgumentAlone() {
            record Callback(List<Object> log) implements java.util.function.Function<Integer, Integer> {
                @Override
                public Integer apply(Integer n) {
                    log.add(this);
                    return n;
                }
            }

            Callback callback = new Callback(log);
            promise.map(callback);
            resolver.resolve(1);

            assertThat(log).singleElement().isSameAs(callback); // `this` is the function's own, and no promise
        }

        @Test
        @Tag("PA-2.2.6.1")
        void callbacksForValuesRunInTheOrderTheyWereAttached() {
            promise.tap(n -> log.add("a"));
            promise.map(n -> {
                log.add("b");
                throw new IllegalStateException("harms nobody else");
            });
            promise.then(n -> {
                log.add("c");
                return Promise.of(n);
            });
            resolver.resolve(1);
            promise.tap(n -> log.add("d"));

            assertThat(log).containsExactly("a", "b", "c", "d");
        }

        @Test
        @Tag("PA-2.2.6.2")
        void soDoCallbacksForReasons() {
            promise.recover(IOException.class, e -> log.add("a") ? 1 : 0);
            promise.recoverWith(IOException.class, e -> Promise.of(log.add("b") ? 1 : 0));
            promise.lastly(() -> log.add("c"));
            resolver.reject(reason);
            promise.recover(IOException.class, e -> log.add("d") ? 1 : 0);

            assertThat(log).containsExactly("a", "b", "c", "d");
        }

        @Test
        @Tag("PA-2.2.7")
        void itReturnsAPromise() {
            assertThat(promise.map(n -> n)).isNotNull().isNotSameAs(promise);
            assertThat(promise.recover(IOException.class, e -> 0)).isNotNull().isNotSameAs(promise);
        }

        @Test
        @Tag("PA-2.2.7.1")
        void whatACallbackReturnsIsResolved() {
            resolver.resolve(1);

            assertThat(promise.map(n -> n + 1).state()).isEqualTo(new Fulfilled<>(2));
            assertThat(promise.then(n -> Promise.of(n + 1)).state()).isEqualTo(new Fulfilled<>(2));
            Promise<Integer> failed = Promise.failed(reason);
            assertThat(failed.recover(IOException.class, e -> 3).state()).isEqualTo(new Fulfilled<>(3));
            assertThat(failed.recoverWith(IOException.class, e -> promise).state()).isEqualTo(new Fulfilled<>(1));
        }

        @Test
        @Tag("PA-2.2.7.1")
        void butMapTakesAPromiseForAValue() {
            resolver.resolve(1);

            assertThat(promise.map(n -> promise).state()).isEqualTo(new Fulfilled<>(promise));
        }

        @Test
        @Tag("PA-2.2.7.2")
        void whatACallbackThrowsRejects() {
            IllegalStateException thrown = new IllegalStateException();
            resolver.resolve(1);

            assertThat(promise.map(n -> {
                        throw thrown;
                    })
                    .state())
                    .isEqualTo(new Rejected<>(thrown));
            assertThat(Promise.failed(reason)
                            .recover(IOException.class, e -> {
                                throw thrown;
                            })
                            .state())
                    .isEqualTo(new Rejected<>(thrown));
        }

        @Test
        @Tag("PA-2.2.7.3")
        void aValueWithoutACallbackPassesOn() {
            resolver.resolve(1);

            assertThat(promise.recover(IOException.class, e -> 2).state()).isEqualTo(new Fulfilled<>(1));
        }

        @Test
        @Tag("PA-2.2.7.4")
        void aReasonWithoutACallbackPassesOn() {
            resolver.reject(reason);

            assertThat(promise.map(n -> n + 1).state()).isEqualTo(new Rejected<>(reason));
        }
    }

    /// 2.3: the resolution procedure.
    @Nested
    class Resolution {
        private final Resolver<Integer> x = Resolver.create();

        @Test
        @Tag("PA-2.3.1")
        void aPromiseThatFollowsItselfIsRejected() {
            resolver.follow(promise);

            assertThat(promise.state())
                    .isInstanceOfSatisfying(Rejected.class, state -> assertThat(state.reason())
                            .isInstanceOf(IllegalStateException.class)
                            .hasMessage("a promise cannot follow itself"));
        }

        @Test
        @Tag("PA-2.3.1")
        void alsoByTheReturnOfACallback() {
            AtomicReference<Promise<Integer>> self = new AtomicReference<>();
            self.set(promise.then(n -> self.get()));
            resolver.resolve(1);

            assertThat(self.get().state()).isInstanceOf(Rejected.class);
        }

        @Test
        @Tag("PA-2.3.2.1")
        void aPromiseThatFollowsAPendingOneStaysPending() {
            resolver.follow(x.promise());
            resolver.resolve(9);

            assertThat(promise.state()).isEqualTo(new Pending<>());
        }

        @Test
        @Tag("PA-2.3.2.2")
        void itIsFulfilledWithTheSameValueNowOrLater() {
            resolver.follow(x.promise());
            x.resolve(1);
            Resolver<Integer> later = Resolver.create();
            later.follow(x.promise());

            assertThat(promise.state()).isEqualTo(new Fulfilled<>(1));
            assertThat(later.promise().state()).isEqualTo(new Fulfilled<>(1));
        }

        @Test
        @Tag("PA-2.3.2.3")
        void itIsRejectedWithTheSameReasonNowOrLater() {
            resolver.follow(x.promise());
            x.reject(reason);
            Resolver<Integer> later = Resolver.create();
            later.follow(x.promise());

            assertThat(promise.state()).isEqualTo(new Rejected<>(reason));
            assertThat(later.promise().state()).isEqualTo(new Rejected<>(reason));
        }

        @Test
        @Tag("PA-2.3.3.1")
        void aForeignThenableIsAskedOnceForItsEnd() {
            List<Object> asked = new ArrayList<>();
            CompletableFuture<Integer> stage = new CompletableFuture<>() {
                @Override
                public CompletableFuture<Integer> whenComplete(
                        java.util.function.BiConsumer<? super Integer, ? super Throwable> action) {
                    asked.add(action);
                    return super.whenComplete(action);
                }
            };
            resolver.follow(Promise.from(stage));
            stage.complete(1);

            assertThat(promise.state()).isEqualTo(new Fulfilled<>(1));
            assertThat(asked).hasSize(1);
        }

        @Test
        @Tag("PA-2.3.3.2")
        void oneThatCannotBeAskedRejects() {
            IllegalStateException thrown = new IllegalStateException();
            resolver.follow(Promise.from(new Hostile(thrown, false)));

            assertThat(promise.state()).isEqualTo(new Rejected<>(thrown));
        }

        @Test
        @Tag("PA-2.3.3.3.1")
        void itsValueIsTheValue() {
            resolver.follow(Promise.from(CompletableFuture.completedFuture(1)));

            assertThat(promise.state()).isEqualTo(new Fulfilled<>(1));
        }

        @Test
        @Tag("PA-2.3.3.3.1")
        void aThenableInItIsAValueUntilItIsFollowed() {
            CompletionStage<CompletionStage<Integer>> nested =
                    CompletableFuture.completedFuture(CompletableFuture.completedFuture(1));
            Promise<CompletionStage<Integer>> outer = Promise.from(nested);

            assertThat(outer.<Integer>then(Promise::from).state()).isEqualTo(new Fulfilled<>(1));
        }

        @Test
        @Tag("PA-2.3.3.3.2")
        void itsReasonIsTheReason() {
            resolver.follow(Promise.from(CompletableFuture.failedFuture(reason)));

            assertThat(promise.state()).isEqualTo(new Rejected<>(reason));
        }

        @Test
        @Tag("PA-2.3.3.3.3")
        void onlyItsFirstCallCounts() {
            CompletableFuture<Integer> stage = new CompletableFuture<>();
            resolver.follow(Promise.from(stage));
            stage.complete(1);
            stage.obtrudeException(other);
            stage.obtrudeValue(2);

            assertThat(promise.state()).isEqualTo(new Fulfilled<>(1));
        }

        @Test
        @Tag("PA-2.3.3.3.4.1")
        void whatItThrowsAfterACallIsIgnored() {
            resolver.follow(Promise.from(new Hostile(new IllegalStateException("late"), true)));

            assertThat(promise.state()).isEqualTo(new Fulfilled<>(7));
        }

        @Test
        @Tag("PA-2.3.3.3.4.2")
        void whatItThrowsBeforeRejects() {
            IllegalStateException thrown = new IllegalStateException("early");
            resolver.follow(Promise.from(new Hostile(thrown, false)));

            assertThat(promise.state()).isEqualTo(new Rejected<>(thrown));
        }

        @Test
        @Tag("PA-2.3.3.4")
        @Tag("PA-2.3.4")
        void anythingElseIsAValue() {
            Resolver<Object> any = Resolver.create();
            Object value = new Object();
            any.resolve(value);
            resolver.resolve(null);

            assertThat(any.promise().state()).isEqualTo(new Fulfilled<>(value));
            assertThat(promise.state()).isEqualTo(new Fulfilled<>(null));
        }

        /// A stage that throws when it is asked, after a call or without one.
        private static final class Hostile extends CompletableFuture<Integer> {
            private final RuntimeException thrown;
            private final boolean callsFirst;

            private Hostile(RuntimeException thrown, boolean callsFirst) {
                this.thrown = thrown;
                this.callsFirst = callsFirst;
            }

            @Override
            public CompletableFuture<Integer> whenComplete(
                    java.util.function.BiConsumer<? super Integer, ? super Throwable> action) {
                if (callsFirst) {
                    action.accept(7, null);
                }
                throw thrown;
            }
        }
    }
}
