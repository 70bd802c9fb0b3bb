package dev.thrum.verify.bench.micro;

import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;

/// The JDK's way: an executor and a completion service that collects what is done.
public abstract class ExecutorSubmitReceive extends SubmitReceive {

    private final ExecutorService executor;
    private final CompletionService<Integer> results;

    /// @param executor runs the tasks; ended with this
    protected ExecutorSubmitReceive(ExecutorService executor) {
        this.executor = executor;
        this.results = new ExecutorCompletionService<>(executor);
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // The completion service hands it out again.
    protected final void submit() {
        results.submit(EMPTY);
    }

    @Override
    protected final Object receive() throws InterruptedException, ExecutionException {
        return results.take().get();
    }

    @Override
    protected final void close() {
        executor.close();
    }
}
