package dev.thrum.promise;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.promise.Promise.Fulfilled;
import dev.thrum.promise.Promise.Pending;
import dev.thrum.promise.Promise.Rejected;
import dev.thrum.scope.Home;
import dev.thrum.scope.Scope;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// An endless loop of promises keeps nothing of its past, at a loop and elsewhere.
@Timeout(120)
class MemoryTest {
    private static final int STEPS = 1_000;

    private final TestLoop loop = new TestLoop();
    private final Deque<Resolver<Integer>> steps = new ArrayDeque<>();
    private final List<WeakReference<Promise<?>>> past = new ArrayList<>();
    private final AtomicInteger stopped = new AtomicInteger();

    /// A way to write an endless loop.
    private enum Shape {
        THEN {
            @Override
            Promise<Integer> again(MemoryTest test) {
                return test.remember(test.step().then(n -> again(test)));
            }
        },
        RETRY {
            @Override
            Promise<Integer> again(MemoryTest test) {
                return test.remember(
                        test.step().<Integer>then(n -> Promise.failed(new IOException())).recoverWith(
                                IOException.class, e -> again(test)));
            }
        },
        FOLLOW {
            @Override
            Promise<Integer> again(MemoryTest test) {
                return test.remember(Promise.create(
                        resolver -> test.step().tap(n -> resolver.follow(again(test)))));
            }
        },
        MIXED {
            @Override
            Promise<Integer> again(MemoryTest test) {
                return test.remember(Promise.create(resolver -> test.step().tap(
                        n -> resolver.follow(test.remember(test.step().then(m -> again(test)))))));
            }
        };

        abstract Promise<Integer> again(MemoryTest test);
    }

    private Promise<Integer> step() {
        Resolver<Integer> step = Resolver.create();
        step.onCancel(reason -> stopped.incrementAndGet());
        steps.add(step);
        return step.promise();
    }

    private <T> Promise<T> remember(Promise<T> promise) {
        past.add(new WeakReference<>(promise));
        return promise;
    }

    static Stream<Object[]> everywhere() {
        return Stream.of(Shape.values()).flatMap(shape -> Stream.of(new Object[] {shape, true}, new Object[] {shape, false}));
    }

    private <T> T where(boolean atLoop, Supplier<T> body) {
        return Scope.root().at(atLoop ? loop : Home.root()).call(body::get);
    }

    private void run(int count) {
        for (int i = 0; i < count; i++) {
            steps.remove().resolve(i);
        }
    }

    private long remembered() {
        System.gc();
        return past.stream().filter(each -> each.get() != null).count();
    }

    @ParameterizedTest
    @MethodSource("everywhere")
    @Tag("P-40")
    void itsMemoryDoesNotGrow(Shape shape, boolean atLoop) {
        Promise<Integer> whole = where(atLoop, () -> shape.again(this));
        where(atLoop, () -> {
            run(STEPS);
            return null;
        });

        assertThat(past.size()).isGreaterThanOrEqualTo(STEPS);
        assertThat(remembered()).isLessThan(10);
        assertThat(whole.state()).isEqualTo(new Pending<>());
    }

    @ParameterizedTest
    @MethodSource("everywhere")
    void cancellingItStopsWhatRunsNow(Shape shape, boolean atLoop) {
        Promise<Integer> whole = where(atLoop, () -> shape.again(this));
        where(atLoop, () -> {
            run(STEPS);
            return whole.cancel();
        });

        assertThat(whole.state()).isInstanceOfSatisfying(
                Rejected.class, state -> assertThat(state.reason()).isInstanceOf(CancellationException.class));
        assertThat(stopped).hasValue(shape == Shape.FOLLOW ? 0 : 1); // which follows nothing yet
    }

    // ---- a node in the middle that somebody keeps, without a loop

    private final Resolver<Integer> first = Resolver.create();
    private final Resolver<Integer> second = Resolver.create();
    private final Promise<Integer> inner = step().then(Promise::of);
    private final Promise<Integer> middle = second.promise().then(n -> inner);
    private final Promise<Integer> outer = first.promise().then(n -> middle);

    private void dropOut() {
        first.resolve(1);
        second.resolve(2);
    }

    private static boolean isCancelled(Promise<?> promise) {
        return promise.state() instanceof Rejected<?>(CancellationException _);
    }

    @Test
    void theOneInTheMiddleIsSettledLikeTheOthers() throws Exception {
        dropOut();
        Promise<Integer> late = middle.map(n -> n + 1);
        assertThat(middle.state()).isEqualTo(new Pending<>());
        steps.remove().resolve(3);

        assertThat(outer.state()).isEqualTo(new Fulfilled<>(3));
        assertThat(middle.state()).isEqualTo(new Fulfilled<>(3));
        assertThat(late.state()).isEqualTo(new Fulfilled<>(4));
        assertThat(middle.map(n -> n + 2).state()).isEqualTo(new Fulfilled<>(5));
        assertThat(middle.await()).isEqualTo(3);
        assertThat(middle.cancel()).isFalse();
    }

    @Test
    void cancellingTheOneInTheMiddleCancelsWhatFollowsItAndTheWork() {
        dropOut();

        assertThat(middle.cancel()).isTrue();

        assertThat(isCancelled(middle)).isTrue();
        assertThat(isCancelled(outer)).isTrue();
        assertThat(isCancelled(inner)).isTrue();
        assertThat(stopped).hasValue(1);
        assertThat(middle.cancel()).isFalse();
    }

    @Test
    void aLateCallbackOfTheOneInTheMiddleKeepsTheWorkAlive() {
        dropOut();
        Promise<Integer> late = middle.map(n -> n);

        outer.cancel();
        steps.remove().resolve(3);

        assertThat(isCancelled(outer)).isTrue();
        assertThat(middle.state()).isEqualTo(new Fulfilled<>(3));
        assertThat(late.state()).isEqualTo(new Fulfilled<>(3));
        assertThat(stopped).hasValue(0);
    }

    @Test
    void aThreadMayWaitForTheOneInTheMiddle() throws Exception {
        dropOut();
        Thread settler = Thread.startVirtualThread(() -> steps.remove().resolve(3));

        assertThat(middle.await()).isEqualTo(3);
        settler.join();
    }

    @Test
    void droppingOutRacesWithEverythingElse() throws Exception {
        for (int round = 0; round < 5_000; round++) {
            Resolver<Integer> trigger = Resolver.create();
            Resolver<Integer> work = Resolver.create();
            AtomicInteger ends = new AtomicInteger();
            AtomicInteger starts = new AtomicInteger();
            work.onCancel(reason -> ends.incrementAndGet());
            Promise<Integer> between = trigger.promise().then(n -> {
                starts.incrementAndGet();
                return work.promise();
            });
            Promise<Integer> whole = Promise.of(0).then(n -> between);
            Thread settler = Thread.startVirtualThread(() -> trigger.resolve(1));
            if (round % 2 == 0) {
                whole.cancel();
                settler.join();
                assertThat(isCancelled(whole)).isTrue();
                assertThat(ends).hasValue(starts.get());
            } else {
                Promise<Integer> late = between.map(n -> n + 1);
                settler.join();
                work.resolve(1);
                assertThat(whole.state()).isEqualTo(new Fulfilled<>(1));
                assertThat(late.state()).isEqualTo(new Fulfilled<>(2));
            }
        }
    }
}
