package dev.thrum.loop;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZII_Result;
import org.openjdk.jcstress.infra.results.ZZI_Result;

/// A post wakes a loop that sleeps, and is run, or refused.
public class InboxStress {

    @JCStressTest
    @State
    @Outcome(id = "false, 0, 1", expect = ACCEPTABLE, desc = "the loop saw the post before it slept")
    @Outcome(id = "false, 1, 1", expect = ACCEPTABLE, desc = "both saw each other")
    @Outcome(id = "true, 1, 1", expect = ACCEPTABLE, desc = "the loop slept, and was woken")
    public static class PostAgainstSleep {
        private int rings;
        private int ran;
        private final Inbox inbox = new Inbox(() -> rings++);

        @Actor
        public void post() {
            inbox.offer(() -> ran++);
        }

        @Actor
        public void sleep(ZII_Result r) {
            inbox.setAsleep(true);
            r.r1 = inbox.isEmpty();
        }

        @Arbiter
        public void after(ZII_Result r) {
            inbox.drain(10, Runnable::run);
            r.r2 = rings;
            r.r3 = ran;
        }
    }

    @JCStressTest
    @State
    @Outcome(id = "true, false, 1", expect = ACCEPTABLE, desc = "the post was first")
    @Outcome(id = "false, true, 0", expect = ACCEPTABLE, desc = "the close was first")
    public static class PostAgainstClose {
        private int ran;
        private final Inbox inbox = new Inbox(() -> {});

        @Actor
        public void post(ZZI_Result r) {
            r.r1 = inbox.offer(() -> ran++);
        }

        @Actor
        public void close(ZZI_Result r) {
            r.r2 = inbox.tryClose();
        }

        @Arbiter
        public void after(ZZI_Result r) {
            inbox.drain(10, Runnable::run);
            r.r3 = ran;
        }
    }
}
