package dev.thrum.parallel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.kernel.Kernel;
import dev.thrum.kernel.Task;
import dev.thrum.kernel.TaskHandler;
import dev.thrum.kernel.TaskKilledException;
import dev.thrum.parallel.Ptree.Name;
import dev.thrum.promise.Promise;
import dev.thrum.scope.Key;
import dev.thrum.scope.Scope;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class PtreeTest {
    private static final Name<Integer> AREA = Ptree.name("area");
    private static final Name<Integer> WIDTH = Ptree.name("width");
    private static final Name<Integer> HEIGHT = Ptree.name("height");
    private static final Name<Integer> OTHER = Ptree.name("other");

    private static Name<Long> node(int index) {
        return Ptree.name(index);
    }

    private static long sum(List<Long> values) {
        return 1 + values.stream().mapToLong(n -> n).sum();
    }

    @EveryTeam
    @Tag("A-122")
    void aNodeIsComputedFromItsChildrenWhichMayBeDefinedLater(int workers) throws Exception {
        Kernels.with(workers, parallel -> {
            Ptree tree = parallel.ptree();
            tree.define(AREA, WIDTH, HEIGHT, (w, h) -> w * h);
            tree.define(WIDTH, () -> 3);
            tree.define(HEIGHT, WIDTH, w -> w + 1);
            assertThat(tree.call(AREA).run()).isEqualTo(12);
            assertThat(tree.call(Ptree.<Integer>name("area")).start().await()).isEqualTo(12);
        });
    }

    @EveryTeam
    @Tag("A-124")
    void onlyWhatIsNeededIsComputedAndOnce(int workers) throws Exception {
        Kernels.with(workers, parallel -> {
            Ptree tree = parallel.ptree();
            AtomicInteger calls = new AtomicInteger();
            tree.define(WIDTH, calls::incrementAndGet);
            tree.define(HEIGHT, WIDTH, w -> w);
            tree.define(AREA, List.of(WIDTH, HEIGHT, WIDTH), values -> values.size());
            tree.define(OTHER, () -> {
                throw new AssertionError("nobody needs it");
            });
            assertThat(tree.call(AREA).run()).isEqualTo(3);
            assertThat(tree.call(HEIGHT).run()).isEqualTo(1);
            assertThat(calls).hasValue(1);
            assertThat(tree.isComputed(AREA)).isTrue();
            assertThat(tree.isComputed(OTHER)).isFalse();
        });
    }

    @Test
    @Tag("A-126")
    void whatIsNotDefinedIsNamedWithWhoNeedsIt() throws Exception {
        Kernels.with(1, parallel -> {
            Ptree tree = parallel.ptree();
            assertThatIllegalStateException()
                    .isThrownBy(() -> tree.call(AREA).run())
                    .withMessage("a node is not defined: area");
            tree.define(AREA, WIDTH, HEIGHT, (w, h) -> w * h);
            tree.define(OTHER, WIDTH, w -> w);
            tree.define(HEIGHT, () -> 1);
            assertThatIllegalStateException()
                    .isThrownBy(() -> tree.call(AREA).run())
                    .withMessage("a node is not defined: width, needed by area");
            assertThatIllegalStateException()
                    .isThrownBy(tree::check)
                    .withMessage("a node is not defined: width, needed by area, other");
            assertThatIllegalStateException().isThrownBy(() -> tree.isComputed(WIDTH));
            tree.define(WIDTH, () -> 2);
            tree.check();
            assertThat(tree.call(AREA).run()).isEqualTo(2);
        });
    }

    @Test
    @Tag("A-128")
    void aNodeThatNeedsItselfIsNamedWithItsCycle() throws Exception {
        Kernels.with(1, parallel -> {
            Ptree tree = parallel.ptree();
            tree.define(AREA, WIDTH, w -> w);
            tree.define(WIDTH, HEIGHT, h -> h);
            tree.define(HEIGHT, WIDTH, w -> w);
            tree.define(OTHER, () -> 5);
            assertThatIllegalStateException()
                    .isThrownBy(() -> tree.call(AREA).run())
                    .withMessage("a node needs itself: width → height → width");
            assertThatIllegalStateException().isThrownBy(tree::check);
            assertThat(tree.call(OTHER).run()).isEqualTo(5);
        });
    }

    @Test
    @Tag("A-129")
    void aNodeIsDefinedOnce() throws Exception {
        Kernels.with(1, parallel -> {
            Ptree tree = parallel.ptree();
            tree.define(AREA, () -> 1);
            assertThatIllegalStateException()
                    .isThrownBy(() -> tree.define(AREA, () -> 2))
                    .withMessage("a node can be defined once: area");
        });
    }

    @EveryTeam
    @Tag("A-131")
    void aFailureIsKeptInTheNodeAndItsAncestorsUntilErrorsAreCleared(int workers) throws Exception {
        Kernels.with(workers, parallel -> {
            Ptree tree = parallel.ptree();
            AtomicInteger calls = new AtomicInteger();
            AtomicInteger good = new AtomicInteger();
            tree.define(WIDTH, () -> {
                if (calls.incrementAndGet() == 1) {
                    throw new IllegalArgumentException("broken");
                }
                return 2;
            });
            tree.define(HEIGHT, good::incrementAndGet);
            tree.define(AREA, WIDTH, HEIGHT, (w, h) -> w * h);
            tree.define(OTHER, AREA, a -> a);
            assertThat(tree.call(HEIGHT).run()).isEqualTo(1);
            for (int i = 0; i < 3; i++) {
                assertThatThrownBy(() -> tree.call(OTHER).run()).hasMessage("broken");
                assertThatThrownBy(() -> tree.call(WIDTH).run()).hasMessage("broken");
            }
            assertThat(calls).hasValue(1);
            tree.clearErrors();
            assertThat(tree.call(OTHER).run()).isEqualTo(2);
            assertThat(good).hasValue(1);
        });
    }

    @Test
    @Tag("A-140")
    void aFailureIsToldBeforeASlowSiblingEnds() throws Exception {
        Kernels.with(2, parallel -> {
            Ptree tree = parallel.ptree();
            CountDownLatch begun = new CountDownLatch(1);
            CountDownLatch go = new CountDownLatch(1);
            tree.define(WIDTH, () -> {
                begun.countDown();
                Kernels.on(go);
                return 3;
            });
            tree.define(HEIGHT, () -> {
                Kernels.on(begun);
                throw new IllegalArgumentException("broken");
            });
            tree.define(AREA, WIDTH, HEIGHT, (w, h) -> w * h);
            assertThatThrownBy(() -> tree.call(AREA).run()).hasMessage("broken");
            Promise<Integer> sibling = tree.call(WIDTH).start();
            go.countDown();
            assertThat(sibling.await()).isEqualTo(3);
        });
    }

    @Test
    @Tag("A-138")
    void aClearedTreeIsComputedAgain() throws Exception {
        Kernels.with(2, parallel -> {
            Ptree tree = parallel.ptree();
            AtomicInteger calls = new AtomicInteger();
            tree.define(WIDTH, calls::incrementAndGet);
            tree.define(AREA, WIDTH, w -> 10 * w);
            assertThat(tree.call(AREA).run()).isEqualTo(10);
            tree.clear();
            assertThat(tree.isComputed(AREA)).isFalse();
            assertThat(tree.call(AREA).run()).isEqualTo(20);
        });
    }

    @Test
    @Tag("A-137")
    void aKilledNodeFailsWithItsAncestorsAndItsSiblingsCanBeCalled() throws Exception {
        Kernels.with(2, parallel -> {
            Ptree tree = parallel.ptree();
            CountDownLatch begun = new CountDownLatch(1);
            tree.define(WIDTH, () -> {
                begun.countDown();
                for (; ; ) {
                    Task.checkpoint();
                }
            });
            tree.define(HEIGHT, () -> 2);
            tree.define(AREA, WIDTH, HEIGHT, (w, h) -> w * h);
            Promise<Integer> area = Scope.current()
                    .with(Task.CATEGORY, "victim")
                    .call(() -> tree.call(AREA).start());
            Kernels.on(begun);
            assertThat(parallel.kernel().kill("victim")).isPositive();
            assertThatThrownBy(area::await).hasCauseInstanceOf(TaskKilledException.class);
            assertThatThrownBy(() -> tree.call(WIDTH).run()).isInstanceOf(TaskKilledException.class);
            assertThat(tree.call(HEIGHT).run()).isEqualTo(2);
        });
    }

    @Test
    @Tag("A-137.1")
    void aCancelledCallLeavesItsNodesAsTheyWere() throws Exception {
        Kernels.with(2, parallel -> {
            Ptree tree = parallel.ptree();
            AtomicReference<@Nullable CountDownLatch> begun = new AtomicReference<>(new CountDownLatch(1));
            tree.define(WIDTH, () -> {
                CountDownLatch first = begun.getAndSet(null);
                if (first == null) {
                    return 3;
                }
                first.countDown();
                for (; ; ) {
                    Task.checkpoint();
                }
            });
            tree.define(AREA, WIDTH, w -> w * w);
            CountDownLatch latch = begun.get();
            Scope scope = Scope.current().child();
            Promise<Integer> area = scope.call(() -> tree.call(AREA).start());
            Kernels.on(latch);
            scope.cancel(new IOException("gone"));
            assertThatThrownBy(area::await).hasCauseInstanceOf(IOException.class);
            assertThat(tree.call(AREA).run()).isEqualTo(9);
        });
    }

    @Test
    @Tag("A-133")
    void aNodeMayUseItsKernelAndATreeInATaskOfOneWorker() throws Exception {
        Kernels.with(1, parallel -> {
            Ptree tree = parallel.ptree();
            tree.define(WIDTH, () -> parallel.range(0, 100).reduceInts(0, n -> n, Integer::sum).run());
            tree.define(AREA, WIDTH, w -> w + 1);
            assertThat(parallel.kernel().submit(() -> tree.call(AREA).run()).await()).isEqualTo(4951);
        });
        try (Kernel other = Kernel.start(1)) {
            Kernels.with(1, parallel -> {
                Ptree tree = parallel.ptree().withNodeKernel(other);
                Name<Kernel> kernel = Ptree.name("kernel");
                tree.define(kernel, Kernel::current);
                assertThat(tree.call(kernel).run()).isSameAs(other);
            });
        }
    }

    @EveryTeam
    @Tag("A-132")
    void treesOfAnyShapeAreSummed(int workers) throws Exception {
        Kernels.with(workers, parallel -> {
            for (int width = 1; width <= 5; width++) {
                Ptree tree = parallel.ptree();
                int nodes = 200;
                for (int i = 0; i < nodes; i++) {
                    List<Name<Long>> children = new ArrayList<>();
                    for (int child = width * i + 1; child <= width * i + width && child < nodes; child++) {
                        children.add(node(child));
                    }
                    tree.define(node(i), children, PtreeTest::sum);
                }
                assertThat(tree.call(node(0)).run()).isEqualTo(nodes);
            }
        });
    }

    @Test
    @Tag("A-132.1")
    void aChainAndAFanOfAHundredThousandNodesAreComputed() throws Exception {
        Kernels.with(2, parallel -> {
            int nodes = 100_000;
            Ptree chain = parallel.ptree();
            for (int i = 0; i < nodes; i++) {
                chain.define(node(i), i + 1 < nodes ? List.of(node(i + 1)) : List.of(), PtreeTest::sum);
            }
            assertThat(chain.call(node(0)).run()).isEqualTo(nodes);
            Ptree fan = parallel.ptree();
            List<Name<Long>> leaves = new ArrayList<>();
            for (int i = 1; i < nodes; i++) {
                leaves.add(node(i));
                fan.define(node(i), () -> 1L);
            }
            fan.define(node(0), leaves, PtreeTest::sum);
            assertThat(fan.call(node(0)).run()).isEqualTo(nodes);
        });
    }

    @Test
    @Tag("A-142")
    void theGraphShowsStatesAndEdges() throws Exception {
        Kernels.with(1, parallel -> {
            Ptree tree = parallel.ptree();
            tree.define(AREA, WIDTH, w -> w);
            tree.define(WIDTH, () -> 1);
            assertThat(tree.toDot())
                    .isEqualTo("""
                            digraph ptree {
                              "area" [label="area\\nundone"];
                              "area" -> "width";
                              "width" [label="width\\nundone"];
                            }
                            """);
            tree.call(AREA).run();
            assertThat(tree.toDot()).contains("width\\ndone ");
        });
    }

    @EveryTeam
    @Tag("A-122")
    void nodesRunUnderTheScopeOfACallThatNeedsThem(int workers) throws Exception {
        Kernels.with(workers, parallel -> {
            Key<String> user = Key.of("user");
            Name<String> asked = Ptree.name("asked");
            Ptree tree = parallel.ptree();
            tree.define(asked, () -> Scope.current().get(user).orElse("nobody"));
            assertThat(Scope.current().with(user, "ada").call(() -> tree.call(asked).run())).isEqualTo("ada");
        });
    }

    @EveryTeam
    @Tag("A-135")
    void taskHandlersReachTheNodesOfACall(int workers) throws Exception {
        Kernels.with(workers, parallel -> {
            Name<Object> asked = Ptree.name("asked");
            Ptree tree = parallel.ptree();
            tree.define(asked, () -> Task.signal(new IOException("which?")).orElseThrow());
            tree.define(WIDTH, asked, answer -> (Integer) answer + 1);
            assertThat(TaskHandler.on(IOException.class, problem -> new TaskHandler.Use(6))
                            .call(() -> tree.call(WIDTH).run()))
                    .isEqualTo(7);
        });
    }
}
