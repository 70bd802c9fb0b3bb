package dev.thrum.web;

import dev.thrum.promise.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The hooks of an application, in the order they were added. Immutable.
record Hooks(
        List<Hook<Event.Connected>> connected,
        List<Hook<Event.HeadersParsed>> headersParsed,
        List<Hook<Event.BodyChunk>> bodyChunk,
        List<Hook<Event.BodyComplete>> bodyComplete,
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

    /// A hook, and what it can be found by.
    private record Entry(Class<?> type, String name, @Nullable Plugin owner, Hook<?> hook) {}

    /// Collects hooks.
    static final class Builder {
        private final List<Entry> entries = new ArrayList<>();

        <E extends Event> void add(Class<E> type, String name, @Nullable Plugin owner, Consumer<? super E> action) {
            put(type, name, owner, event -> {
                action.accept(event);
                return null;
            });
        }

        <E extends Event> void addAwaited(
                Class<E> type, String name, @Nullable Plugin owner, Function<? super E, ? extends Promise<?>> action) {
            put(type, name, owner, action::apply);
        }

        private <E extends Event> void put(Class<E> type, String name, @Nullable Plugin owner, Hook<E> hook) {
            entries.add(new Entry(type, name, owner, hook));
        }

        void remove(Class<?> type, String name) {
            removeIf(entry -> entry.type.equals(type) && entry.name.equals(name));
        }

        void removeAll(Class<?> type) {
            removeIf(entry -> entry.type.equals(type));
        }

        void removeAll(Plugin owner) {
            removeIf(entry -> entry.owner == owner);
        }

        private void removeIf(Predicate<Entry> condition) {
            entries.removeIf(condition);
        }

        Hooks build() {
            return new Hooks(
                    of(Event.Connected.class),
                    of(Event.HeadersParsed.class),
                    of(Event.BodyChunk.class),
                    of(Event.BodyComplete.class),
                    of(Event.PreRoute.class),
                    of(Event.PostRoute.class),
                    of(Event.ResponseStarted.class),
                    of(Event.ResponseFinished.class),
                    of(Event.Failed.class),
                    of(Event.Disconnected.class));
        }

        @SuppressWarnings("unchecked") // put() keeps hooks with the class of their events
        private <E extends Event> List<Hook<E>> of(Class<E> type) {
            List<Hook<E>> hooks = new ArrayList<>();
            for (Entry entry : entries) {
                if (entry.type.equals(type)) {
                    hooks.add((Hook<E>) entry.hook);
                }
            }
            return List.copyOf(hooks);
        }
    }
}
