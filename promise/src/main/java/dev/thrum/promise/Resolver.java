package dev.thrum.promise;

import dev.thrum.scope.Home;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The settling side of a [Promise]. The first call settles; later ones answer false, change nothing, and are recorded
/// with both outcomes ([LateSettlement]).
///
/// **Threads.** Any thread may call anything; nothing blocks. A call at the promise's home runs the callbacks before it
/// returns (unless one is running already); elsewhere it posts them home.
///
/// @param <T> the type of the value
public sealed interface Resolver<T extends @Nullable Object> permits Source {

    /// {@return a resolver of a new promise at the current home, which it does not keep alive}
    /// @param <T> the type of the value
    static <T extends @Nullable Object> Resolver<T> create() {
        return Source.pending(false);
    }

    /// {@return a resolver for work handed out: its promise keeps the current home alive until it is settled and its
    /// callbacks have run there} [Promise#unref] lets go before.
    /// @param <T> the type of the value
    /// @see Home#hold
    static <T extends @Nullable Object> Resolver<T> holding() {
        return Source.pending(true);
    }

    /// {@return the promise}
    Promise<T> promise();

    /// Fulfils the promise.
    /// @param value the value
    /// @return whether this call settled it
    boolean resolve(T value);

    /// Rejects the promise.
    /// @param reason why there is no value
    /// @return whether this call settled it
    boolean reject(Throwable reason);

    /// Settles the promise as `other` is settled, now or later.
    /// @param other the promise to follow
    /// @return whether this call settled it, so that no later call can
    boolean follow(Promise<? extends T> other);

    /// Says what a cancelled promise does to the work behind it. Runs on the thread that cancels, at once if the promise
    /// is cancelled already; never after the work has settled it. A second call replaces the first action.
    /// @param action receives the reason; passes the word on
    void onCancel(Consumer<? super Throwable> action);
}
