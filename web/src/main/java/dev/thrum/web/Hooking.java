package dev.thrum.web;

import dev.thrum.promise.Promise;
import java.util.function.Consumer;
import java.util.function.Function;

/// What takes hooks: something to run at every [Event] of a kind.
///
/// ```java
/// app.on(Event.HeadersParsed.class, event -> log(event.request()))
///         .awaiting(Event.PreRoute.class, event -> authenticate(event.request()));
/// ```
///
/// **Threads.** As the set-up of an application: one thread at a time.
/// @param <A> what they are added to
public sealed interface Hooking<A extends Hooking<A>> permits WebApp {

    /// Runs `hook` at every event of a kind, after the hooks that were added before it (Wookie's `add-hook`). What it
    /// throws at [Event.PreRoute] or [Event.PostRoute] is answered as if the handler had thrown it; elsewhere it goes to
    /// the loop's error route.
    /// @param <E> the kind of event
    /// @param type the kind of event
    /// @param hook runs on the loop of the connection
    /// @return this
    default <E extends Event> A on(Class<E> type, Consumer<? super E> hook) {
        return on(type, "", hook);
    }

    /// Runs `hook` at every event of a kind, as [#on(Class, Consumer)] does, under a name that [WebApp#removeHook] knows.
    /// @param <E> the kind of event
    /// @param type the kind of event
    /// @param name what to call it; several hooks may share a name
    /// @param hook runs on the loop of the connection
    /// @return this
    <E extends Event> A on(Class<E> type, String name, Consumer<? super E> hook);

    /// Runs `hook` at every event of a kind, and has the request wait until its promise is fulfilled; the loop does not
    /// wait. A rejection is answered as if the handler had thrown the reason.
    /// @param <E> the kind of event
    /// @param type [Event.HeadersParsed], [Event.BodyChunk], [Event.BodyComplete], [Event.PreRoute] or [Event.PostRoute]
    /// @param hook runs on the loop of the connection
    /// @return this
    /// @throws IllegalArgumentException if nothing waits at events of this kind
    default <E extends Event> A awaiting(Class<E> type, Function<? super E, ? extends Promise<?>> hook) {
        return awaiting(type, "", hook);
    }

    /// Runs `hook` at every event of a kind, as [#awaiting(Class, Function)] does, under a name that [WebApp#removeHook] knows.
    /// @param <E> the kind of event
    /// @param type the kind of event
    /// @param name what to call it; several hooks may share a name
    /// @param hook runs on the loop of the connection
    /// @return this
    /// @throws IllegalArgumentException if nothing waits at events of this kind
    <E extends Event> A awaiting(
            Class<E> type, String name, Function<? super E, ? extends Promise<?>> hook);
}
