package dev.thrum.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/// One task that runs once in every worker, at the same time.
final class Broadcast<T extends @Nullable Object> {
    /*
     * Each index of the team comes here once, when the era before it is over: as its worker, or, where a worker was
     * lost at the cap of zombies, by forfeit. When all have come, the parts run; when all parts are settled, the team
     * goes on. A worker that was killed in its part is replaced, and the new one finds that its index has come and waits
     * for the others' end.
     */
    private final List<Part> parts = new ArrayList<>();
    private final AtomicIntegerArray came;
    private final AtomicReferenceArray<@Nullable Object> outcomes;
    private final Latch begin;
    private final Latch end;

    private final class Part extends Job {
        private final int index;
        private final Callable<? extends T> task;

        Part(int index, Callable<? extends T> task, Terms terms) {
            super(terms);
            this.index = index;
            this.task = task;
        }

        @Override
        Object body() {
            return task;
        }

        @Override
        @Nullable Throwable cancellation() {
            return null; // it runs in every worker or in none
        }

        @Override
        void settle(@Nullable Object outcome) {
            outcomes.set(index, outcome);
            end.countDown();
        }
    }

    Broadcast(int workers, Callable<? extends T> task, Terms terms) {
        came = new AtomicIntegerArray(workers);
        outcomes = new AtomicReferenceArray<>(workers);
        begin = new Latch(workers);
        end = new Latch(workers);
        for (int i = 0; i < workers; i++) {
            parts.add(new Part(i, task, terms));
        }
    }

    /// Takes part: blocks until all workers have come, runs this one's part, and blocks until all are done.
    /// @return false if the worker was killed in its part
    boolean attend(Worker worker) {
        int index = worker.index();
        if (came.compareAndSet(index, 0, 1)) {
            begin.countDown();
            begin.awaitThrough(); // a worker runs no task here, so an interrupt can only be a stray one
            if (!worker.perform(parts.get(index))) {
                return false;
            }
        }
        end.awaitThrough();
        return true;
    }

    /// Lets an index without a worker fail.
    void forfeit(int index) {
        if (came.compareAndSet(index, 0, 1)) {
            parts.get(index).drop(new TaskKilledException("worker " + index + " was lost at the cap of zombies", null));
            begin.countDown();
        }
    }

    /// {@return the results by index}
    List<T> await() throws InterruptedException {
        end.await();
        List<T> results = new ArrayList<>();
        TaskException failed = null;
        for (int i = 0; i < outcomes.length(); i++) {
            Object outcome = outcomes.get(i);
            if (outcome instanceof Job.Failure(Throwable reason)) {
                TaskException mine = TaskException.inWorker(i, reason);
                if (failed == null) {
                    failed = mine;
                } else {
                    failed.addSuppressed(mine);
                }
            } else {
                @SuppressWarnings("unchecked") // what the task returned
                T result = (T) outcome;
                results.add(result);
            }
        }
        if (failed != null) {
            throw failed;
        }
        return results;
    }
}
