package dev.thrum.parallel;

import dev.thrum.kernel.Kernel;
import dev.thrum.promise.Promise;
import dev.thrum.promise.Resolver;
import dev.thrum.scope.Home;
import dev.thrum.scope.Scope;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Some tasks that run side by side, of which all are wanted, or one.
///
/// ```java
/// List<Page> pages = parallel.tasks(List.of(this::head, this::body)).all().run();
/// Route route = parallel.tasks(List.of(this::byTrain, this::byCar)).any(Route::isShort).run();   // the others are cancelled
/// ```
///
/// A task that is not wanted any more is dropped, or killed if it runs: its worker is free at once.
///
/// **Threads.** As [Work]. A worker that waits for them runs those that nobody has begun, one after the other.
/// **Failure.** A task that fails cancels the others, but for [#any]. [Work#run] throws what it threw, with a
/// [java.util.concurrent.CompletionException] around a checked exception; in a promise the reason is the original.
///
/// @param <T> the type of the results
public final class Tasks<T extends @Nullable Object> {
    private final Parallel parallel;
    private final List<Callable<? extends T>> tasks;

    Tasks(Parallel parallel, List<? extends Callable<? extends T>> tasks) {
        this.parallel = parallel;
        this.tasks = List.copyOf(tasks);
    }

    /// {@return the results of all, in order; an empty list without tasks} Lisp's `pfuncall` of any number of arguments.
    public Work<List<T>> all() {
        return new Work<>(() -> new Race<List<T>>() {
            private final AtomicReferenceArray<@Nullable Object> results = new AtomicReferenceArray<>(tasks.size());
            private final AtomicInteger left = new AtomicInteger(tasks.size());

            @Override
            void done(int index, T value) {
                results.set(index, value);
                if (left.decrementAndGet() == 0) {
                    win(list());
                }
            }

            @Override
            void over() {
                if (tasks.isEmpty()) {
                    win(List.of());
                }
            }

            @SuppressWarnings({"unchecked", "NullAway"}) // what the tasks returned
            private List<T> list() {
                List<T> all = new ArrayList<>();
                for (int i = 0; i < results.length(); i++) {
                    all.add((T) results.get(i));
                }
                return Collections.unmodifiableList(all);
            }
        }.start());
    }

    /// {@return whether the results of all are true; true without tasks} The first that is not cancels the others. Lisp's
    /// `pand`.
    /// @param test says what is true
    public Work<Boolean> every(Predicate<? super T> test) {
        return decide(test.negate(), false);
    }

    /// {@return whether the result of one is true} The first that is cancels the others. Lisp's `por`; [#any] gives the result.
    /// @param test says what is true
    public Work<Boolean> some(Predicate<? super T> test) {
        return decide(test, true);
    }

    private Work<Boolean> decide(Predicate<? super T> decisive, boolean answer) {
        return new Work<>(() -> new Race<Boolean>() {
            private final AtomicInteger left = new AtomicInteger(tasks.size());

            @Override
            void done(int index, T value) {
                if (decisive.test(value)) {
                    win(answer);
                } else if (left.decrementAndGet() == 0) {
                    win(!answer);
                }
            }

            @Override
            void over() {
                if (tasks.isEmpty()) {
                    win(!answer);
                }
            }
        }.start());
    }

    /// {@return the first result that is accepted; the others are cancelled} A task that fails is not accepted.
    /// @param test says which results will do
    /// @throws NoSuchElementException when it runs, if none will do; with what failed as suppressed
    public Work<T> any(Predicate<? super T> test) {
        return new Work<>(() -> new Race<T>() {
            private final AtomicInteger left = new AtomicInteger(tasks.size());
            private final NoSuchElementException none = new NoSuchElementException("none of the tasks will do");

            @Override
            void done(int index, T value) {
                if (test.test(value)) {
                    win(value);
                } else {
                    lost();
                }
            }

            @Override
            void failed(Throwable reason) {
                none.addSuppressed(reason);
                lost();
            }

            private void lost() {
                if (left.decrementAndGet() == 0) {
                    lose(none);
                }
            }

            @Override
            void over() {
                if (tasks.isEmpty()) {
                    lose(none);
                }
            }
        }.start());
    }

    /// Runs the tasks until somebody has won.
    private abstract class Race<R extends @Nullable Object> {
        private final Resolver<R> resolver = Resolver.holding();
        private final List<Promise<T>> runners = new CopyOnWriteArrayList<>();

        /// A task has returned.
        abstract void done(int index, T value);

        /// All tasks have been submitted.
        abstract void over();

        /// A task has failed.
        void failed(Throwable reason) {
            lose(reason);
        }

        final void win(R result) {
            if (resolver.resolve(result)) {
                cancel();
            }
        }

        final void lose(Throwable reason) {
            if (resolver.reject(reason)) {
                cancel();
            }
        }

        private void cancel() {
            runners.forEach(Promise::cancel);
        }

        private boolean isOver() {
            return !(resolver.promise().state() instanceof Promise.Pending);
        }

        Promise<R> start() {
            Kernel kernel = parallel.kernel();
            resolver.onCancel(reason -> cancel());
            Scope.current().at(Home.root()).run(() -> {
                for (int i = 0; i < tasks.size() && !isOver(); i++) {
                    run(kernel, i);
                }
            });
            over();
            if (isOver()) {
                cancel();
            }
            return resolver.promise();
        }

        private void run(Kernel kernel, int index) {
            Promise<T> runner = kernel.submit(tasks.get(index));
            runners.add(runner);
            runner.map(value -> {
                        done(index, value);
                        return true;
                    })
                    .recover(Throwable.class, reason -> {
                        failed(reason);
                        return false;
                    });
        }
    }
}
