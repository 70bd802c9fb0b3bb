package dev.thrum.promise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.promise.Promise.Fulfilled;
import dev.thrum.promise.Promise.Pending;
import dev.thrum.promise.Promise.Rejected;
import dev.thrum.scope.Key;
import dev.thrum.scope.Scope;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What blackbird's own tests check, by their numbers, where no other class does. Time is that of the loop.
class BlackbirdTest {
    private final TestLoop loop = new TestLoop();
    private final List<Object> log = new ArrayList<>();
    private final IOException reason = new IOException("no");

    private static Duration tenths(int tenths) {
        return Duration.ofMillis(100L * tenths);
    }

    /// {@return a promise of `value` some tenths of a second later}
    private <T> Promise<T> later(int tenths, T value) {
        return Promise.create(resolver -> loop.schedule(tenths(tenths), () -> resolver.resolve(value)));
    }

    private <T> Promise<T> atLoop(ScopedValue.CallableOp<Promise<T>, RuntimeException> body) {
        return Scope.root().at(loop).call(body);
    }

    @Test
    @Tag("P-1")
    void onlyAPromiseIsAPromise() {
        assertThat((Object) Promise.of(1)).isInstanceOf(Promise.class);
        assertThat(Arrays.<Object>asList("promise", 'p', null)).noneMatch(Promise.class::isInstance);
    }

    @Test
    @Tag("P-3")
    void severalErrorHandlersOfAFailedCreatorAllRunAndALaterRejectionChangesNothing() {
        List<Resolver<Object>> resolvers = new ArrayList<>();
        Promise<Object> failed = Promise.create(resolver -> {
            resolvers.add(resolver);
            throw new IllegalStateException("created");
        });
        failed.recover(IllegalStateException.class, e -> log.add("a " + e.getMessage()));
        failed.recover(IllegalStateException.class, e -> log.add("b " + e.getMessage()));

        assertThat(resolvers.getFirst().reject(reason)).isFalse();
        failed.recover(Exception.class, e -> log.add("c " + e.getMessage()));

        assertThat(log).containsExactly("a created", "b created", "c created");
    }

    @Test
    @Tag("P-5")
    void aPromiseThatIsRejectedAndThenResolvedStaysRejected() {
        assertThat(Promise.<Integer>create(resolver -> {
                            resolver.reject(reason);
                            resolver.resolve(1);
                        })
                        .state())
                .isEqualTo(new Rejected<>(reason));
    }

    @Test
    @Tag("P-6")
    void severalValuesAreARecord() {
        record Three(int a, int b, int c) {}

        assertThat(Promise.of(new Three(1, 2, 3)).map(three -> three.a() + three.b() + three.c()).state())
                .isEqualTo(new Fulfilled<>(6));
    }

    @Test
    @Tag("P-7")
    void letWaitsForBothAtOnce() {
        Promise<Integer> sum = atLoop(() -> Promises.let(later(2, 1), later(2, 2), Integer::sum));

        loop.advance(tenths(1));
        assertThat(sum.state()).isEqualTo(new Pending<>());
        loop.advance(tenths(1));

        assertThat(sum.state()).isEqualTo(new Fulfilled<>(3));
    }

    @Test
    @Tag("P-8")
    void thenWaitsForOneAfterTheOtherAndSeesTheFirst() {
        Promise<Integer> sum = atLoop(() -> later(2, 1).then(a -> later(2, a + 1).map(b -> a + b)));

        loop.advance(tenths(2));
        assertThat(sum.state()).isEqualTo(new Pending<>());
        loop.advance(tenths(2));

        assertThat(sum.state()).isEqualTo(new Fulfilled<>(3));
    }

    @Test
    @Tag("P-8")
    void aRejectionInARowStopsIt() {
        Promise<Integer> row = Promise.<Integer>failed(reason).then(a -> {
            log.add(a);
            return Promise.of(a);
        });

        assertThat(row.state()).isEqualTo(new Rejected<>(reason));
        assertThat(log).isEmpty();
    }

    @Test
    @Tag("P-9")
    void twoValuesAreTakenApart() {
        record Two(String name, int age) {}

        assertThat(Promise.of(new Two("ada", 36)).map(two -> two.name() + two.age()).state())
                .isEqualTo(new Fulfilled<>("ada36"));
    }

    @Test
    @Tag("P-10")
    void aStepMayIgnoreTheValue() {
        assertThat(Promise.of("ignored").then(ignored -> Promise.of(5)).state()).isEqualTo(new Fulfilled<>(5));
    }

    @Test
    @Tag("P-11")
    void aWalkRunsInOrderAndGivesTheLastValue() {
        Promise<String> walk = atLoop(() -> later(3, "first")
                .tap(log::add)
                .then(x -> later(1, "second"))
                .tap(log::add)
                .then(x -> later(2, "last")));

        loop.advance(tenths(3));
        loop.advance(tenths(1));
        loop.advance(tenths(2));

        assertThat(log).containsExactly("first", "second");
        assertThat(walk.state()).isEqualTo(new Fulfilled<>("last"));
    }

    @Test
    @Tag("P-12")
    void aWalkOfTapsGivesTheFirstValue() {
        Promise<String> walk = atLoop(() ->
                later(3, "first").tapWith(x -> later(1, "second")).tapWith(x -> later(1, "third").tap(log::add)));

        loop.advance(tenths(3));
        loop.advance(tenths(1));
        assertThat(walk.state()).isEqualTo(new Pending<>());
        loop.advance(tenths(1));

        assertThat(log).containsExactly("third");
        assertThat(walk.state()).isEqualTo(new Fulfilled<>("first"));
    }

    @Test
    @Tag("P-13")
    void aLetInsideALetGivesItsValueToTheOuterCaller() {
        Promise<Integer> outer = Promises.let(Promise.of(1), Promise.of(2), (a, b) -> Promises.let(
                        Promise.of(a + 3), Promise.of(b + 6), Integer::sum))
                .then(inner -> inner);

        assertThat(outer.state()).isEqualTo(new Fulfilled<>(12));
    }

    @Test
    @Tag("P-14")
    void anErrorTwoLevelsDeepIsCaughtAtTheEnd() {
        Promise<String> caught = Promise.of(1)
                .then(n -> Promise.of("text").<Object>map(text -> Integer.valueOf(text)).map(log::add))
                .map(any -> "not reached")
                .recover(NumberFormatException.class, e -> "caught");

        assertThat(caught.state()).isEqualTo(new Fulfilled<>("caught"));
        assertThat(log).isEmpty();
    }

    @Test
    @Tag("P-16")
    void whatACreatorThrowsIsARejectionAndNoExceptionOfTheCaller() {
        Promise<Object> created = Promise.create(resolver -> {
            throw new IllegalStateException("created");
        });

        assertThatThrownBy(created::await).hasCauseInstanceOf(IllegalStateException.class);
    }

    @Test
    @Tag("P-18")
    void tapIsSkippedOnAnErrorWhichGoesOn() {
        assertThat(Promise.failed(reason).tap(log::add).state()).isEqualTo(new Rejected<>(reason));
        assertThat(log).isEmpty();
    }

    @Test
    @Tag("P-21")
    void aChainOfEverythingGives26AndItsLastStepRuns() {
        Promise<Integer> chain = Promise.of(4)
                .then(n -> Promise.of(List.of(n, n + 1, n + 2)))
                .then(list -> Concurrency.unlimited().map(list, n -> Promise.of(n + 1)))
                .map(list -> list.stream().mapToInt(n -> n).sum())
                .then(sum -> Promise.of(sum + 8))
                .lastly(() -> log.add("finally"));

        assertThat(chain.state()).isEqualTo(new Fulfilled<>(26));
        assertThat(log).containsExactly("finally");
    }

    @Test
    @Tag("P-21")
    void anErrorInItsMiddleSkipsWhatFollowsUntilItIsCaught() {
        Promise<String> chain = Promise.of(List.of(1, 2, 3))
                .then(list -> Concurrency.unlimited().map(list, n -> {
                    throw new IllegalStateException("map " + n);
                }))
                .map(list -> log.add("not reached"))
                .map(any -> "not reached")
                .recover(IllegalStateException.class, e -> e.getMessage())
                .lastly(() -> log.add("finally"));

        assertThat(chain.state()).isEqualTo(new Fulfilled<>("map 1"));
        assertThat(log).containsExactly("finally");
    }

    @Test
    @Tag("P-22")
    void eachKeepsTheOrderWhateverItsDelays() {
        Promise<?> each = atLoop(
                () -> Concurrency.inTurn().each(List.of(6, 1, 3), tenths -> later(tenths, tenths).tap(log::add)));

        loop.advance(tenths(6));
        loop.advance(tenths(1));
        loop.advance(tenths(3));

        assertThat(log).containsExactly(6, 1, 3);
        assertThat(each.state()).isEqualTo(new Fulfilled<>(null));
    }

    @Test
    @Tag("P-23")
    void mapTakesAPromiseOfAListAndPromisesAmongItsItems() {
        Promise<List<Object>> list = atLoop(() -> later(1, List.of(1, later(2, 2), 3)));
        Promise<List<Object>> mapped =
                list.then(items -> Concurrency.unlimited().map(items, this::asPromise));

        loop.advance(tenths(1));
        loop.advance(tenths(2));

        assertThat(mapped.state()).isEqualTo(new Fulfilled<>(List.of(1, 2, 3)));
    }

    private Promise<?> asPromise(Object item) {
        return item instanceof Promise<?> promise ? promise : Promise.of(item);
    }

    @Test
    @Tag("P-28")
    void bindingsAtTheAttachAreSeenInCallbacksOfBothKinds() {
        Key<String> special = Key.of("special");
        Resolver<Integer> good = loop.resolver();
        Resolver<Integer> bad = loop.resolver();
        Scope.root().at(loop).with(special, "attached").run(() -> {
            good.promise().tap(n -> log.add(Scope.current().get(special)));
            bad.promise().recover(IOException.class, e -> log.add(Scope.current().get(special)) ? 1 : 0);
        });
        good.promise().tap(n -> log.add(Scope.current().get(special)));
        Scope.root().at(loop).with(special, "settling").run(() -> {
            good.resolve(1);
            bad.reject(reason);
            log.add(Scope.current().get(special));
        });

        assertThat(log).extracting(Object::toString).containsExactly(
                "Optional[attached]", "Optional.empty", "Optional[attached]", "Optional[settling]");
    }

    @Test
    @Tag("P-29")
    void anExecutorThatDelaysDelaysTheCallback() {
        Executor delaying = action -> loop.schedule(tenths(1), action);
        loop.turn(() -> Promise.of(1).tap(n -> log.add("at once")).on(delaying).tap(n -> log.add("late")));
        assertThat(log).containsExactly("at once");
        loop.advance(tenths(1));

        assertThat(log).containsExactly("at once", "late");
    }

    @Test
    @Tag("P-30")
    void anInnerRejectionOnADelayingExecutorReachesTheCatcherAndNoCallback() {
        Executor delaying = action -> loop.schedule(tenths(1), action);
        loop.turn(() -> Promise.of(1)
                .on(delaying)
                .then(n -> Promise.<Integer>failed(reason).on(delaying))
                .tap(log::add)
                .recover(IOException.class, e -> log.add("caught") ? 1 : 0));
        for (int i = 0; i < 6; i++) {
            loop.advance(tenths(1));
        }

        assertThat(log).containsExactly("caught");
    }

    @Test
    @Tag("P-31")
    void aCaughtErrorIsOverAndTheNextCatcherIsNotCalled() {
        Promise<Integer> promise = Promise.<Integer>failed(reason)
                .recover(IOException.class, e -> 42)
                .tap(log::add)
                .recover(Exception.class, e -> 7);

        assertThat(promise.state()).isEqualTo(new Fulfilled<>(42));
        assertThat(log).containsExactly(42);
    }

    @Test
    @Tag("P-32")
    void alsoWhenTheErrorComesLater() {
        Promise<Integer> promise = atLoop(() -> Promise.<Integer>create(
                        resolver -> loop.schedule(tenths(1), () -> resolver.reject(reason)))
                .recover(IOException.class, e -> 42)
                .tap(log::add)
                .recover(Exception.class, e -> 7));
        loop.advance(tenths(1));

        assertThat(promise.state()).isEqualTo(new Fulfilled<>(42));
        assertThat(log).containsExactly(42);
    }

    @Test
    @Tag("P-33")
    void aResolverMayBeTheCallbackOfATimer() {
        Promise<Object> promise = atLoop(() -> Promise.<Object>create(
                        resolver -> loop.schedule(tenths(1), () -> resolver.resolve("time")))
                .map(ignored -> {
                    throw new IllegalStateException("in the callback");
                })
                .recover(IllegalStateException.class, e -> e.getMessage()));
        loop.advance(tenths(1));

        assertThat(promise.state()).isEqualTo(new Fulfilled<>("in the callback"));
    }

    @Test
    @Tag("P-34")
    void waitsOverFollowingPromisesRunInOrder() {
        Promise<Integer> steps = atLoop(() -> step(1).then(x -> step(2)).then(x -> step(3)));
        for (int i = 0; i < 6; i++) {
            loop.advance(tenths(1));
        }

        assertThat(log).containsExactly(1, 2, 3);
        assertThat(steps.state()).isEqualTo(new Fulfilled<>(3));
    }

    private Promise<Integer> step(int n) {
        return Promise.create(outer -> outer.follow(Promise.create(
                inner -> inner.follow(later(1, n).then(m -> later(1, m)).tap(log::add)))));
    }

    @Test
    @Tag("P-35")
    void aPromiseThatFollowsAnotherIsNotSettledByItsOwnResolverThoughThatIsCalledFirst() {
        List<Resolver<String>> first = new ArrayList<>();
        Promise<String> promise = atLoop(() -> Promise.create(resolver -> {
            first.add(resolver);
            resolver.follow(later(2, "target"));
        }));
        assertThat(first.getFirst().resolve("own")).isFalse();
        loop.advance(tenths(2));

        assertThat(promise.state()).isEqualTo(new Fulfilled<>("target"));
    }
}
