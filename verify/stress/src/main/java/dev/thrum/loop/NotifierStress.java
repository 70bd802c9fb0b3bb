package dev.thrum.loop;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import java.time.Duration;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZII_Result;
import org.openjdk.jcstress.infra.results.ZZI_Result;

/// A trigger is answered by a callback that sees what was written before it, or by false.
public class NotifierStress {

    /// A loop that belongs to whichever thread says so, one after the other.
    static class OwnedLoop {
        private static final LoopConfig CONFIG = LoopConfig.named("stress").withPatience(Duration.ZERO);

        final TurnedLoop loop = TurnedLoop.create(CONFIG, () -> 0);
        int written;
        int seen;
        int calls;
        final Notifier notifier = loop.notifier(this::call);

        private void call() {
            calls++;
            seen = written;
        }

        TurnedLoop own() {
            loop.bindTo(Thread.currentThread());
            return loop;
        }

        boolean writeAndTrigger() {
            written = 1;
            return notifier.trigger();
        }

        void turnToTheEnd() {
            own();
            if (!loop.isEnded()) {
                loop.turn();
            }
        }
    }

    @JCStressTest
    @State
    @Outcome(id = "true, 1, 1", expect = ACCEPTABLE, desc = "the trigger was first: its callback still comes")
    @Outcome(id = "false, 0, 0", expect = ACCEPTABLE, desc = "the free was first")
    public static class TriggerAgainstFree extends OwnedLoop {

        @Actor
        public void trigger(ZII_Result r) {
            r.r1 = writeAndTrigger();
        }

        @Actor
        public void free() {
            own();
            notifier.free();
            loop.turn();
        }

        @Arbiter
        public void callbacks(ZII_Result r) {
            turnToTheEnd();
            r.r2 = calls;
            r.r3 = seen;
        }
    }

    @JCStressTest
    @State
    @Outcome(id = "true, 1, 1", expect = ACCEPTABLE, desc = "the trigger was first: its callback still comes")
    @Outcome(id = "false, 0, 0", expect = ACCEPTABLE, desc = "the end was first")
    public static class TriggerAgainstTheLoopsEnd extends OwnedLoop {

        @Actor
        public void trigger(ZII_Result r) {
            r.r1 = writeAndTrigger();
        }

        @Actor
        public void end() {
            own().close();
        }

        @Arbiter
        public void callbacks(ZII_Result r) {
            r.r2 = calls;
            r.r3 = seen;
        }
    }

    @JCStressTest
    @State
    @Outcome(id = "true, 2, 1", expect = ACCEPTABLE, desc = "behind the callback that runs: there is another one")
    @Outcome(id = "true, 1, 1", expect = ACCEPTABLE, desc = "before it: it answers both")
    public static class TriggerAgainstTheCallbackOfAnotherTrigger extends OwnedLoop {

        public TriggerAgainstTheCallbackOfAnotherTrigger() {
            notifier.repeating().trigger();
        }

        @Actor
        public void trigger(ZII_Result r) {
            r.r1 = writeAndTrigger();
        }

        @Actor
        public void turn() {
            own().turn();
        }

        @Arbiter
        public void callbacks(ZII_Result r) {
            turnToTheEnd();
            r.r2 = calls;
            r.r3 = seen;
        }
    }

    @JCStressTest
    @State
    @Outcome(id = "true, true, 1", expect = ACCEPTABLE, desc = "one callback answers both")
    public static class TwoTriggersOfOneShot extends OwnedLoop {

        @Actor
        public void trigger(ZZI_Result r) {
            r.r1 = notifier.trigger();
        }

        @Actor
        public void other(ZZI_Result r) {
            r.r2 = notifier.trigger();
        }

        @Arbiter
        public void callbacks(ZZI_Result r) {
            turnToTheEnd();
            r.r3 = calls;
        }
    }
}
