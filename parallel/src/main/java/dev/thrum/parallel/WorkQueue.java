package dev.thrum.parallel;

import static java.util.Objects.requireNonNull;

import dev.thrum.promise.Promise;
import dev.thrum.promise.Resolver;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// A first-in first-out queue between threads, with or without a bound, which threads wait for and loops are told of. Lisp's
/// queues.
///
/// ```java
/// WorkQueue<Path> files = WorkQueue.bounded(100);
/// files.put(path);                                  // waits while it is full
/// Path next = files.take();                         // waits while it is empty
/// files.poll().tap(path -> open(path));             // on a loop: a promise, which comes home
/// ```
///
/// Elements are not null. What waits first is served first.
///
/// **Threads.** Any thread. [#put], [#take] and [#take(Duration)] block, and an interrupt ends the wait and loses nothing;
/// a worker that waits keeps its kernel a worker short.
/// **Ordering.** What happened before an element was put *happens-before* what follows its take.
///
/// @param <T> the type of the elements
public final class WorkQueue<T> {
    /*
     * Everything is under one lock, which is held for a few instructions. Takers by promise stand in line before the
     * threads: an element that is put goes to the first of them and never into the queue. So there are such takers only
     * while the queue is empty. They are resolved outside the lock.
     */
    private final int capacity;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition notEmpty = lock.newCondition();
    private final Condition notFull = lock.newCondition();
    private final ArrayDeque<T> elements = new ArrayDeque<>(); // guarded by lock
    private final ArrayDeque<Resolver<T>> takers = new ArrayDeque<>(); // guarded by lock

    private WorkQueue(int capacity) {
        this.capacity = capacity;
    }

    /// {@return an empty queue without a bound}
    /// @param <T> the type of the elements
    public static <T> WorkQueue<T> unbounded() {
        return new WorkQueue<>(Integer.MAX_VALUE);
    }

    /// {@return an empty queue that holds so many elements} Lisp's `:fixed-capacity`.
    /// @param <T> the type of the elements
    /// @param capacity how many, at least one
    /// @throws IllegalArgumentException if `capacity` is less than one
    public static <T> WorkQueue<T> bounded(int capacity) {
        if (capacity < 1) {
            throw new IllegalArgumentException("capacity must be at least 1: " + capacity);
        }
        return new WorkQueue<>(capacity);
    }

    /// Appends `element`, waiting while the queue is full. Lisp's `push-queue`.
    /// @param element the element
    /// @throws InterruptedException if interrupted while waiting; the element is not in the queue then
    /// @throws WrongThreadException if called on the thread of an event loop, which must not wait: see [#offer]
    public void put(T element) throws InterruptedException {
        requireNonNull(element, "element");
        Work.requireNoLoop();
        Resolver<T> taker;
        lock.lockInterruptibly();
        try {
            while (elements.size() >= capacity) {
                notFull.await();
            }
            taker = accept(element);
        } finally {
            lock.unlock();
        }
        hand(taker, element);
    }

    /// Appends `element`, if there is room.
    /// @param element the element
    /// @return whether there was
    public boolean offer(T element) {
        requireNonNull(element, "element");
        Resolver<T> taker;
        lock.lock();
        try {
            if (elements.size() >= capacity) {
                return false;
            }
            taker = accept(element);
        } finally {
            lock.unlock();
        }
        hand(taker, element);
        return true;
    }

    /// {@return the first element, waiting for it} Lisp's `pop-queue`.
    /// @throws InterruptedException if interrupted while waiting; no element is lost
    /// @throws WrongThreadException if called on the thread of an event loop, which must not wait: see [#poll]
    public T take() throws InterruptedException {
        Work.requireNoLoop();
        lock.lockInterruptibly();
        try {
            while (elements.isEmpty()) {
                notEmpty.await();
            }
            return remove();
        } finally {
            lock.unlock();
        }
    }

    /// {@return the first element, or empty if none comes in time} Lisp's `try-pop-queue`.
    /// @param timeout how long to wait; zero or less to look only
    /// @throws InterruptedException if interrupted while waiting; no element is lost
    /// @throws WrongThreadException if called on the thread of an event loop with a positive timeout
    public Optional<T> take(Duration timeout) throws InterruptedException {
        if (!timeout.isPositive()) {
            return tryTake();
        }
        Work.requireNoLoop();
        long nanos = timeout.compareTo(Duration.ofDays(36_500)) > 0 ? Long.MAX_VALUE : timeout.toNanos();
        lock.lockInterruptibly();
        try {
            while (elements.isEmpty() && nanos > 0) {
                nanos = notEmpty.awaitNanos(nanos);
            }
            return elements.isEmpty() ? Optional.empty() : Optional.of(remove());
        } finally {
            lock.unlock();
        }
    }

    /// {@return the first element, or empty if there is none}
    public Optional<T> tryTake() {
        lock.lock();
        try {
            return elements.isEmpty() ? Optional.empty() : Optional.of(remove());
        } finally {
            lock.unlock();
        }
    }

    /// {@return a promise of the first element, which comes home} Cancelling it takes it out of the line.
    public Promise<T> poll() {
        Resolver<T> taker = Resolver.holding();
        T first = null;
        lock.lock();
        try {
            if (elements.isEmpty()) {
                takers.addLast(taker);
            } else {
                first = remove();
            }
        } finally {
            lock.unlock();
        }
        if (first != null) {
            taker.resolve(first);
        } else {
            taker.onCancel(reason -> leave(taker));
        }
        return taker.promise();
    }

    /// {@return the first element, which stays; empty if there is none} Lisp's `peek-queue`.
    public Optional<T> peek() {
        lock.lock();
        try {
            return Optional.ofNullable(elements.peekFirst());
        } finally {
            lock.unlock();
        }
    }

    /// {@return up to `limit` elements, taken at once; none if there are none}
    /// @param limit how many at most
    /// @throws IllegalArgumentException if `limit` is negative
    public List<T> drain(int limit) {
        if (limit < 0) {
            throw new IllegalArgumentException("limit must not be negative: " + limit);
        }
        List<T> taken = new ArrayList<>();
        lock.lock();
        try {
            while (taken.size() < limit && !elements.isEmpty()) {
                taken.add(remove());
            }
        } finally {
            lock.unlock();
        }
        return taken;
    }

    /// Appends as many of `more` as there is room for, one behind the other. Lisp's `:initial-contents`, whose surplus is
    /// dropped.
    /// @param more the elements
    /// @return how many
    public int offerAll(Collection<? extends T> more) {
        int count = 0;
        for (T each : more) {
            if (!offer(each)) {
                break;
            }
            count++;
        }
        return count;
    }

    /// {@return how many elements it holds} Lisp's `queue-count`.
    public int size() {
        lock.lock();
        try {
            return elements.size();
        } finally {
            lock.unlock();
        }
    }

    /// {@return how many elements there is room for; `Integer.MAX_VALUE` without a bound}
    public int room() {
        return capacity == Integer.MAX_VALUE ? capacity : capacity - size();
    }

    // ---- under the lock, but for the last two

    private @Nullable Resolver<T> accept(T element) {
        Resolver<T> taker = takers.pollFirst();
        if (taker == null) {
            elements.addLast(element);
            notEmpty.signal();
        }
        return taker;
    }

    private T remove() {
        T element = elements.removeFirst();
        notFull.signal();
        return element;
    }

    private void leave(Resolver<T> taker) {
        lock.lock();
        try {
            takers.remove(taker);
        } finally {
            lock.unlock();
        }
    }

    /// Gives an element to its taker; one that does not want it any more leaves it to the next, at the front.
    private void hand(@Nullable Resolver<T> first, T element) {
        Resolver<T> taker = first;
        while (taker != null && !taker.resolve(element)) {
            lock.lock();
            try {
                taker = takers.pollFirst();
                if (taker == null) {
                    elements.addFirst(element);
                    notEmpty.signal();
                }
            } finally {
                lock.unlock();
            }
        }
    }
}
