package dev.thrum.loop;

import static java.util.Objects.requireNonNull;

import dev.thrum.scope.Scope;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/// A mailbox; posted work of its loop, in person, while messages wait.
final class LoopMailbox<T> extends LoopHandle implements Mailbox<T>, Runnable {
    /// How many messages are delivered before other posted work has its turn.
    private static final int BATCH = 256;

    private record Message<T>(T body, Scope scope) {}

    private final int capacity;
    private final Overflow overflow;
    private final Consumer<? super T> receiver;
    private final List<Message<T>> batch = new ArrayList<>(); // loop thread only
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition room = lock.newCondition();
    private final ArrayDeque<Message<T>> waiting = new ArrayDeque<>(); // guarded by lock
    private boolean posted; // guarded by lock
    private boolean closed; // guarded by lock
    private long dropped; // guarded by lock

    LoopMailbox(SelectorLoop loop, int capacity, Overflow overflow, Consumer<? super T> receiver) {
        super(loop, loop.capture());
        this.capacity = capacity;
        this.overflow = overflow;
        this.receiver = receiver;
    }

    // ---- any thread

    @Override
    public boolean send(T message) {
        var sent = new Message<T>(requireNonNull(message, "message"), loop.capture());
        boolean first;
        lock.lock();
        try {
            if (!makeRoom()) {
                return false;
            }
            waiting.add(sent);
            first = !posted;
            posted = true;
        } finally {
            lock.unlock();
        }
        if (first) {
            loop.post(this); // if the loop has ended, its end has delivered the message
        }
        return true;
    }

    /// {@return whether a message may be added; under the lock}
    private boolean makeRoom() {
        if (overflow == Overflow.BLOCK && !SelectorLoop.isLoopThread()) {
            awaitRoom();
        } else if (overflow == Overflow.DROP_OLDEST && !closed && waiting.size() == capacity) {
            waiting.remove();
            dropped++;
        }
        return !closed && waiting.size() < capacity;
    }

    private void awaitRoom() {
        try {
            while (!closed && waiting.size() == capacity) {
                room.await();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public int size() {
        lock.lock();
        try {
            return waiting.size();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public long dropped() {
        lock.lock();
        try {
            return dropped;
        } finally {
            lock.unlock();
        }
    }

    // ---- the loop's thread

    /// The posted work: a batch. There is another one if it was full.
    @Override
    public void run() {
        if (deliver()) {
            loop.post(this);
        }
    }

    /// {@return whether there may be more}
    private boolean deliver() {
        takeBatch();
        boolean full = batch.size() == BATCH;
        batch.forEach(this::deliver);
        batch.clear();
        return full;
    }

    private void takeBatch() {
        boolean last;
        lock.lock();
        try {
            while (batch.size() < BATCH && !waiting.isEmpty()) {
                batch.add(waiting.remove());
            }
            if (batch.size() < BATCH) {
                posted = false;
            }
            last = closed && waiting.isEmpty();
            room.signalAll();
        } finally {
            lock.unlock();
        }
        if (last) {
            loop.handles().remove(this);
        }
    }

    private void deliver(Message<T> message) {
        try {
            message.scope().run(() -> receiver.accept(message.body()));
        } catch (Throwable problem) {
            fail(problem, message.scope());
        }
    }

    @Override
    public Mailbox<T> onError(Consumer<? super Throwable> handler) {
        handleErrors(handler);
        return this;
    }

    @Override
    public boolean isOpen() {
        loop.check();
        return !isClosed();
    }

    private boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        loop.check();
        boolean last;
        lock.lock();
        try {
            closed = true;
            room.signalAll();
            last = waiting.isEmpty(); // else the last batch forgets it
        } finally {
            lock.unlock();
        }
        if (last) {
            loop.handles().remove(this);
        }
    }

    /// What was accepted is delivered.
    @Override
    void end() {
        close();
        while (deliver()) {}
        loop.handles().remove(this);
    }

    @Override
    public String toString() {
        return "mailbox of " + receiver.getClass().getName();
    }
}
