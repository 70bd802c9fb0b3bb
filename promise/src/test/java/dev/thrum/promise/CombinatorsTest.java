package dev.thrum.promise;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.promise.Promise.Fulfilled;
import dev.thrum.promise.Promise.Pending;
import dev.thrum.promise.Promise.Rejected;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class CombinatorsTest {

    @Test
    @Tag("P-25")
    void allKeepsTheOrderWhateverComesFirst() {
        Resolver<String> a = Resolver.create();
        Resolver<String> b = Resolver.create();
        Promise<List<String>> all = Promises.all(List.of(a.promise(), b.promise()));

        b.resolve("b");
        assertThat(all.state()).isEqualTo(new Pending<>());
        a.resolve("a");

        assertThat(all.state()).isEqualTo(new Fulfilled<>(List.of("a", "b")));
    }

    @Test
    @Tag("P-24")
    void allOfNothingIsAnEmptyList() {
        assertThat(Promises.all(List.<Promise<String>>of()).state()).isEqualTo(new Fulfilled<>(List.of()));
    }

    @Test
    void allKeepsNulls() {
        assertThat(Promises.all(List.of(Promise.of((String) null), Promise.of("x"))).state())
                .isEqualTo(new Fulfilled<>(Arrays.asList(null, "x")));
    }

    @Test
    void theFirstRejectionRejectsAll() {
        IOException reason = new IOException();
        Resolver<String> slow = Resolver.create();

        Promise<List<String>> all = Promises.all(List.of(slow.promise(), Promise.<String>failed(reason)));

        assertThat(all.state()).isEqualTo(new Rejected<>(reason));
        assertThat(slow.resolve("late")).isTrue();
    }

    @Test
    void theSamePromiseMayStandInAllTwice() {
        Resolver<String> a = Resolver.create();
        Promise<List<String>> all = Promises.all(List.of(a.promise(), a.promise()));

        a.resolve("a");

        assertThat(all.state()).isEqualTo(new Fulfilled<>(List.of("a", "a")));
    }

    @Test
    void cancellingAllCancelsWhatNobodyElseWants() {
        List<String> log = new ArrayList<>();
        Resolver<String> a = Resolver.create();
        Resolver<String> b = Resolver.create();
        a.onCancel(reason -> log.add("a"));
        b.onCancel(reason -> log.add("b"));
        b.promise().tap(log::add);

        Promises.all(List.of(a.promise(), b.promise())).cancel();

        assertThat(log).containsExactly("a");
    }

    @Test
    @Tag("P-7")
    void letCombinesTwoValues() {
        assertThat(Promises.let(Promise.of(6), Promise.of("x"), (n, text) -> text.repeat(n)).state())
                .isEqualTo(new Fulfilled<>("xxxxxx"));
    }

    @Test
    void letCombinesUpToFiveValues() {
        var one = Promise.of(1);
        var two = Promise.of(2L);
        var three = Promise.of("3");

        assertThat(Promises.let(one, two, three, (a, b, c) -> a + b + c).state()).isEqualTo(new Fulfilled<>("33"));
        assertThat(Promises.let(one, two, one, two, (a, b, c, d) -> a + b + c + d).state())
                .isEqualTo(new Fulfilled<>(6L));
        assertThat(Promises.let(one, one, one, one, one, (a, b, c, d, e) -> a + b + c + d + e).state())
                .isEqualTo(new Fulfilled<>(5));
    }

    @Test
    void settledWaitsForAllAndIsNeverRejected() {
        IOException reason = new IOException();
        Resolver<Integer> slow = Resolver.create();
        Promise<List<Promise.State<Integer>>> settled =
                Promises.settled(List.of(Promise.<Integer>failed(reason), slow.promise()));
        assertThat(settled.state()).isEqualTo(new Pending<>());
        slow.resolve(1);

        assertThat(settled.state()).isEqualTo(new Fulfilled<>(List.of(new Rejected<>(reason), new Fulfilled<>(1))));
    }

    @Test
    void anyTakesTheFirstValueAndTheOthersGoOn() {
        Resolver<Integer> slow = Resolver.create();

        assertThat(Promises.any(List.of(Promise.<Integer>failed(new IOException()), slow.promise(), Promise.of(3)))
                        .state())
                .isEqualTo(new Fulfilled<>(3));
        assertThat(slow.resolve(1)).isTrue();
    }

    @Test
    void anyWithoutAValueKeepsAllReasons() {
        IOException first = new IOException("first");
        IOException second = new IOException("second");

        Promise<Object> none = Promises.any(List.of(Promise.failed(first), Promise.failed(second)));

        assertThat(none.state()).isEqualTo(new Rejected<>(first));
        assertThat(first).hasSuppressedException(second);
        assertThat(Promises.any(List.of(Promise.failed(first), Promise.failed(first))).state())
                .isEqualTo(new Rejected<>(first));
    }

    @Test
    void raceTakesTheFirstEnd() {
        IOException reason = new IOException();
        Resolver<Integer> slow = Resolver.create();

        assertThat(Promises.race(List.of(slow.promise(), Promise.<Integer>failed(reason), Promise.of(1))).state())
                .isEqualTo(new Rejected<>(reason));
    }

    @Test
    @Tag("P-26")
    void reduceFoldsTheValuesInOrder() {
        Resolver<Integer> a = Resolver.create();
        Resolver<Integer> b = Resolver.create();
        Promise<Integer> sum = Promises.reduce(List.of(a.promise(), b.promise()), 0, (x, y) -> 10 * x + y);
        b.resolve(2);
        a.resolve(1);

        assertThat(sum.state()).isEqualTo(new Fulfilled<>(12));
        assertThat(Promises.reduce(List.<Promise<Integer>>of(), 7, Integer::sum).state())
                .isEqualTo(new Fulfilled<>(7));
    }
}
