package dev.thrum.verify.bench.micro;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// `ThreadPoolExecutor` with its usual linked queue: what ratios refer to.
public class ThreadPoolSubmitReceive extends ExecutorSubmitReceive {

    @Override
    protected ExecutorService executor(int workers) {
        return Executors.newFixedThreadPool(workers);
    }
}
