package dev.thrum.web;

import dev.thrum.promise.Promise;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The hooks of an application, in the order they were added. Immutable.
record Hooks(
        List<Hook<Event.Connected>> connected,
        List<Hook<Event.PreRoute>> preRoute,
        List<Hook<Event.PostRoute>> postRoute,
        List<Hook<Event.ResponseStarted>> responseStarted,
        List<Hook<Event.ResponseFinished>> responseFinished,
        List<Hook<Event.Failed>> failed,
        List<Hook<Event.Disconnected>> disconnected) {

    /// Something to run at an event.
    @FunctionalInterface
    interface Hook<E extends Event> {
        /// {@return what has to be waited for, or null for nothing}
        @Nullable Promise<?> run(E event);
    }

    /// Collects hooks.
    static final class Builder {
        private final Map<Class<?>, List<Hook<?>>> hooks = new HashMap<>();

        <E extends Event> void add(Class<E> type, Consumer<? super E> action) {
            put(type, event -> {
                action.accept(event);
                return null;
            });
        }

        <E extends Event> void addAwaited(Class<E> type, Function<? super E, ? extends Promise<?>> action) {
            put(type, action::apply);
        }

        private <E extends Event> void put(Class<E> type, Hook<E> hook) {
            hooks.computeIfAbsent(type, key -> new ArrayList<>()).add(hook);
        }

        Hooks build() {
            return new Hooks(
                    of(Event.Connected.class),
                    of(Event.PreRoute.class),
                    of(Event.PostRoute.class),
                    of(Event.ResponseStarted.class),
                    of(Event.ResponseFinished.class),
                    of(Event.Failed.class),
                    of(Event.Disconnected.class));
        }

        @SuppressWarnings("unchecked") // put() keeps hooks under the class of their events
        private <E extends Event> List<Hook<E>> of(Class<E> type) {
            return (List<Hook<E>>) (List<?>) List.copyOf(hooks.getOrDefault(type, List.of()));
        }
    }
}
