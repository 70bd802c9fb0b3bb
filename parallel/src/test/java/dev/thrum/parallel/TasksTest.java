package dev.thrum.parallel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.kernel.Task;
import java.io.IOException;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.function.Predicate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class TasksTest {
    private static final Predicate<Boolean> IS_TRUE = value -> value;

    private static boolean forever(CountDownLatch begun) {
        begun.countDown();
        for (; ; ) {
            Task.checkpoint();
        }
    }

    @EveryTeam
    @Tag("A-80")
    void allGivesTheResultsInOrder(int workers) throws Exception {
        Kernels.with(workers, parallel -> {
            assertThat(parallel.<Integer>tasks(List.of(() -> 1, () -> 2, () -> 3)).all().run()).containsExactly(1, 2, 3);
            assertThat(parallel.<Integer>tasks(List.of()).all().run()).isEmpty();
        });
    }

    @EveryTeam
    @Tag("A-70")
    void everyAndSomeFindTheOneThatDecidesInAnyPlace(int workers) throws Exception {
        Kernels.with(workers, parallel -> {
            for (int odd = 0; odd < 4; odd++) {
                List<Callable<Boolean>> trueOnce = List.of(odd == 0, odd == 1, odd == 2).stream()
                        .<Callable<Boolean>>map(value -> () -> value)
                        .toList();
                assertThat(parallel.tasks(trueOnce).some(IS_TRUE).run()).isEqualTo(odd < 3);
                assertThat(parallel.tasks(trueOnce).every(IS_TRUE.negate()).run()).isEqualTo(odd == 3);
            }
            assertThat(parallel.<Boolean>tasks(List.of()).every(IS_TRUE).run()).isTrue();
            assertThat(parallel.<Boolean>tasks(List.of()).some(IS_TRUE).run()).isFalse();
        });
    }

    @Test
    @Tag("A-70.1")
    void theLosersAreCancelledThoughTheyNeverEnd() throws Exception {
        Kernels.with(2, parallel -> {
            CountDownLatch begun = new CountDownLatch(1);
            assertThat(parallel.<Boolean>tasks(List.of(() -> forever(begun), () -> {
                                Kernels.on(begun);
                                return true;
                            }))
                            .any(IS_TRUE)
                            .run())
                    .isTrue();
        });
    }

    @Test
    @Tag("A-70.2")
    void aTaskThatFailsCancelsTheOthersOfAll() throws Exception {
        Kernels.with(2, parallel -> {
            CountDownLatch begun = new CountDownLatch(1);
            assertThatThrownBy(() -> parallel.<Boolean>tasks(List.of(() -> forever(begun), () -> {
                                Kernels.on(begun);
                                throw new IOException("broken");
                            }))
                            .all()
                            .run())
                    .isInstanceOf(CompletionException.class)
                    .hasCauseInstanceOf(IOException.class);
        });
    }

    @Test
    @Tag("A-70.3")
    void anyTakesNoFailureForAnAnswer() throws Exception {
        Kernels.with(2, parallel -> {
            assertThat(parallel.<Integer>tasks(List.of(
                                    () -> {
                                        throw new IOException("broken");
                                    },
                                    () -> 7))
                            .any(n -> true)
                            .run())
                    .isEqualTo(7);
            assertThatThrownBy(() -> parallel.<Integer>tasks(List.of(() -> 1, () -> 2)).any(n -> n > 2).run())
                    .isInstanceOf(NoSuchElementException.class);
        });
    }

    @Test
    @Tag("A-85.1")
    void tasksRunInsideATaskOfAKernelWithOneWorker() throws Exception {
        Kernels.with(1, parallel -> assertThat(parallel.kernel()
                        .submit(() -> parallel.<Integer>tasks(List.of(() -> 1, () -> 2)).all().run())
                        .await())
                .containsExactly(1, 2));
    }
}
