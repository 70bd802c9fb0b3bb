package dev.thrum.scope;

import static java.util.Objects.requireNonNull;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What travels with a piece of work: its bindings, its deadline, its cancellation, and the home of its results.
///
/// ```java
/// Scope request = Scope.current().child().with(USER, user).within(Duration.ofSeconds(5));
/// request.run(() -> answer());              // everything handed off inside carries the request along
/// request.cancel(new IOException("the client went away"));
/// ```
///
/// Every hand-off of Thrum captures the current scope and runs under it: a timer and a notifier under that of their
/// maker, a promise callback under that of whoever attached it, a task under that of its sender. Bindings play the part
/// of Lisp's special variables. A scope is immutable but for its cancellation, which is shared by everything derived
/// from it with [#with] and [#at], and passed down, never up, to what [#child] and [#within] make. A child attaches to
/// its parent at its first [#onCancel] and detaches when the last of those is closed, so a scope that nobody listens to
/// leaves nothing behind.
///
/// **Threads.** Any thread. Nothing blocks.
/// **Failure.** What an action of [#onCancel] throws goes to the home's [Home#report]; the others still run.
public sealed class Scope {

    /// Names the work, for reports: a request, a job. Asked only when something is reported.
    public static final Key<Supplier<String>> WORK = Key.of("work");

    private static final ScopedValue<Scope> CURRENT = ScopedValue.newInstance(); // but for a ScopedThread, which has a field
    private static final Scope ROOT = new Scope(RootHome.INSTANCE, null, null, Cancellation.NEVER);

    private final Home home;
    private final @Nullable Binding bindings; // of all keys but WORK
    private final @Nullable Supplier<String> work; // each request has one: a field costs less than a binding
    private final Cancellation cancellation; // its own, or that above it

    private record Binding(Key<?> key, Object value, @Nullable Binding next) {

        static @Nullable Binding find(@Nullable Binding first, Key<?> key) {
            Binding binding = first;
            while (binding != null && binding.key != key) {
                binding = binding.next;
            }
            return binding;
        }

        /// {@return the bindings without the one of `key`, so that binding it again and again does not add up}
        static @Nullable Binding without(@Nullable Binding first, Key<?> key) {
            if (first == null || find(first, key) == null) {
                return first;
            }
            return first.key == key ? first.next : new Binding(first.key, first.value, without(first.next, key));
        }
    }

    /// A scope that has no cancellation of its own until somebody cancels it, listens to it, or derives from it: most requests
    /// end before that.
    private static final class Child extends Scope {
        private static final VarHandle OWN;

        static {
            try {
                OWN = MethodHandles.lookup().findVarHandle(Child.class, "own", Cancellation.class);
            } catch (ReflectiveOperationException e) {
                throw new ExceptionInInitializerError(e);
            }
        }

        private volatile @Nullable Cancellation own; // written once, by compare-and-set

        Child(Home home, @Nullable Binding bindings, @Nullable Supplier<String> work, Cancellation above) {
            super(home, bindings, work, above);
        }

        @Override
        Cancellation cancellation() {
            if (own == null) {
                OWN.compareAndSet(this, null, new Cancellation(super.cancellation, null));
            }
            return requireNonNull(own);
        }

        @Override
        Cancellation nearest() {
            Cancellation there = own;
            return there == null ? super.cancellation : there;
        }

        @Override
        public boolean cancellable() {
            return true;
        }
    }

    private Scope(
            Home home, @Nullable Binding bindings, @Nullable Supplier<String> work, Cancellation cancellation) {
        this.home = home;
        this.bindings = bindings;
        this.work = work;
        this.cancellation = cancellation;
    }

    /// {@return what cancels this scope and those that share its cancellation, and no other}
    Cancellation cancellation() {
        return cancellation;
    }

    /// {@return what knows whether this scope is cancelled}
    Cancellation nearest() {
        return cancellation;
    }

    /// {@return the scope this code runs under; [#root] where none is bound}
    public static Scope current() {
        return Thread.currentThread() instanceof ScopedThread own ? own.scope() : CURRENT.orElse(ROOT);
    }

    /// {@return the scope without bindings, deadline or loop, which cannot be cancelled}
    public static Scope root() {
        return ROOT;
    }

    /// {@return this scope with `key` bound to `value`; this one stays as it is}
    /// @param <T> the type of the value
    /// @param key the key
    /// @param value the value
    public <T> Scope with(Key<T> key, T value) {
        requireNonNull(key, "key");
        requireNonNull(value, "value");
        return new Scope(home, bindingsWith(key, value), workWith(key, value), cancellation());
    }

    private @Nullable Binding bindingsWith(Key<?> key, Object value) {
        return key == WORK ? bindings : new Binding(key, value, Binding.without(bindings, key));
    }

    @SuppressWarnings("unchecked") // with() and child() take the key and the value together
    private @Nullable Supplier<String> workWith(Key<?> key, Object value) {
        return key == WORK ? (Supplier<String>) value : work;
    }

    /// {@return the value bound to `key`, if any}
    /// @param <T> the type of the value
    /// @param key the key
    public <T> Optional<T> get(Key<T> key) {
        Object found = work;
        if (requireNonNull(key, "key") != WORK) {
            Binding binding = Binding.find(bindings, key);
            found = binding == null ? null : binding.value;
        }
        @SuppressWarnings("unchecked") // with() takes the two together
        T value = (T) found;
        return Optional.ofNullable(value);
    }

    /// {@return where the results of work started under this scope come home}
    public Home home() {
        return home;
    }

    /// {@return this scope at another home: same bindings, same deadline, same cancellation}
    /// @param home the other home
    public Scope at(Home home) {
        return home == this.home ? this : new Scope(requireNonNull(home, "home"), bindings, work, cancellation());
    }

    /// {@return a scope that is cancelled with this one, but not the other way round}
    public Scope child() {
        return new Child(home, bindings, work, cancellation());
    }

    /// {@return a child with `key` bound to `value`: `child().with(key, value)` by one object less, for what is made often}
    /// @param <T> the type of the value
    /// @param key the key
    /// @param value the value
    public <T> Scope child(Key<T> key, T value) {
        requireNonNull(key, "key");
        requireNonNull(value, "value");
        return new Child(home, bindingsWith(key, value), workWith(key, value), cancellation());
    }

    /// {@return a child that is cancelled with a [java.util.concurrent.TimeoutException] once `limit` has passed by the
    /// clock of the home; an earlier deadline of a parent still counts}
    /// @param limit how long from now
    /// @throws IllegalArgumentException if `limit` is negative
    public Scope within(Duration limit) {
        if (requireNonNull(limit, "limit").isNegative()) {
            throw new IllegalArgumentException("limit must not be negative: " + limit);
        }
        return new Scope(home, bindings, work, new Cancellation(cancellation(), new Deadline(home, limit)));
    }

    /// {@return the time left to the nearest deadline, never negative; empty without one}
    public Optional<Duration> remaining() {
        return nearest().remaining();
    }

    /// Runs `body` under this scope.
    /// @param body what to run
    public void run(Runnable body) {
        Scope outer = current();
        if (outer == this) {
            body.run();
            return;
        }
        home.entered(this);
        try {
            if (Thread.currentThread() instanceof ScopedThread own) {
                own.run(this, body);
            } else {
                ScopedValue.where(CURRENT, this).run(body);
            }
        } finally {
            home.entered(outer);
        }
    }

    /// {@return what `body` returns, run under this scope}
    /// @param <R> the type of the result
    /// @param <X> what `body` may throw
    /// @param body what to run
    /// @throws X if `body` does
    public <R extends @Nullable Object, X extends Throwable> R call(ScopedValue.CallableOp<? extends R, X> body)
            throws X {
        Scope outer = current();
        if (outer == this) {
            return body.call();
        }
        home.entered(this);
        try {
            return Thread.currentThread() instanceof ScopedThread own
                    ? own.call(this, body)
                    : ScopedValue.where(CURRENT, this).call(body);
        } finally {
            home.entered(outer);
        }
    }

    /// Cancels the work under this scope and under its children: runs the actions of [#onCancel], on this thread, in
    /// the order they were registered; those of a child at the place of the child's first. Only the first call does
    /// anything.
    /// @param reason why
    /// @return whether this call cancelled it; false too if a deadline had passed, which then is the reason
    /// @throws IllegalStateException if nothing was derived from the root by [#child] or [#within] yet, since the root
    ///     scope cannot be cancelled
    public boolean cancel(Throwable reason) {
        if (!cancellable()) {
            throw new IllegalStateException("the root scope cannot be cancelled; cancel a child() of it");
        }
        return cancellation().cancel(requireNonNull(reason, "reason"));
    }

    /// {@return whether this scope was cancelled, or one above it, or a deadline has passed}
    public boolean cancelled() {
        return nearest().current() != null;
    }

    /// {@return whether anything can cancel this scope: false for the root, and for what was derived from it by [#with] and
    /// [#at] alone} What ends with its scope need not register there.
    public boolean cancellable() {
        return cancellation != Cancellation.NEVER;
    }

    /// {@return why this scope is cancelled, if it is}
    public Optional<Throwable> reason() {
        return Optional.ofNullable(nearest().current());
    }

    /// Runs `action` when this scope is cancelled, on the thread that cancels and under the scope of the caller; at once
    /// if it is cancelled already. The action should do no more than pass the word on.
    /// @param action receives the reason
    /// @return forgets the action: one that has not begun when [Registration#close] returns never does
    public Registration onCancel(Consumer<? super Throwable> action) {
        return cancellation().register(requireNonNull(action, "action"), current());
    }

    /// {@return the name of the work, or of what its supplier threw: a report must not fail because of its subject}
    Optional<String> work() {
        try {
            return get(WORK).map(Supplier::get);
        } catch (RuntimeException | Error problem) {
            return Optional.of("work whose name throws " + problem.getClass().getName());
        }
    }

    @Override
    public String toString() {
        return work().orElseGet(() -> this == ROOT ? "root scope" : "scope at " + home);
    }
}
