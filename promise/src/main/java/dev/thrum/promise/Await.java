package dev.thrum.promise;

import static java.util.concurrent.TimeUnit.SECONDS;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A thread that waits for a promise.
final class Await<T extends @Nullable Object> extends Step.Watch {
    private static final long LOOK_AGAIN = SECONDS.toNanos(1);

    private final Thread thread = Thread.currentThread();
    private final Node<T> promise;
    @Nullable Await<?> next; // in the stack of a source; written before it is pushed

    Await(Node<T> promise) {
        super(promise.home);
        this.promise = promise;
    }

    @Override
    void seen(Object result) {
        wake();
    }

    void wake() {
        LockSupport.unpark(thread);
    }

    /// {@return the result, once it is there} A home that ends wakes nobody, so it is asked now and then.
    Object outcome() throws InterruptedException {
        promise.attach(this);
        if (promise instanceof Source<?> source) {
            source.wakeEarly(this);
        }
        boolean homeless = false;
        for (; ; ) {
            Object outcome = promise.settled();
            if (outcome != null) {
                return outcome;
            }
            if (homeless) {
                return new Failure(new RejectedExecutionException(
                        "the promise can no longer be settled, its home has ended: " + promise.home));
            }
            if (Thread.interrupted()) {
                promise.withdraw(this);
                throw new InterruptedException("interrupted while waiting for a promise");
            }
            long before = System.nanoTime();
            LockSupport.parkNanos(promise, LOOK_AGAIN);
            homeless = System.nanoTime() - before >= LOOK_AGAIN && promise.isSerial() && !promise.home.post(() -> {});
        }
    }
}
