package dev.thrum.verify.bench.micro;

import java.util.concurrent.ForkJoinPool;

/// `ForkJoinPool`, first in, first out.
public class ForkJoinSubmitReceive extends ExecutorSubmitReceive {

    public ForkJoinSubmitReceive() {
        super(new ForkJoinPool(WORKERS, ForkJoinPool.defaultForkJoinWorkerThreadFactory, null, true));
    }
}
