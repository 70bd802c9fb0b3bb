package dev.thrum.verify.bench.micro;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/// The JDK's nearest thing to a loop: a scheduled pool of one thread.
public class ScheduledPoolLoopPost extends FlaggedLoopPost {

    private final ScheduledExecutorService pool;

    public ScheduledPoolLoopPost() {
        this(Executors.newScheduledThreadPool(1));
    }

    private ScheduledPoolLoopPost(ScheduledExecutorService pool) {
        super(pool);
        this.pool = pool;
    }

    @Override
    protected void close() {
        pool.close();
    }
}
