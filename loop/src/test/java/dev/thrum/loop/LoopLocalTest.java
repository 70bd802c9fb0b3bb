package dev.thrum.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class LoopLocalTest {
    private final LoopLocal<List<Object>> local = LoopLocal.of(ArrayList::new);

    @Test
    @Tag("L-34")
    void eachLoopHasItsOwnValue() throws Exception {
        EventLoop one = EventLoop.start("one");
        EventLoop two = EventLoop.start("two");
        List<Object> ofOne = NotifierStressTest.on(one, local::get);
        List<Object> ofTwo = NotifierStressTest.on(two, local::get);
        assertThat(ofOne).isNotSameAs(ofTwo);
        assertThat(NotifierStressTest.on(one, local::get)).isSameAs(ofOne);
        one.exit();
        two.exit();
    }

    @Test
    @Tag("L-34")
    void aLoopCanBeGivenAnotherValue() {
        EventLoop.run(loop -> {
            List<Object> other = new ArrayList<>();
            local.set(other);
            assertThat(local.get()).isSameAs(other);
        });
    }

    @Test
    @Tag("L-34")
    void exitCallbacksStillSeeIt() {
        List<Object> seen = new ArrayList<>();
        EventLoop.run(loop -> {
            local.get().add("here");
            loop.onExit(() -> seen.addAll(local.get()));
        });
        assertThat(seen).containsExactly("here");
    }

    @Test
    @Tag("L-34")
    void itIsThereBetweenTheTurnsOfAManualLoopToo() {
        try (ManualLoop loop = EventLoop.manual(() -> 1)) {
            List<Object> value = local.in(loop);
            loop.runHere(() -> assertThat(local.get()).isSameAs(value));
        }
        EventLoop other = EventLoop.start("other");
        assertThatThrownBy(() -> local.in(other)).isInstanceOf(WrongThreadException.class);
        other.exit();
    }

    @Test
    void outsideALoopThereIsNone() {
        assertThatThrownBy(local::get)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("no event loop runs on this thread");
    }

    @Test
    void nullIsNoValue() {
        EventLoop.run(loop -> assertThatThrownBy(() -> LoopLocal.of(() -> null).get())
                .isInstanceOf(NullPointerException.class)
                .hasMessage("the value of a LoopLocal must not be null"));
    }
}
