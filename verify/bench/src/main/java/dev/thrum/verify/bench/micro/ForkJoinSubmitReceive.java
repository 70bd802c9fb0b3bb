package dev.thrum.verify.bench.micro;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.ForkJoinPool;

/// `ForkJoinPool`, first in, first out.
public class ForkJoinSubmitReceive extends ExecutorSubmitReceive {

    @Override
    protected ExecutorService executor(int workers) {
        return new ForkJoinPool(workers, ForkJoinPool.defaultForkJoinWorkerThreadFactory, null, true);
    }
}
