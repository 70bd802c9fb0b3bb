package dev.thrum.promise;

import java.util.concurrent.atomic.AtomicInteger;

/// A promise that counts what becomes of it.
class CountedPromise {
    final Resolver<Integer> resolver = Resolver.create();
    final Promise<Integer> promise = resolver.promise();
    final AtomicInteger stopped = new AtomicInteger();
    final AtomicInteger runs = new AtomicInteger();

    CountedPromise() {
        resolver.onCancel(reason -> stopped.incrementAndGet());
    }

    Promise<Integer> count() {
        return promise.tap(n -> runs.incrementAndGet());
    }

    int resolve() {
        return asInt(resolver.resolve(1));
    }

    static int asInt(boolean yes) {
        return yes ? 1 : 0;
    }

    /// {@return 0 while it is pending, 1 for a value, 2 for a failure}
    static int state(Promise<?> promise) {
        return switch (promise.state()) {
            case Promise.Pending<?> pending -> 0;
            case Promise.Fulfilled<?> fulfilled -> 1;
            case Promise.Rejected<?> rejected -> 2;
        };
    }
}
