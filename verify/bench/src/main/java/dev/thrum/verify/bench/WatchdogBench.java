package dev.thrum.verify.bench;

import static java.util.Objects.requireNonNull;

import dev.thrum.loop.EventLoop;
import dev.thrum.loop.LoopConfig;
import dev.thrum.loop.Poll;
import dev.thrum.scope.Key;
import dev.thrum.scope.Scope;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// `watchdog`: the turns of a loop that is watched, and of one that is not, while nothing is late.
final class WatchdogBench {

    static final Map<String, String> OPTIONS = Map.of("rounds", "60", "millis", "50");

    private static final int WARMUP = 10; // rounds
    private static final Key<String> USER = Key.of("user");

    /// What a turn does.
    private enum Work {
        NOTHING("nothing but to look at the channels") {
            @Override
            void next(Turning turning) {
                turning.loop.atTurnEnd(turning);
            }
        },
        TIMER("a timer without delay") {
            @Override
            void next(Turning turning) {
                turning.loop.after(Duration.ZERO, turning);
            }
        },
        SCOPE("a callback under another scope") {
            @Override
            void next(Turning turning) {
                turning.loop.atTurnEnd(turning.underAnotherScope);
            }
        },
        PIPE("a byte read from a channel, and one written") {
            @Override
            void next(Turning turning) {
                turning.writeByte();
            }
        };

        final String text;

        Work(String text) {
            this.text = text;
        }

        /// Makes `turning` run once in the next turn.
        abstract void next(Turning turning);
    }

    /// Turns a loop for a while.
    private static final class Turning implements Runnable, Poll.Handler {
        private static final int LOOK = 256; // turns between two looks at the clock

        final EventLoop loop;
        final Runnable underAnotherScope;
        private final Work work;
        private final long nanos;
        private final CompletableFuture<Double> result = new CompletableFuture<>(); // nanoseconds for a turn
        private final Pipe pipe;
        private final ByteBuffer one = ByteBuffer.allocateDirect(1);
        private @Nullable Poll poll;
        private long start;
        private long turns;

        Turning(EventLoop loop, Work work, long nanos) throws IOException {
            this.loop = loop;
            this.work = work;
            this.nanos = nanos;
            Scope another = Scope.root().at(loop).with(USER, "ada");
            this.underAnotherScope = () -> another.run(this);
            this.pipe = Pipe.open();
            pipe.source().configureBlocking(false);
        }

        double measure() throws Exception {
            loop.execute(() -> {
                poll = loop.poll(pipe.source(), SelectionKey.OP_READ, this);
                start = System.nanoTime();
                work.next(this);
            });
            try {
                return result.get();
            } finally {
                pipe.source().close();
                pipe.sink().close();
            }
        }

        @Override
        public void run() {
            turns++;
            if (turns % LOOK == 0) {
                long passed = System.nanoTime() - start;
                if (passed >= nanos) {
                    requireNonNull(poll).close();
                    result.complete((double) passed / turns);
                    return;
                }
            }
            work.next(this);
        }

        @Override
        public void onReady(int operations) {
            try {
                pipe.source().read(one.clear());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            run();
        }

        void writeByte() {
            try {
                pipe.sink().write(one.clear());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private final int rounds;
    private final long nanos;
    private final PrintStream out;

    WatchdogBench(Options options, PrintStream out) {
        this.rounds = options.number("rounds", 1);
        this.nanos = options.number("millis", 1) * 1_000_000L;
        this.out = out;
    }

    void run() throws Exception {
        EventLoop watched = EventLoop.start(LoopConfig.named("watched"));
        EventLoop alone = EventLoop.start(LoopConfig.named("alone").withPatience(Duration.ZERO));
        try {
            var table = new MarkdownTable(
                    "a turn", "alone best ns", "median ns", "watched best ns", "median ns", "ratio best", "ratio median",
                    "median of pairs");
            for (Work work : Work.values()) {
                System.err.println(work.text);
                measure(work, watched, alone, table);
            }
            out.printf("turns of a loop; pairs: %d of %d ms each; ratios of watched to alone%n%n%s%n",
                    rounds, nanos / 1_000_000, table);
        } finally {
            watched.exit();
            alone.exit();
        }
    }

    /// In pairs, of which each begins with the other loop.
    private void measure(Work work, EventLoop watched, EventLoop alone, MarkdownTable table) throws Exception {
        List<Double> with = new ArrayList<>();
        List<Double> without = new ArrayList<>();
        List<Double> ratios = new ArrayList<>();
        for (int round = -WARMUP; round < rounds; round++) {
            boolean watchedFirst = round % 2 == 0;
            double first = new Turning(watchedFirst ? watched : alone, work, nanos).measure();
            double second = new Turning(watchedFirst ? alone : watched, work, nanos).measure();
            if (round >= 0) {
                with.add(watchedFirst ? first : second);
                without.add(watchedFirst ? second : first);
                ratios.add(with.getLast() / without.getLast());
            }
        }
        Samples base = new Samples(without);
        Samples own = new Samples(with);
        table.row(
                work.text,
                Samples.text(base.min(), 1),
                base.medianText(1),
                Samples.text(own.min(), 1),
                own.medianText(1),
                Samples.text(own.min() / base.min(), 3),
                Samples.text(own.median() / base.median(), 3),
                new Samples(ratios).medianText(3));
    }
}
