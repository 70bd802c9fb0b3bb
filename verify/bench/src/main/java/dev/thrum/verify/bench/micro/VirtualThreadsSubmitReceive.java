package dev.thrum.verify.bench.micro;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// A virtual thread for each task, on as many carriers as the machine has processors.
public class VirtualThreadsSubmitReceive extends ExecutorSubmitReceive {

    @Override
    protected ExecutorService executor(int workers) {
        return Executors.newVirtualThreadPerTaskExecutor();
    }
}
