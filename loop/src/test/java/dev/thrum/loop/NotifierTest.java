package dev.thrum.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class NotifierTest {
    private final List<Object> log = new ArrayList<>();
    private final ManualLoop loop =
            EventLoop.manual(LoopConfig.named("test").withOnError(log::add), () -> 0);

    @AfterEach
    void closeTheLoop() {
        loop.close();
    }

    @Test
    @Tag("L-40")
    void aTriggerFromAnotherThreadBesideADelayRunsBothAndEndsTheLoop() {
        int[] sum = {0};
        EventLoop.run(main -> {
            main.after(Duration.ofMillis(20), () -> sum[0] += 69);
            Notifier notifier = main.notifier(() -> sum[0] += 42);
            Thread.ofPlatform().start(notifier::trigger);
        });
        assertThat(sum[0]).isEqualTo(111);
    }

    @Test
    @Tag("L-41")
    void manyTriggersAreAnsweredByOneCallback() {
        Notifier notifier = loop.notifier(() -> log.add("called")).repeating();
        for (int i = 0; i < 1000; i++) {
            assertThat(notifier.trigger()).isTrue();
        }
        loop.turn();
        loop.turn();
        assertThat(log).containsExactly("called");
    }

    @Test
    @Tag("L-42")
    void aSingleShotFreesItselfAfterItsCallback() {
        boolean[] freedInside = new boolean[1];
        Notifier[] notifier = new Notifier[1];
        notifier[0] = loop.notifier(() -> freedInside[0] = notifier[0].isFreed());
        notifier[0].trigger();
        assertThat(notifier[0].isFreed()).isFalse();
        loop.turn();
        assertThat(freedInside[0]).isFalse();
        assertThat(notifier[0].isFreed()).isTrue();
        assertThat(notifier[0].isOpen()).isFalse();
        assertThat(loop.isAlive()).isFalse();
    }

    @Test
    @Tag("L-42")
    void aSingleShotFreesItselfAlsoWhenItsCallbackFailed() {
        Notifier notifier = loop.notifier(() -> {
            throw new IllegalStateException("failed");
        });
        notifier.onError(problem -> log.add(problem.getMessage()));
        notifier.trigger();
        loop.turn();
        assertThat(log).containsExactly("failed");
        assertThat(notifier.isFreed()).isTrue();
    }

    @Test
    void aTriggerDuringTheOneCallbackIsAnsweredFalse() {
        Notifier[] notifier = new Notifier[1];
        notifier[0] = loop.notifier(() -> log.add(notifier[0].trigger()));
        notifier[0].trigger();
        loop.turn();
        assertThat(log).containsExactly(false);
    }

    @Test
    @Tag("L-43")
    void aRepeatingOneRunsForEveryTriggerUntilItIsFreed() {
        Notifier notifier = loop.notifier(() -> log.add("called")).repeating();
        notifier.trigger();
        loop.turn();
        notifier.trigger();
        loop.turn();
        notifier.free();
        assertThat(notifier.trigger()).isFalse();
        loop.turn();
        assertThat(log).containsExactly("called", "called");
    }

    @Test
    void aRepeatingOneTriggeredInItsCallbackIsCalledAgain() {
        Notifier[] notifier = new Notifier[1];
        notifier[0] = loop.notifier(() -> {
                    log.add("called");
                    if (log.size() < 3) {
                        notifier[0].trigger();
                    }
                })
                .repeating();
        notifier[0].trigger();
        for (int i = 0; i < 5; i++) {
            loop.turn();
        }
        assertThat(log).hasSize(3);
    }

    @Test
    @Tag("L-44")
    void freeingItTwiceIsAnErrorAndClosingItTwiceIsNot() {
        Notifier notifier = loop.notifier(() -> {});
        notifier.close();
        notifier.close();
        assertThatThrownBy(notifier::free)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the notifier is freed already");
    }

    @Test
    @Tag("L-45")
    void aTriggerOfAFreedOneIsAnsweredFalse() {
        Notifier notifier = loop.notifier(() -> log.add("called"));
        notifier.free();
        assertThat(notifier.trigger()).isFalse();
        loop.turn();
        assertThat(log).isEmpty();
    }

    @Test
    @Tag("L-46")
    void aCallbackThatWasPromisedRunsAlthoughTheNotifierIsFreedMeanwhile() {
        Notifier notifier = loop.notifier(() -> log.add("called")).repeating();
        assertThat(notifier.trigger()).isTrue();
        notifier.free();
        assertThat(notifier.isFreed()).isTrue();
        assertThat(notifier.isOpen()).isFalse();
        assertThat(notifier.trigger()).isFalse();
        assertThatThrownBy(notifier::free).isInstanceOf(IllegalStateException.class);
        loop.turn();
        assertThat(log).containsExactly("called");
    }

    @Test
    @Tag("L-46")
    void aCallbackThatWasPromisedRunsAlthoughTheLoopEndsMeanwhile() {
        Notifier notifier = loop.notifier(() -> log.add("called"));
        assertThat(notifier.trigger()).isTrue();
        loop.close();
        assertThat(log).containsExactly("called");
        assertThat(notifier.trigger()).isFalse();
        assertThat(notifier.isFreed()).isTrue();
    }

    @Test
    @Tag("L-47")
    void keepsTheLoopAliveUntilItIsFreedUnlessUnreferenced() {
        Notifier notifier = loop.notifier(() -> {});
        assertThat(loop.isAlive()).isTrue();
        notifier.unref();
        assertThat(loop.isAlive()).isFalse();
        notifier.ref();
        assertThat(loop.isAlive()).isTrue();
        notifier.free();
        assertThat(loop.isAlive()).isFalse();
    }

    @Test
    void cannotBeMadeRepeatingOnceItIsFreed() {
        Notifier notifier = loop.notifier(() -> {});
        notifier.free();
        assertThatThrownBy(notifier::repeating).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void freedInItsCallbackItIsNotCalledAgain() {
        Notifier[] notifier = new Notifier[1];
        notifier[0] = loop.notifier(() -> {
                    log.add("called");
                    notifier[0].free();
                })
                .repeating();
        notifier[0].trigger();
        loop.turn();
        assertThat(notifier[0].trigger()).isFalse();
        loop.turn();
        assertThat(log).containsExactly("called");
    }
}
