package dev.thrum.kernel;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;

/// A slot gives its job out once, burnt or not, sealed or not.
public class RunQueueStress {

    private static int polled(RunQueue queue) {
        return queue.poll() == null ? 0 : 1;
    }

    private static int rest(RunQueue queue) {
        int rest = 0;
        while (queue.poll() != null) {
            rest++;
        }
        return rest;
    }

    @JCStressTest
    @State
    @Outcome(id = {"0, 1", "1, 0"}, expect = ACCEPTABLE, desc = "out once")
    public static class OneJobOneWorker {
        private final RunQueue queue = new RunQueue();

        @Actor
        public void submitter() {
            queue.offer(new CountedJob());
        }

        @Actor
        public void worker(II_Result r) {
            r.r1 = polled(queue);
        }

        @Arbiter
        public void rest(II_Result r) {
            r.r2 = RunQueueStress.rest(queue);
        }
    }

    @JCStressTest
    @State
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "let in, and out once")
    @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "the seal came first, and it says so")
    public static class OneJobOneSeal {
        private final RunQueue queue = new RunQueue();

        @Actor
        public void submitter(II_Result r) {
            r.r1 = queue.offer(new CountedJob()) ? 1 : 0;
        }

        @Actor
        public void sealer() {
            queue.seal();
        }

        @Arbiter
        public void rest(II_Result r) {
            r.r2 = RunQueueStress.rest(queue);
        }
    }

    @JCStressTest
    @State
    @Outcome(id = {"0, 0, 1", "1, 0, 0", "0, 1, 0"}, expect = ACCEPTABLE, desc = "out once")
    public static class OneJobTwoWorkers {
        private final RunQueue queue = new RunQueue();

        @Actor
        public void submitter() {
            queue.offer(new CountedJob());
        }

        @Actor
        public void worker(III_Result r) {
            r.r1 = polled(queue);
        }

        @Actor
        public void other(III_Result r) {
            r.r2 = polled(queue);
        }

        @Arbiter
        public void rest(III_Result r) {
            r.r3 = RunQueueStress.rest(queue);
        }
    }

    @JCStressTest
    @State
    @Outcome(id = {"1, 0, 1", "1, 1, 0"}, expect = ACCEPTABLE, desc = "let in, and out once")
    @Outcome(id = "0, 0, 0", expect = ACCEPTABLE, desc = "the seal came first, and it says so")
    public static class Seal {
        private final RunQueue queue = new RunQueue();

        @Actor
        public void submitter(III_Result r) {
            r.r1 = queue.offer(new CountedJob()) ? 1 : 0;
        }

        @Actor
        public void sealer() {
            queue.seal();
        }

        @Actor
        public void worker(III_Result r) {
            r.r2 = polled(queue);
        }

        @Arbiter
        public void rest(III_Result r) {
            r.r3 = RunQueueStress.rest(queue);
        }
    }
}
