package dev.thrum.loop;

import static java.util.Objects.requireNonNull;

import java.util.function.Supplier;

/// State that each loop has for itself, so that it needs no lock.
///
/// ```java
/// private static final LoopLocal<Map<String, Session>> SESSIONS = LoopLocal.of(HashMap::new);
/// ```
///
/// The value is made when a callback of the loop first asks for it, and let go at the end of the loop, behind its exit
/// callbacks. What needs closing registers an [EventLoop#onExit] as it is made. It belongs to the loop, not to a request: what
/// a request carries is in its [dev.thrum.scope.Scope].
///
/// **Threads.** The thread of a loop; while the loop runs on it, if it is not named.
/// @param <T> the type of the value
public final class LoopLocal<T> {
    private final Supplier<? extends T> initial;

    private LoopLocal(Supplier<? extends T> initial) {
        this.initial = initial;
    }

    /// {@return state for each loop}
    /// @param <T> the type of the value
    /// @param initial makes the value of a loop, on that loop; not null
    public static <T> LoopLocal<T> of(Supplier<? extends T> initial) {
        return new LoopLocal<>(requireNonNull(initial, "initial"));
    }

    /// {@return the value of the loop that runs on this thread}
    /// @throws IllegalStateException if none does
    public T get() {
        return valueIn(SelectorLoop.current());
    }

    /// {@return the value of a loop, also while it does not run: between the turns of a manual loop}
    /// @param loop the loop
    /// @throws WrongThreadException if called from another thread than the loop's
    public T in(EventLoop loop) {
        if (!loop.isHere()) {
            throw new WrongThreadException("what belongs to " + loop + " was asked for on thread '"
                    + Thread.currentThread().getName() + "'");
        }
        return valueIn((SelectorLoop) loop);
    }

    private T valueIn(SelectorLoop loop) {
        var locals = loop.locals();
        Object value = locals.get(this);
        if (value == null) {
            value = requireNonNull(initial.get(), "the value of a LoopLocal must not be null");
            locals.put(this, value);
        }
        @SuppressWarnings("unchecked") // only set() and this put a value for this key
        T typed = (T) value;
        return typed;
    }

    /// Gives the loop that runs on this thread another value.
    /// @param value the value
    /// @throws IllegalStateException if no loop runs on this thread
    public void set(T value) {
        SelectorLoop.current().locals().put(this, requireNonNull(value, "value"));
    }
}
