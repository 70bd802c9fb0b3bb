package dev.thrum.parallel;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import dev.thrum.promise.Promise;
import java.time.Duration;
import java.util.List;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;

/// What goes into a queue comes out once, in order, whoever waits for it.
public class WorkQueueStress {
    private static final Duration LONG = Duration.ofSeconds(20);

    private static int take(WorkQueue<Integer> queue) {
        try {
            return queue.take(LONG).orElse(0);
        } catch (InterruptedException nobody) {
            throw new IllegalStateException(nobody);
        }
    }

    @JCStressTest
    @State
    @Outcome(id = "1, 2", expect = ACCEPTABLE, desc = "in the order they were put")
    public static class PutAndTake {
        private final WorkQueue<Integer> queue = WorkQueue.unbounded();

        @Actor
        public void putter() {
            queue.offerAll(List.of(1, 2));
        }

        @Actor
        public void taker(II_Result r) {
            r.r1 = take(queue);
            r.r2 = take(queue);
        }
    }

    @JCStressTest
    @State
    @Outcome(id = "1, 2, 0", expect = ACCEPTABLE, desc = "the wait ended by the room that the take made")
    public static class PutIntoAFullOne {
        private final WorkQueue<Integer> queue = WorkQueue.bounded(1);

        public PutIntoAFullOne() {
            queue.offer(1);
        }

        @Actor
        public void putter() {
            try {
                queue.put(2);
            } catch (InterruptedException nobody) {
                throw new IllegalStateException(nobody);
            }
        }

        @Actor
        public void taker(III_Result r) {
            r.r1 = take(queue);
        }

        @Arbiter
        public void all(III_Result r) {
            r.r2 = queue.tryTake().orElse(0);
            r.r3 = queue.size();
        }
    }

    @JCStressTest
    @State
    @Outcome(id = "1, 0, 1", expect = ACCEPTABLE, desc = "room for the first only")
    @Outcome(id = "0, 1, 1", expect = ACCEPTABLE, desc = "room for the other only")
    public static class TwoOffersOneRoom {
        private final WorkQueue<Integer> queue = WorkQueue.bounded(1);

        @Actor
        public void one(III_Result r) {
            r.r1 = queue.offer(1) ? 1 : 0;
        }

        @Actor
        public void other(III_Result r) {
            r.r2 = queue.offer(2) ? 1 : 0;
        }

        @Arbiter
        public void all(III_Result r) {
            r.r3 = queue.size();
        }
    }

    @JCStressTest
    @State
    @Outcome(id = "1, 2", expect = ACCEPTABLE, desc = "one each")
    @Outcome(id = "2, 1", expect = ACCEPTABLE, desc = "one each, the other way round")
    public static class TwoTakers {
        private final WorkQueue<Integer> queue = WorkQueue.unbounded();

        public TwoTakers() {
            queue.offerAll(List.of(1, 2));
        }

        @Actor
        public void one(II_Result r) {
            r.r1 = take(queue);
        }

        @Actor
        public void other(II_Result r) {
            r.r2 = queue.tryTake().orElse(0);
        }
    }

    @JCStressTest
    @State
    @Outcome(id = "7, 0", expect = ACCEPTABLE, desc = "given to the promise")
    @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "the promise was cancelled, and the element is still there")
    public static class OfferAndCancelledPoll {
        private final WorkQueue<Integer> queue = WorkQueue.unbounded();
        private final Promise<Integer> poll = queue.poll();

        @Actor
        public void putter() {
            queue.offer(7);
        }

        @Actor
        public void canceller() {
            poll.cancel();
        }

        @Arbiter
        public void all(II_Result r) {
            r.r1 = poll.state() instanceof Promise.Fulfilled<Integer>(Integer value) ? value : 0;
            r.r2 = queue.size();
        }
    }
}
