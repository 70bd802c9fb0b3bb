package dev.thrum.kernel;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/// A result finds a receiver, and one only.
public class ChannelStress {
    private static final Team TEAM = (Team) Kernel.start(1);
    private static final Terms TERMS = Terms.here(null, null);

    private static Results results() {
        return new Results(TEAM, Integer.MAX_VALUE);
    }

    private static void add(Results results) {
        new ChannelJob(TERMS, null, results).finish(1);
    }

    private static int waited(Results results) {
        try {
            return results.poll(SECONDS.toNanos(10)) == null ? 0 : 1;
        } catch (InterruptedException nobodyInterrupts) {
            return -1;
        }
    }

    @JCStressTest
    @State
    @Outcome(id = {"0, 2", "1, 1"}, expect = ACCEPTABLE, desc = "each once")
    public static class TwoResultsOneLook {
        private final Results results = results();

        @Actor
        public void worker() {
            add(results);
            add(results);
        }

        @Actor
        public void receiver(II_Result r) {
            r.r1 = results.poll() == null ? 0 : 1;
        }

        @Arbiter
        public void rest(II_Result r) {
            while (results.poll() != null) {
                r.r2++;
            }
        }
    }

    @JCStressTest
    @State
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "woken in time")
    public static class OneResultOneWait {
        private final Results results = results();

        @Actor
        public void worker() {
            add(results);
        }

        @Actor
        public void receiver(I_Result r) {
            r.r1 = waited(results);
        }
    }

    @JCStressTest
    @State
    @Outcome(id = {"0, 0, 2", "1, 0, 1", "0, 1, 1", "1, 1, 0"}, expect = ACCEPTABLE, desc = "each once")
    public static class TwoResultsTwoLooks {
        private final Results results = results();

        @Actor
        public void worker() {
            add(results);
            add(results);
        }

        @Actor
        public void receiver(III_Result r) {
            r.r1 = results.poll() == null ? 0 : 1;
        }

        @Actor
        public void other(III_Result r) {
            r.r2 = results.poll() == null ? 0 : 1;
        }

        @Arbiter
        public void rest(III_Result r) {
            while (results.poll() != null) {
                r.r3++;
            }
        }
    }

    @JCStressTest
    @State
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "nobody finds nothing where there is enough for both")
    public static class TwoResultsThereTwoLooks {
        private final Results results = results();

        public TwoResultsThereTwoLooks() {
            add(results);
            add(results);
        }

        @Actor
        public void receiver(II_Result r) {
            r.r1 = results.poll() == null ? 0 : 1;
        }

        @Actor
        public void other(II_Result r) {
            r.r2 = results.poll() == null ? 0 : 1;
        }
    }

    @JCStressTest
    @State
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "both were woken in time")
    public static class TwoResultsTwoWaits {
        private final Results results = results();

        @Actor
        public void worker() {
            add(results);
        }

        @Actor
        public void otherWorker() {
            add(results);
        }

        @Actor
        public void receiver(II_Result r) {
            r.r1 = waited(results);
        }

        @Actor
        public void other(II_Result r) {
            r.r2 = waited(results);
        }
    }
}
