package dev.thrum.verify.bench.micro;

import java.util.concurrent.Executors;

/// A virtual thread for each task, on as many carriers as the machine has processors.
public class VirtualThreadsSubmitReceive extends ExecutorSubmitReceive {

    public VirtualThreadsSubmitReceive() {
        super(Executors.newVirtualThreadPerTaskExecutor());
    }
}
