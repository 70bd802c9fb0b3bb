package dev.thrum.kernel;

import java.util.concurrent.Callable;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/// A task submitted through a channel: first a node of the run queue's slots, then of the channel. 32 bytes.
class ChannelJob extends Job {
    private final Results results;
    private @Nullable Object slot; // the body, then the outcome; handed over by the state and by the channel
    @Nullable ChannelJob next; // in the channel

    ChannelJob(Terms terms, @Nullable Object body, Results results) {
        super(terms);
        this.slot = body;
        this.results = results;
    }

    /// One that listens for the cancellation of its sender.
    static final class Watched extends ChannelJob {
        private final Watch watch = new Watch();

        Watched(Terms terms, Callable<?> body, Results results) {
            super(terms, body, results);
        }

        void submit() {
            watch.begin(this, results().team());
            try {
                results().submit(this);
            } catch (RejectedExecutionException ended) {
                watch.end();
                throw ended;
            }
        }

        @Override
        void settle(@Nullable Object outcome) {
            watch.end();
            super.settle(outcome);
        }
    }

    Results results() {
        return results;
    }

    @Override
    @Nullable Object body() {
        return slot;
    }

    @Override
    void settle(@Nullable Object outcome) {
        slot = outcome;
        results.add(this);
    }

    /// {@return the value, for the receiver}
    @Nullable Object value() {
        Object outcome = slot;
        if (outcome instanceof Failure(Throwable reason)) {
            throw TaskException.received(reason);
        }
        return outcome;
    }
}
