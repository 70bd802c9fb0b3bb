package dev.thrum.promise;

import dev.thrum.promise.Outcome.Failure;
import dev.thrum.scope.Home;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A step that calls a function, and takes what that returns.
abstract sealed class Callback<A extends @Nullable Object, T extends @Nullable Object> extends Step<A, T> {

    Callback(Home home) {
        super(home);
    }

    static final class Map<A extends @Nullable Object, T extends @Nullable Object> extends Callback<A, T> {
        private final Function<? super A, ? extends T> f;

        Map(Home home, Function<? super A, ? extends T> f) {
            super(home);
            this.f = f;
        }

        @Override
        Object apply(Object result) {
            return Outcome.boxed(f.apply(Outcome.<A>value(result)));
        }

        @Override
        Object subject() {
            return f;
        }
    }

    static final class Tap<T extends @Nullable Object> extends Callback<T, T> {
        private final Consumer<? super T> f;

        Tap(Home home, Consumer<? super T> f) {
            super(home);
            this.f = f;
        }

        @Override
        Object apply(Object result) {
            f.accept(Outcome.<T>value(result));
            return result;
        }

        @Override
        Object subject() {
            return f;
        }
    }

    static final class Recover<T extends @Nullable Object, X extends Throwable> extends Callback<T, T> {
        private final Class<X> type;
        private final Function<? super X, ? extends T> f;

        Recover(Home home, Class<X> type, Function<? super X, ? extends T> f) {
            super(home);
            this.type = type;
            this.f = f;
        }

        @Override
        boolean concerns(Object result) {
            return result instanceof Failure failure && type.isInstance(failure.reason);
        }

        @Override
        Object apply(Object result) {
            return Outcome.boxed(f.apply(type.cast(((Failure) result).reason)));
        }

        @Override
        Object subject() {
            return f;
        }
    }

    /// Runs its clean-up after a value, after a failure, and when it is cancelled while it waits.
    static final class Lastly<T extends @Nullable Object> extends Callback<T, T> {
        private final Once<Runnable> cleanUp;

        Lastly(Home home, Runnable f) {
            super(home);
            this.cleanUp = new Once<>(f);
        }

        @Override
        boolean concerns(Object result) {
            return true;
        }

        @Override
        Object apply(Object result) {
            Runnable f = cleanUp.take();
            try {
                if (f != null) { // else a cancel has run it
                    f.run();
                }
            } catch (Throwable problem) {
                if (result instanceof Failure failure) {
                    Outcome.suppress(problem, failure.reason);
                }
                throw problem;
            }
            return Outcome.handedOn(result);
        }

        @Override
        void beforeFlush() {
            cleanUp.runUnlessTaken(this, Runnable::run);
        }

        @Override
        Object subject() {
            return cleanUp.subject();
        }
    }

    /// A clean-up, which runs once: for a result, or for a cancel that comes before, and maybe from another thread.
    static final class Once<F> {
        private final F cleanUp;
        private final AtomicBoolean taken = new AtomicBoolean();

        Once(F cleanUp) {
            this.cleanUp = cleanUp;
        }

        /// {@return the clean-up for whoever comes first, then null}
        @Nullable F take() {
            return taken.compareAndSet(false, true) ? cleanUp : null;
        }

        /// Runs what is still to be run for a step that is settled, and so was cancelled.
        void runUnlessTaken(Step<?, ?> step, Consumer<F> run) {
            F left = take();
            if (left == null) {
                return;
            }
            try {
                step.scope().run(() -> run.accept(left));
            } catch (Throwable problem) {
                step.home.report(problem, step.scope());
            }
        }

        /// {@return what to look at for its class}
        Object subject() {
            return cleanUp;
        }
    }
}
