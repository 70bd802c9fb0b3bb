package dev.thrum.verify.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.kernel.Kernel;
import dev.thrum.loop.EventLoop;
import dev.thrum.loop.Handle;
import dev.thrum.loop.LoopConfig;
import dev.thrum.promise.Concurrency;
import dev.thrum.promise.Promise;
import dev.thrum.promise.Promises;
import dev.thrum.promise.Resolver;
import dev.thrum.scope.Home;
import dev.thrum.scope.Key;
import dev.thrum.scope.Scope;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A context goes along wherever work is handed off.
@Timeout(120)
class HandOffTest {
    private static final Key<String> USER = Key.of("user");
    private static final Key<Integer> TOKEN = Key.of("token");

    private final Kernel kernel = Kernel.start(2);
    private final List<String> seen = new CopyOnWriteArrayList<>();

    @AfterEach
    void end() {
        kernel.close();
    }

    private void see(String what) {
        seen.add(what + " " + Scope.current().get(USER).orElse("nobody"));
    }

    private static void as(String user, Runnable body) {
        Scope.current().with(USER, user).run(body);
    }

    @Test
    @Tag("S-12")
    void callbacksOfALoopRunUnderTheScopeOfTheirMaker() {
        EventLoop.run(loop -> as("ada", () -> {
            loop.after(Duration.ZERO, () -> see("after"));
            List<Handle> every = new ArrayList<>();
            every.add(loop.every(Duration.ofMillis(1), () -> {
                see("every");
                every.getFirst().close();
            }));
            loop.notifier(() -> see("notifier")).trigger();
            loop.event(() -> see("event")).activate();
            List<Handle> idle = new ArrayList<>();
            idle.add(loop.idle(() -> {
                see("idle");
                idle.getFirst().close();
            }));
            loop.execute(() -> see("execute"));
            loop.schedule(Duration.ZERO, () -> see("schedule"));
            loop.onExit(() -> see("exit"));
        }));

        assertThat(seen).contains("after ada", "every ada", "notifier ada", "event ada", "idle ada", "execute ada",
                "exit ada").doesNotContain("after nobody", "schedule nobody").allMatch(text -> text.endsWith(" ada"));
    }

    @Test
    void whatIsOfTheLoopRunsUnderTheLoopsOwn() {
        EventLoop.run(loop -> as("ada", () -> {
            loop.post(() -> see("post"));
            loop.atTurnEnd(() -> see("turn end"));
        }));

        assertThat(seen).containsExactlyInAnyOrder("post nobody", "turn end nobody");
    }

    @Test
    void errorHandlersRunUnderTheScopeOfWhatFailed() {
        IllegalStateException problem = new IllegalStateException("as planned");
        EventLoop.run(LoopConfig.named("errors").withOnError(e -> see("loop")), loop -> as("ada", () -> {
            loop.after(Duration.ZERO, () -> {
                        throw problem;
                    })
                    .onError(e -> see("timer"));
            loop.after(Duration.ZERO, () -> {
                throw problem;
            });
        }));

        assertThat(seen).containsExactlyInAnyOrder("timer ada", "loop ada");
    }

    @Test
    void callbacksOfAPromiseRunUnderTheScopeOfWhoeverAttachedThem() {
        Resolver<Integer> good = Resolver.create();
        Resolver<Integer> bad = Resolver.create();
        as("ada", () -> {
            good.promise().map(n -> n).tap(n -> see("tap")).tapWith(n -> {
                see("tapWith");
                return Promise.of(n);
            });
            good.promise().then(n -> {
                see("then");
                return Promise.of(n);
            });
            good.promise().lastly(() -> see("lastly")).lastlyWith(() -> {
                see("lastlyWith");
                return Promise.of(1);
            });
            bad.promise().recover(IOException.class, e -> 0);
            bad.promise().recoverWith(IOException.class, e -> {
                see("recoverWith");
                return Promise.of(0);
            });
            Promises.let(good.promise(), good.promise(), (a, b) -> {
                see("let");
                return a;
            });
            Promises.reduce(List.of(good.promise()), 0, (a, b) -> {
                see("reduce");
                return a;
            });
        });
        as("bob", () -> {
            good.resolve(1);
            bad.reject(new IOException());
        });

        assertThat(seen).containsExactlyInAnyOrder("tap ada", "tapWith ada", "then ada", "lastly ada", "lastlyWith ada",
                "recoverWith ada", "let ada", "reduce ada");
    }

    @Test
    void theFunctionsOfConcurrentWorkRunUnderTheScopeOfTheCaller() {
        Resolver<Integer> first = Resolver.create();
        as("ada", () -> Concurrency.inTurn().each(List.of(1, 2), n -> {
            see("item " + n);
            return first.promise();
        }));
        as("bob", () -> first.resolve(1));

        assertThat(seen).containsExactly("item 1 ada", "item 2 ada");
    }

    @Test
    void aCancelRunsActionsUnderTheScopeOfWhoeverRegisteredThemAndStopsWorkUnderThatOfTheCanceller() {
        Scope request = Scope.root().child();
        Resolver<Integer> work = Resolver.create();
        as("ada", () -> {
            request.onCancel(why -> see("scope"));
            work.onCancel(why -> see("work"));
        });
        as("bob", () -> {
            request.cancel(new IOException("gone"));
            work.promise().cancel();
        });

        assertThat(seen).containsExactly("scope ada", "work bob");
    }

    @Test
    void tasksRunUnderTheScopeOfTheirSender() throws Exception {
        List<Promise<?>> tasks = new ArrayList<>();
        as("ada", () -> {
            tasks.add(kernel.submit(() -> {
                see("submit");
                return 1;
            }));
            CountDownLatch done = new CountDownLatch(1);
            kernel.execute(() -> {
                see("execute");
                done.countDown();
            });
            tasks.add(kernel.submit(() -> done.await(60, TimeUnit.SECONDS)));
        });
        for (Promise<?> task : tasks) {
            task.await();
        }
        var channel = kernel.<Integer>channel();
        var batch = kernel.<Integer>batch();
        Scope.current().with(USER, "ada").call(() -> {
            channel.submit(() -> {
                see("channel");
                return 1;
            });
            batch.submit(() -> {
                see("batch");
                return 1;
            });
            kernel.broadcast(() -> {
                see("broadcast");
                return 1;
            });
            return null;
        });
        channel.receive();
        batch.receive();

        assertThat(seen).contains("submit ada", "execute ada", "channel ada", "batch ada", "broadcast ada")
                .allMatch(text -> text.endsWith(" ada"));
    }

    // ---- many of them

    private final AtomicLong hops = new AtomicLong();
    private final AtomicInteger mixedUp = new AtomicInteger();
    private final List<EventLoop> loops = List.of(EventLoop.start("one"), EventLoop.start("two"));
    private final Executor virtual = body -> Thread.startVirtualThread(body);

    @AfterEach
    void endLoops() {
        loops.forEach(EventLoop::exit);
    }

    /// A million of them with `-Pstress`, which takes some twenty seconds; some ten thousand else.
    @Test
    @Tag("S-13")
    void afterManyRandomHandsOffNoContextIsLostOrMixedUp() throws Exception {
        long millis = Long.getLong("thrum.stress.millis", 300);
        long seed = Long.getLong("thrum.stress.seed", System.nanoTime());
        long wanted = millis < 20_000 ? 20_000 : 1_000_000;
        int chains = 64;
        CountDownLatch done = new CountDownLatch(chains);
        for (int token = 0; token < chains; token++) {
            int mine = token;
            RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed + token);
            Scope.root().with(TOKEN, token).run(() -> hop(mine, random, wanted / chains, done));
        }

        assertThat(done.await(100, TimeUnit.SECONDS)).as("seed %d", seed).isTrue();
        assertThat(mixedUp).as("seed %d", seed).hasValue(0);
        assertThat(hops.get()).isGreaterThanOrEqualTo(wanted / chains * chains);
    }

    private void hop(int token, RandomGenerator random, long left, CountDownLatch done) {
        hops.incrementAndGet();
        if (Scope.current().get(TOKEN).orElse(-1) != token) {
            mixedUp.incrementAndGet();
        }
        if (left == 0) {
            done.countDown();
            return;
        }
        Runnable next = () -> hop(token, random, left - 1, done);
        EventLoop loop = loops.get(random.nextInt(loops.size()));
        switch (random.nextInt(8)) {
            case 0 -> loop.execute(next);
            case 1 -> loop.schedule(Duration.ZERO, next);
            case 2 -> loop.execute(() -> loop.after(Duration.ZERO, next));
            case 3 -> loop.execute(() -> loop.notifier(next).trigger());
            case 4 -> kernel.execute(next);
            case 5 -> Scope.current().at(loop).run(() -> kernel.submit(() -> token).tap(n -> next.run()));
            case 6 -> Promise.of(token).on(virtual).tap(n -> next.run());
            default -> settleFromElsewhere(next, random.nextBoolean() ? loop : Home.root());
        }
    }

    private void settleFromElsewhere(Runnable next, Home home) {
        Resolver<Integer> resolver = Scope.current().at(home).call(Resolver::<Integer>create);
        resolver.promise().tap(n -> next.run());
        Scope.root().with(TOKEN, -2).run(() -> kernel.execute(() -> resolver.resolve(1)));
    }

    // ---- the end of a tree

    @Test
    @Tag("S-14")
    void aCancelledTreeLeavesNoTaskNoPromiseAndNoDeadline() throws Exception {
        CountDownLatch running = new CountDownLatch(2);
        CountDownLatch never = new CountDownLatch(1);
        AtomicInteger ends = new AtomicInteger();
        List<Thread> canceller = new CopyOnWriteArrayList<>();
        EventLoop.run(loop -> {
            Scope request = Scope.current().child();
            Scope part = request.within(Duration.ofHours(1)).child();
            List<Promise<?>> work = new ArrayList<>();
            part.run(() -> {
                for (int i = 0; i < 3; i++) { // one of them waits for a worker
                    work.add(kernel.submit(() -> {
                        running.countDown();
                        return never.await(60, TimeUnit.SECONDS);
                    }));
                }
                part.onCancel(why -> {
                    throw new IllegalStateException("does not stop the others");
                });
                part.onCancel(why -> ends.incrementAndGet());
            });
            work.forEach(promise -> promise.lastly(ends::incrementAndGet)
                    .recover(Throwable.class, e -> null));
            canceller.add(Thread.startVirtualThread(() -> cancelWhen(running, request)));
        });
        canceller.getFirst().join();

        assertThat(ends).hasValue(4); // and the loop has ended, so nothing holds it
        assertThat(kernel.submit(() -> "free").await()).isEqualTo("free");
    }

    private static void cancelWhen(CountDownLatch running, Scope request) {
        try {
            running.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        request.cancel(new IOException("the client went away"));
    }
}
