package dev.thrum.verify.bench.micro;

import java.util.concurrent.Executors;

/// `ThreadPoolExecutor` with its usual linked queue: what ratios refer to.
public class ThreadPoolSubmitReceive extends ExecutorSubmitReceive {

    public ThreadPoolSubmitReceive() {
        super(Executors.newFixedThreadPool(WORKERS));
    }
}
