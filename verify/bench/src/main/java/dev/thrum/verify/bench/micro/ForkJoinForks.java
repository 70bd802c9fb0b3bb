package dev.thrum.verify.bench.micro;

import static java.util.Objects.requireNonNull;

import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.RecursiveAction;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// A `ForkJoinPool` of two workers; forks at every level, without a cutoff.
public class ForkJoinForks extends PartForks {

    private @Nullable ForkJoinPool pool;

    @Override
    protected final void open() {
        pool = new ForkJoinPool(2);
    }

    @Override
    protected final void close() {
        requireNonNull(pool).close();
    }

    @Override
    protected boolean forks(int above) {
        return true;
    }

    @Override
    protected final Part fork(LongSupplier body, @Nullable Part before) {
        Task task = new Task(body, before);
        task.fork();
        return task;
    }

    @Override
    protected final long run(LongSupplier body) {
        Task whole = new Task(body, null);
        requireNonNull(pool).invoke(whole);
        return whole.result;
    }

    private static final class Task extends RecursiveAction implements Part {
        private static final long serialVersionUID = 1;

        private final transient LongSupplier body;
        private final transient @Nullable Part before;
        private long result;

        Task(LongSupplier body, @Nullable Part before) {
            this.body = body;
            this.before = before;
        }

        @Override
        protected void compute() {
            result = body.getAsLong();
        }

        @Override
        public @Nullable Part before() {
            return before;
        }

        @Override
        public long result() {
            join();
            return result;
        }
    }
}
