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
        Promise<List<String>> all = Promise.all(List.of(a.promise(), b.promise()));

        b.resolve("b");
        assertThat(all.state()).isEqualTo(new Pending<>());
        a.resolve("a");

        assertThat(all.state()).isEqualTo(new Fulfilled<>(List.of("a", "b")));
    }

    @Test
    @Tag("P-24")
    void allOfNothingIsAnEmptyList() {
        assertThat(Promise.all(List.<Promise<String>>of()).state()).isEqualTo(new Fulfilled<>(List.of()));
    }

    @Test
    void allKeepsNulls() {
        assertThat(Promise.all(List.of(Promise.of((String) null), Promise.of("x"))).state())
                .isEqualTo(new Fulfilled<>(Arrays.asList(null, "x")));
    }

    @Test
    void theFirstRejectionRejectsAll() {
        IOException reason = new IOException();
        Resolver<String> slow = Resolver.create();

        Promise<List<String>> all = Promise.all(List.of(slow.promise(), Promise.<String>failed(reason)));

        assertThat(all.state()).isEqualTo(new Rejected<>(reason));
        assertThat(slow.resolve("late")).isTrue();
    }

    @Test
    void theSamePromiseMayStandInAllTwice() {
        Resolver<String> a = Resolver.create();
        Promise<List<String>> all = Promise.all(List.of(a.promise(), a.promise()));

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

        Promise.all(List.of(a.promise(), b.promise())).cancel();

        assertThat(log).containsExactly("a");
    }

    @Test
    @Tag("P-7")
    void letCombinesTwoValues() {
        assertThat(Promise.let(Promise.of(6), Promise.of("x"), (n, text) -> text.repeat(n)).state())
                .isEqualTo(new Fulfilled<>("xxxxxx"));
    }

    @Test
    void letCombinesUpToFiveValues() {
        var one = Promise.of(1);
        var two = Promise.of(2L);
        var three = Promise.of("3");

        assertThat(Promise.let(one, two, three, (a, b, c) -> a + b + c).state()).isEqualTo(new Fulfilled<>("33"));
        assertThat(Promise.let(one, two, one, two, (a, b, c, d) -> a + b + c + d).state())
                .isEqualTo(new Fulfilled<>(6L));
        assertThat(Promise.let(one, one, one, one, one, (a, b, c, d, e) -> a + b + c + d + e).state())
                .isEqualTo(new Fulfilled<>(5));
    }
}
