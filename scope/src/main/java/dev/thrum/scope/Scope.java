package dev.thrum.scope;

import static java.util.Objects.requireNonNull;

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
public final class Scope {

    /// Names the work, for reports: a request, a job. Asked only when something is reported.
    public static final Key<Supplier<String>> WORK = Key.of("work");

    private static final ScopedValue<Scope> CURRENT = ScopedValue.newInstance();
    private static final Scope ROOT = new Scope(RootHome.INSTANCE, null, Cancellation.NEVER);

    private final Home home;
    private final @Nullable Binding bindings;
    private final Cancellation cancellation;

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

    private Scope(Home home, @Nullable Binding bindings, Cancellation cancellation) {
        this.home = home;
        this.bindings = bindings;
        this.cancellation = cancellation;
    }

    /// {@return the scope this code runs under; [#root] where none is bound}
    public static Scope current() {
        return CURRENT.orElse(ROOT);
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
        Binding binding = new Binding(key, requireNonNull(value, "value"), Binding.without(bindings, key));
        return new Scope(home, binding, cancellation);
    }

    /// {@return the value bound to `key`, if any}
    /// @param <T> the type of the value
    /// @param key the key
    public <T> Optional<T> get(Key<T> key) {
        Binding binding = Binding.find(bindings, requireNonNull(key, "key"));
        if (binding == null) {
            return Optional.empty();
        }
        @SuppressWarnings("unchecked") // with() takes the two together
        T value = (T) binding.value;
        return Optional.of(value);
    }

    /// {@return where the results of work started under this scope come home}
    public Home home() {
        return home;
    }

    /// {@return this scope at another home: same bindings, same deadline, same cancellation}
    /// @param home the other home
    public Scope at(Home home) {
        return home == this.home ? this : new Scope(requireNonNull(home, "home"), bindings, cancellation);
    }

    /// {@return a scope that is cancelled with this one, but not the other way round}
    public Scope child() {
        return new Scope(home, bindings, new Cancellation(cancellation, null));
    }

    /// {@return a child with `key` bound to `value`: `child().with(key, value)` by one object less, for what is made often}
    /// @param <T> the type of the value
    /// @param key the key
    /// @param value the value
    public <T> Scope child(Key<T> key, T value) {
        requireNonNull(key, "key");
        Binding binding = new Binding(key, requireNonNull(value, "value"), Binding.without(bindings, key));
        return new Scope(home, binding, new Cancellation(cancellation, null));
    }

    /// {@return a child that is cancelled with a [java.util.concurrent.TimeoutException] once `limit` has passed by the
    /// clock of the home; an earlier deadline of a parent still counts}
    /// @param limit how long from now
    /// @throws IllegalArgumentException if `limit` is negative
    public Scope within(Duration limit) {
        if (requireNonNull(limit, "limit").isNegative()) {
            throw new IllegalArgumentException("limit must not be negative: " + limit);
        }
        return new Scope(home, bindings, new Cancellation(cancellation, new Deadline(home, limit)));
    }

    /// {@return the time left to the nearest deadline, never negative; empty without one}
    public Optional<Duration> remaining() {
        return cancellation.remaining();
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
            ScopedValue.where(CURRENT, this).run(body);
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
            return ScopedValue.where(CURRENT, this).call(body);
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
        if (cancellation == Cancellation.NEVER) {
            throw new IllegalStateException("the root scope cannot be cancelled; cancel a child() of it");
        }
        return cancellation.cancel(requireNonNull(reason, "reason"));
    }

    /// {@return whether this scope was cancelled, or one above it, or a deadline has passed}
    public boolean cancelled() {
        return cancellation.current() != null;
    }

    /// {@return whether anything can cancel this scope: false for the root, and for what was derived from it by [#with] and
    /// [#at] alone} What ends with its scope need not register there.
    public boolean cancellable() {
        return cancellation != Cancellation.NEVER;
    }

    /// {@return why this scope is cancelled, if it is}
    public Optional<Throwable> reason() {
        return Optional.ofNullable(cancellation.current());
    }

    /// Runs `action` when this scope is cancelled, on the thread that cancels and under the scope of the caller; at once
    /// if it is cancelled already. The action should do no more than pass the word on.
    /// @param action receives the reason
    /// @return forgets the action: one that has not begun when [Registration#close] returns never does
    public Registration onCancel(Consumer<? super Throwable> action) {
        return cancellation.register(requireNonNull(action, "action"), current());
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
