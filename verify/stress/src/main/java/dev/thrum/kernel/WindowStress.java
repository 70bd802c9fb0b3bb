package dev.thrum.kernel;

import static java.util.Objects.requireNonNull;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import java.util.concurrent.Callable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/// A task that a bounded channel holds back is let in as soon as there is room, whoever makes it and when.
public class WindowStress {
    private static final Team TEAM = (Team) Kernel.start(1);
    private static final Terms TERMS = Terms.here(null, null);
    private static final Callable<Integer> EMPTY = () -> 1;

    private static Results results(int tasks) {
        Results results = new Results(TEAM, 1);
        for (int i = 0; i < tasks; i++) {
            submit(results);
        }
        return results;
    }

    private static void submit(Results results) {
        results.submit(new ChannelJob(TERMS, EMPTY, results));
    }

    private static int received(Results results) {
        try {
            return results.poll(SECONDS.toNanos(10)) == null ? 0 : 1;
        } catch (InterruptedException nobodyInterrupts) {
            return -1;
        }
    }

    private static int held(Results results) {
        return requireNonNull(results.window()).held();
    }

    @JCStressTest
    @State
    @Outcome(id = "1, 1, 0", expect = ACCEPTABLE, desc = "let in by the submitter, or by the receiver that made room")
    public static class OneTaskOneReceive {
        private final Results results = results(1);

        @Actor
        public void submitter() {
            submit(results);
        }

        @Actor
        public void receiver(III_Result r) {
            r.r1 = received(results);
        }

        @Arbiter
        public void rest(III_Result r) {
            r.r2 = received(results);
            r.r3 = held(results);
        }
    }

    @JCStressTest
    @State
    @Outcome(id = "1, 1, 0", expect = ACCEPTABLE, desc = "one was held back until the other had been received")
    public static class TwoTasksRoomForOne {
        private final Results results = results(0);

        @Actor
        public void submitter() {
            submit(results);
        }

        @Actor
        public void other() {
            submit(results);
        }

        @Arbiter
        public void rest(III_Result r) {
            r.r1 = received(results);
            r.r2 = received(results);
            r.r3 = held(results);
        }
    }

    @JCStressTest
    @State
    @Outcome(id = "1, 1, 2", expect = ACCEPTABLE, desc = "both receivers made room, and two more came in")
    public static class TwoHeldTwoReceives {
        private final Results results = results(4);

        @Actor
        public void receiver(III_Result r) {
            r.r1 = received(results);
        }

        @Actor
        public void other(III_Result r) {
            r.r2 = received(results);
        }

        @Arbiter
        public void rest(III_Result r) {
            r.r3 = received(results) + received(results);
        }
    }
}
