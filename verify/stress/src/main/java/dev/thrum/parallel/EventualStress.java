package dev.thrum.parallel;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import dev.thrum.kernel.Kernel;
import dev.thrum.promise.RejectedPromiseException;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;

/// A value is computed once, by whoever comes first, or given, and all see the same.
public class EventualStress {
    private static final Parallel PARALLEL = Parallel.on(Kernel.start(1));
    private static final int COMPUTED = 1;
    private static final int GIVEN = 2;
    private static final int CANCELLED = -1;

    /// Counts how often a value is computed.
    private static final class Body {
        private int runs; // plain: the force orders it

        int compute() {
            runs++;
            return COMPUTED;
        }
    }

    private static int force(Eventual<Integer> value) {
        try {
            return value.force();
        } catch (RejectedPromiseException cancelled) {
            return CANCELLED;
        }
    }

    private static int fulfill(Eventual<Integer> value) {
        try {
            return value.fulfill(() -> GIVEN) ? 1 : 0;
        } catch (Exception impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @JCStressTest
    @State
    @Outcome(id = "1, 1, 1", expect = ACCEPTABLE, desc = "computed once, and both have it")
    public static class TwoForces {
        private final Body body = new Body();
        private final Eventual<Integer> delay = Eventual.delay(body::compute);

        @Actor
        public void one(III_Result r) {
            r.r1 = force(delay);
        }

        @Actor
        public void other(III_Result r) {
            r.r2 = force(delay);
        }

        @Arbiter
        public void all(III_Result r) {
            r.r3 = body.runs;
        }
    }

    @JCStressTest
    @State
    @Outcome(id = "1, 0, 1", expect = ACCEPTABLE, desc = "computed, and too late for the other")
    @Outcome(id = "2, 1, 0", expect = ACCEPTABLE, desc = "given, and never computed")
    public static class ForceAndFulfill {
        private final Body body = new Body();
        private final Eventual<Integer> delay = Eventual.delay(body::compute);

        @Actor
        public void one(III_Result r) {
            r.r1 = force(delay);
        }

        @Actor
        public void other(III_Result r) {
            r.r2 = fulfill(delay);
        }

        @Arbiter
        public void all(III_Result r) {
            r.r3 = body.runs;
        }
    }

    @JCStressTest
    @State
    @Outcome(id = "1, 0, 1", expect = ACCEPTABLE, desc = "computed, here or by the worker, and too late for the other")
    @Outcome(id = "2, 1, 0", expect = ACCEPTABLE, desc = "given, and never computed")
    public static class ForceAndFulfillOfAFuture {
        private final Body body = new Body();
        private final Eventual<Integer> future = PARALLEL.future(body::compute);

        @Actor
        public void one(III_Result r) {
            r.r1 = force(future);
        }

        @Actor
        public void other(III_Result r) {
            r.r2 = fulfill(future);
        }

        @Arbiter
        public void all(III_Result r) {
            r.r3 = body.runs;
        }
    }

    @JCStressTest
    @State
    @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "the first gave it")
    @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "the other gave it")
    public static class TwoFulfills {
        private final Eventual<Integer> open = Eventual.open();

        @Actor
        public void one(II_Result r) {
            r.r1 = fulfill(open);
        }

        @Actor
        public void other(II_Result r) {
            r.r2 = fulfill(open);
        }
    }

    @JCStressTest
    @State
    @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "computed, and too late to cancel")
    @Outcome(id = "-1, 1", expect = ACCEPTABLE, desc = "cancelled, whether computed or not")
    public static class ForceAndCancel {
        private final Body body = new Body();
        private final Eventual<Integer> delay = Eventual.delay(body::compute);

        @Actor
        public void one(II_Result r) {
            r.r1 = force(delay);
        }

        @Actor
        public void other(II_Result r) {
            r.r2 = delay.cancel() ? 1 : 0;
        }
    }
}
