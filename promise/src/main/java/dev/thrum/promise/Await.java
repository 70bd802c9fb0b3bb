package dev.thrum.promise;

import static java.util.concurrent.TimeUnit.SECONDS;

import dev.thrum.promise.Outcome.Failure;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A thread that waits for a promise.
final class Await<T extends @Nullable Object> extends Watch {
    static final ScopedValue<Waiter> WAITER = ScopedValue.newInstance();

    private static final Waiter NONE = awaited -> false;
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

    Thread thread() {
        return thread;
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
        boolean left = true;
        try {
            Object outcome = waited();
            left = false;
            return outcome;
        } finally {
            if (left) {
                promise.withdraw(this);
            }
        }
    }

    private Object waited() throws InterruptedException {
        Waiter waiter = WAITER.orElse(NONE);
        Trampoline trampoline = Trampoline.ofThisThread();
        for (; ; ) {
            Object outcome = promise.settled();
            if (outcome != null) {
                return outcome;
            }
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted while waiting for a promise");
            }
            if (waiter.help(promise)) {
                trampoline.help(); // that may have settled something this very callback waits for
            } else if (sleep() && promise.settled() == null) {
                return new Failure(new RejectedExecutionException(
                        "the promise can no longer be settled, its home has ended: " + promise.home));
            }
        }
    }

    /// {@return whether the promise's home turned out to have ended}
    private boolean sleep() {
        long before = System.nanoTime();
        LockSupport.parkNanos(promise, LOOK_AGAIN);
        return System.nanoTime() - before >= LOOK_AGAIN && promise.isSerial() && !promise.home.post(() -> {});
    }
}
