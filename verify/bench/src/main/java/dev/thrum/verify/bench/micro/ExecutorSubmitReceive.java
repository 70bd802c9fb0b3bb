package dev.thrum.verify.bench.micro;

import static java.util.Objects.requireNonNull;

import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;

/// The JDK's way: an executor and a completion service that collects what is done.
public abstract class ExecutorSubmitReceive extends SubmitReceive {

    private @Nullable ExecutorService executor;

    /// {@return what runs the tasks}
    /// @param workers how many threads it has
    protected abstract ExecutorService executor(int workers);

    /// The results of one producer.
    private record Service(CompletionService<Integer> results) implements Line {

        @Override
        @SuppressWarnings("FutureReturnValueIgnored") // The completion service hands it out again.
        public void submit() {
            results.submit(EMPTY);
        }

        @Override
        public Object receive() throws InterruptedException, ExecutionException {
            return results.take().get();
        }
    }

    @Override
    public final void open(int workers) {
        executor = executor(workers);
    }

    @Override
    public final Line line() {
        return new Service(new ExecutorCompletionService<>(requireNonNull(executor)));
    }

    @Override
    public final void close() {
        requireNonNull(executor).close();
    }
}
