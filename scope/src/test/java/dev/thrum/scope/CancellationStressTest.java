package dev.thrum.scope;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/// Two threads meet at a barrier and race, again and again; `thrum.stress.millis` says for how long.
class CancellationStressTest {
    private static final Throwable GONE = new IOException("gone");
    private static final long MILLIS = Long.getLong("thrum.stress.millis", 300);

    private final AtomicInteger runs = new AtomicInteger();

    /// One round: two sides of a race, and what holds after both.
    private interface Round {
        void left();

        void right();

        void check();
    }

    @Test
    void registeringWhileTheParentIsCancelledRunsExactlyOnce() throws Exception {
        race(() -> new Round() {
            private final Scope parent = Scope.root().child();
            private final Scope child = parent.child().child();
            private final AtomicInteger heard = new AtomicInteger();

            @Override
            public void left() {
                parent.cancel(GONE);
            }

            @Override
            public void right() {
                child.onCancel(why -> heard.incrementAndGet());
            }

            @Override
            public void check() {
                assertThat(heard).hasValue(1);
                assertThat(child.reason()).containsSame(GONE);
            }
        });
    }

    @Test
    void oneOfTwoCancelsWins() throws Exception {
        race(() -> new Round() {
            private final Scope scope = Scope.root().child();
            private final AtomicInteger heard = new AtomicInteger();
            private final AtomicInteger won = new AtomicInteger();
            private final Registration registration = scope.onCancel(why -> heard.incrementAndGet());

            @Override
            public void left() {
                won.addAndGet(scope.cancel(GONE) ? 1 : 0);
            }

            @Override
            public void right() {
                won.addAndGet(scope.cancel(GONE) ? 1 : 0);
            }

            @Override
            public void check() {
                assertThat(won).hasValue(1);
                assertThat(heard).hasValue(1);
                registration.close();
            }
        });
    }

    @Test
    void listeningToAChildWhileItIsCancelledRunsExactlyOnce() throws Exception {
        race(() -> new Round() {
            private final Scope child = Scope.root().child();
            private final AtomicInteger heard = new AtomicInteger();

            @Override
            public void left() {
                child.cancel(GONE);
            }

            @Override
            public void right() {
                child.onCancel(why -> heard.incrementAndGet());
            }

            @Override
            public void check() {
                assertThat(heard).hasValue(1);
                assertThat(child.reason()).containsSame(GONE);
            }
        });
    }

    @Test
    void closingBesideACancelRunsAtMostOnce() throws Exception {
        race(() -> new Round() {
            private final Scope scope = Scope.root().child();
            private final AtomicInteger heard = new AtomicInteger();
            private final AtomicInteger neighbour = new AtomicInteger();
            private final Registration registration = scope.onCancel(why -> heard.incrementAndGet());
            private final Registration after = scope.onCancel(why -> neighbour.incrementAndGet());

            @Override
            public void left() {
                scope.cancel(GONE);
            }

            @Override
            public void right() {
                registration.close();
            }

            @Override
            public void check() {
                assertThat(heard).hasValueBetween(0, 1);
                assertThat(neighbour).hasValue(1);
                after.close();
            }
        });
    }

    @Test
    void closingTheLastWhileAnotherRegistersLosesNothing() throws Exception {
        race(() -> new Round() {
            private final Scope parent = Scope.root().child();
            private final Scope child = parent.child();
            private final AtomicInteger heard = new AtomicInteger();
            private final Registration first = child.onCancel(why -> heard.addAndGet(100));

            @Override
            public void left() {
                first.close();
            }

            @Override
            public void right() {
                child.onCancel(why -> heard.incrementAndGet());
            }

            @Override
            public void check() {
                parent.cancel(GONE);
                assertThat(heard).hasValue(1);
            }
        });
    }

    @Test
    void attachingAndDetachingBesideACancelNeverDeadlocks() throws Exception {
        race(() -> new Round() {
            private final Scope parent = Scope.root().child();
            private final Scope child = parent.child();
            private final AtomicInteger heard = new AtomicInteger();

            @Override
            public void left() {
                for (int i = 0; i < 10; i++) {
                    child.child().onCancel(why -> heard.incrementAndGet()).close();
                }
            }

            @Override
            public void right() {
                parent.onCancel(why -> heard.incrementAndGet());
                parent.cancel(GONE);
            }

            @Override
            public void check() {
                assertThat(child.cancelled()).isTrue();
                assertThat(heard).hasValueBetween(1, 11);
            }
        });
    }

    private void race(Supplier<Round> rounds) throws Exception {
        CyclicBarrier barrier = new CyclicBarrier(2);
        long end = System.nanoTime() + MILLIS * 1_000_000;
        Round[] current = new Round[1];
        AtomicInteger failed = new AtomicInteger();
        Thread right = Thread.ofPlatform().daemon().start(() -> {
            try {
                meet(barrier);
                while (current[0] != null) {
                    current[0].right();
                    meet(barrier);
                    meet(barrier);
                }
            } catch (Exception broken) {
                failed.incrementAndGet();
            }
        });
        while (System.nanoTime() - end < 0) {
            current[0] = rounds.get();
            meet(barrier);
            current[0].left();
            meet(barrier);
            current[0].check();
            runs.incrementAndGet();
        }
        current[0] = null;
        meet(barrier);
        assertThat(right.join(Duration.ofSeconds(60))).isTrue();
        assertThat(failed).hasValue(0);
        assertThat(runs).hasPositiveValue();
    }

    private static void meet(CyclicBarrier barrier)
            throws InterruptedException, BrokenBarrierException, TimeoutException {
        barrier.await(60, SECONDS);
    }
}
