package dev.thrum.web;

import static java.util.stream.Collectors.joining;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;

/// The plugins of an application, in an order in which each comes after those that it requires. For one thread.
final class Plugins {
    private final Map<Class<?>, Plugin> installed = new LinkedHashMap<>();

    List<Plugin> all() {
        return List.copyOf(installed.values());
    }

    <P extends Plugin> Optional<P> find(Class<P> type) {
        return Optional.ofNullable(installed.get(type)).map(type::cast);
    }

    /// {@return `added` in an order in which they may be installed}
    /// @throws IllegalArgumentException if one is there already, or requires what is not there, or they require each other
    List<Plugin> inOrder(List<Plugin> added) {
        Map<Class<?>, Plugin> wanted = new LinkedHashMap<>();
        for (Plugin plugin : added) {
            if (installed.containsKey(plugin.getClass()) || wanted.put(plugin.getClass(), plugin) != null) {
                throw new IllegalArgumentException("an application has one plugin of a class: " + name(plugin.getClass()));
            }
        }
        List<Plugin> order = new ArrayList<>();
        for (Plugin plugin : added) {
            visit(plugin, wanted, order, new LinkedHashSet<>());
        }
        return order;
    }

    private void visit(Plugin plugin, Map<Class<?>, Plugin> wanted, List<Plugin> order, SequencedSet<Class<?>> path) {
        if (order.contains(plugin)) {
            return;
        }
        if (!path.add(plugin.getClass())) {
            throw new IllegalArgumentException("plugins must not require each other: " + names(path));
        }
        for (Class<? extends Plugin> type : plugin.requires()) {
            Plugin required = wanted.get(type);
            if (required != null) {
                visit(required, wanted, order, path);
            } else if (!installed.containsKey(type)) {
                throw new IllegalArgumentException(
                        name(plugin.getClass()) + " requires " + name(type) + ": install it before, or with it");
            }
        }
        path.remove(plugin.getClass());
        order.add(plugin);
    }

    void add(Plugin plugin) {
        installed.put(plugin.getClass(), plugin);
    }

    void remove(Plugin plugin) {
        installed.remove(plugin.getClass());
    }

    /// Sees whether the plugin of a class may be taken out.
    /// @throws IllegalArgumentException if there is none
    /// @throws IllegalStateException if another one requires it
    void check(Class<? extends Plugin> type) {
        if (!installed.containsKey(type)) {
            throw new IllegalArgumentException("there is no such plugin: " + name(type));
        }
        List<Class<?>> users = new ArrayList<>();
        for (Plugin plugin : installed.values()) {
            if (plugin.requires().contains(type)) {
                users.add(plugin.getClass());
            }
        }
        if (!users.isEmpty()) {
            throw new IllegalStateException(names(users) + " requires " + name(type) + ": uninstall it before");
        }
    }

    private static String name(Class<?> type) {
        return type.getSimpleName();
    }

    private static String names(Collection<Class<?>> types) {
        return types.stream().map(Plugins::name).collect(joining(", "));
    }
}
