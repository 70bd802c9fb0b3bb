package dev.thrum.kernel;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IIII_Result;
import org.openjdk.jcstress.infra.results.III_Result;

/// A task is settled once, and its worker knows whether it was killed.
public class TaskStateStress {

    @JCStressTest
    @State
    @Outcome(id = "1, 0, 1", expect = ACCEPTABLE, desc = "done before the kill")
    @Outcome(id = "0, 1, 1", expect = ACCEPTABLE, desc = "dropped before a worker took it")
    @Outcome(id = "2, 2, 1", expect = ACCEPTABLE, desc = "killed while it ran")
    public static class OneKiller {
        private final CountedJob job = new CountedJob();

        @Actor
        public void worker(III_Result r) {
            r.r1 = job.work();
        }

        @Actor
        public void killer(III_Result r) {
            r.r2 = job.kill();
        }

        @Arbiter
        public void settled(III_Result r) {
            r.r3 = job.settled.get();
        }
    }

    @JCStressTest
    @State
    @Outcome(id = "1, 0, 0, 1", expect = ACCEPTABLE, desc = "done before both")
    @Outcome(id = {"0, 1, 0, 1", "0, 0, 1, 1"}, expect = ACCEPTABLE, desc = "dropped by one")
    @Outcome(id = {"2, 2, 0, 1", "2, 0, 2, 1"}, expect = ACCEPTABLE, desc = "killed by one")
    public static class TwoKillers {
        private final CountedJob job = new CountedJob();

        @Actor
        public void worker(IIII_Result r) {
            r.r1 = job.work();
        }

        @Actor
        public void killer(IIII_Result r) {
            r.r2 = job.kill();
        }

        @Actor
        public void other(IIII_Result r) {
            r.r3 = job.kill();
        }

        @Arbiter
        public void settled(IIII_Result r) {
            r.r4 = job.settled.get();
        }
    }
}
