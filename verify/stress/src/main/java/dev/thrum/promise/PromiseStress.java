package dev.thrum.promise;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IIII_Result;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;

/// Settling, attaching and cancelling, two at a time.
public class PromiseStress {

    @JCStressTest
    @State
    @Outcome(id = "1, 2, 1", expect = ACCEPTABLE, desc = "both callbacks have run, once each")
    public static class SettleAgainstAttach extends CountedPromise {

        @Actor
        public void settler(III_Result r) {
            r.r1 = resolve();
        }

        @Actor
        public void attacher() {
            count();
            count();
        }

        @Arbiter
        public void seen(III_Result r) {
            r.r2 = runs.get();
            r.r3 = state(promise);
        }
    }

    @JCStressTest
    @State
    @Outcome(id = {"1, 0, 1, 0", "1, 0, 2, 0"}, expect = ACCEPTABLE, desc = "one of them settled it, nobody else")
    @Outcome(id = {"0, 1, 1, 0", "0, 1, 2, 0"}, expect = ACCEPTABLE, desc = "the other did")
    public static class SettleAgainstSettle extends CountedPromise {

        @Actor
        public void settler(IIII_Result r) {
            r.r1 = resolve();
        }

        @Actor
        public void other(IIII_Result r) {
            r.r2 = asInt(resolver.reject(new IllegalStateException()));
        }

        @Arbiter
        public void seen(IIII_Result r) {
            promise.recover(IllegalStateException.class, e -> 0);
            r.r3 = state(promise);
            r.r4 = stopped.get();
        }
    }

    @JCStressTest
    @State
    @Outcome(id = "1, 0, 0, 1", expect = ACCEPTABLE, desc = "settled, and the work was not stopped")
    @Outcome(id = "0, 1, 1, 2", expect = ACCEPTABLE, desc = "cancelled, and the work was stopped once")
    public static class SettleAgainstCancel extends CountedPromise {

        @Actor
        public void settler(IIII_Result r) {
            r.r1 = resolve();
        }

        @Actor
        public void canceller(IIII_Result r) {
            r.r2 = asInt(promise.cancel());
        }

        @Arbiter
        public void seen(IIII_Result r) {
            r.r3 = stopped.get();
            r.r4 = state(promise);
        }
    }

    @JCStressTest
    @State
    @Outcome(id = "1, 0, 0, 1", expect = ACCEPTABLE, desc = "settled before the cancel")
    @Outcome(id = "1, 1, 0, 2", expect = ACCEPTABLE, desc = "settled, but what was derived did not hear of it")
    @Outcome(id = "0, 1, 1, 2", expect = ACCEPTABLE, desc = "cancelled up to the work")
    public static class SettleAgainstCancelBelow extends CountedPromise {
        private final Promise<Integer> derived = promise.map(n -> n);

        @Actor
        public void settler(IIII_Result r) {
            r.r1 = resolve();
        }

        @Actor
        public void canceller(IIII_Result r) {
            r.r2 = asInt(derived.cancel());
        }

        @Arbiter
        public void seen(IIII_Result r) {
            r.r3 = stopped.get();
            r.r4 = state(derived);
        }
    }

    @JCStressTest
    @State
    @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "the new one keeps the work alive")
    @Outcome(id = "2, 1", expect = ACCEPTABLE, desc = "the work was stopped, and the new one hears of it")
    public static class AttachAgainstCancel extends CountedPromise {
        private final Promise<Integer> former = promise.map(n -> n);
        private volatile Promise<Integer> late = promise;

        @Actor
        public void canceller() {
            former.cancel();
        }

        @Actor
        public void attacher() {
            late = promise.map(n -> n);
        }

        @Arbiter
        public void seen(II_Result r) {
            resolver.resolve(1);
            r.r1 = state(late);
            r.r2 = stopped.get();
        }
    }

    @JCStressTest
    @State
    @Outcome(id = {"1, 0, 0", "1, 1, 0", "0, 1, 0"}, expect = ACCEPTABLE, desc = "the clean-up has run once")
    public static class CleanUpAgainstCancel extends CountedPromise {
        private final Promise<Integer> cleaned = promise.lastly(runs::incrementAndGet);

        @Actor
        public void settler(III_Result r) {
            r.r1 = resolve();
        }

        @Actor
        public void canceller(III_Result r) {
            r.r2 = asInt(cleaned.cancel());
        }

        @Arbiter
        public void seen(III_Result r) {
            r.r3 = runs.get() - 1;
        }
    }

    /// A promise in the middle of a recursion drops out while somebody attaches to it.
    @JCStressTest
    @State
    @Outcome(id = "1, 1, 0", expect = ACCEPTABLE, desc = "both hear of the value")
    public static class DropOutAgainstAttach extends CountedPromise {
        private final Resolver<Integer> trigger = Resolver.create();
        private final Promise<Integer> middle = trigger.promise().then(n -> promise);
        private final Promise<Integer> outer = Promise.of(0).then(n -> middle);
        private volatile Promise<Integer> late = promise;

        @Actor
        public void dropper() {
            trigger.resolve(1);
        }

        @Actor
        public void attacher() {
            late = middle.map(n -> n);
        }

        @Arbiter
        public void seen(III_Result r) {
            resolver.resolve(1);
            r.r1 = state(late);
            r.r2 = state(outer);
            r.r3 = stopped.get();
        }
    }

    /// It drops out while what follows it, or it itself, is cancelled.
    @JCStressTest
    @State
    @Outcome(id = "2, 2, 1", expect = ACCEPTABLE, desc = "the work was stopped")
    @Outcome(id = "2, 2, 0", expect = ACCEPTABLE, desc = "it was never wanted")
    public static class DropOutAgainstCancel extends CountedPromise {
        private final Resolver<Integer> trigger = Resolver.create();
        private volatile boolean wanted;
        private final Promise<Integer> middle = trigger.promise().then(n -> {
            wanted = true;
            return promise;
        });
        private final Promise<Integer> outer = Promise.of(0).then(n -> middle);

        @Actor
        public void dropper() {
            trigger.resolve(1);
        }

        @Actor
        public void canceller() {
            outer.cancel();
        }

        @Arbiter
        public void seen(III_Result r) {
            r.r1 = state(outer);
            r.r2 = state(middle);
            r.r3 = wanted && stopped.get() == 0 ? -1 : stopped.get(); // -1: it was started, and nobody waits for it
        }
    }

    @JCStressTest
    @State
    @Outcome(id = "2, 2, 1", expect = ACCEPTABLE, desc = "the work was stopped")
    @Outcome(id = "2, 2, 0", expect = ACCEPTABLE, desc = "it was never wanted")
    public static class DropOutAgainstItsOwnCancel extends CountedPromise {
        private final Resolver<Integer> trigger = Resolver.create();
        private volatile boolean wanted;
        private final Promise<Integer> middle = trigger.promise().then(n -> {
            wanted = true;
            return promise;
        });
        private final Promise<Integer> outer = Promise.of(0).then(n -> middle);

        @Actor
        public void dropper() {
            trigger.resolve(1);
        }

        @Actor
        public void canceller() {
            middle.cancel();
        }

        @Arbiter
        public void seen(III_Result r) {
            r.r1 = state(outer);
            r.r2 = state(middle);
            r.r3 = wanted && stopped.get() == 0 ? -1 : stopped.get();
        }
    }
}
