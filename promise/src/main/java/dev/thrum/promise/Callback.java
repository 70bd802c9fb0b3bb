package dev.thrum.promise;

import dev.thrum.promise.Outcome.Failure;
import dev.thrum.scope.Home;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A step that calls a function and takes what it returns.
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
    }

    static final class Lastly<T extends @Nullable Object> extends Callback<T, T> {
        private final Runnable f;

        Lastly(Home home, Runnable f) {
            super(home);
            this.f = f;
        }

        @Override
        boolean concerns(Object result) {
            return true;
        }

        @Override
        Object apply(Object result) {
            try {
                f.run();
            } catch (Throwable problem) {
                if (result instanceof Failure failure && failure.reason != problem) {
                    problem.addSuppressed(failure.reason);
                }
                throw problem;
            }
            return Outcome.handedOn(result);
        }
    }
}
