package dev.thrum.verify.bench.micro;

import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;

/// A peer without triggers: a flag in front of its queue makes them, as its users write it themselves.
public abstract class FlaggedLoopPost extends LoopPost {

    private final Executor loop;
    private final AtomicBoolean pending = new AtomicBoolean();
    private Runnable answer = () -> {};

    /// @param loop runs what is posted
    protected FlaggedLoopPost(Executor loop) {
        this.loop = loop;
    }

    @Override
    protected final void post(Runnable action) {
        loop.execute(action);
    }

    @Override
    protected final void onTrigger(Runnable callback) {
        answer = () -> {
            pending.set(false);
            callback.run();
        };
    }

    @Override
    protected final void trigger() {
        if (!pending.get() && pending.compareAndSet(false, true)) {
            loop.execute(answer);
        }
    }
}
