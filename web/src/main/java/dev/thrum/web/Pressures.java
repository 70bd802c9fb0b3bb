package dev.thrum.web;

import dev.thrum.kernel.Counters;
import dev.thrum.kernel.Kernel;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// The reasons of an application to refuse requests, and which plugin wanted them. For one thread.
final class Pressures {
    private final List<Entry> entries = new ArrayList<>();

    private record Entry(@Nullable Plugin owner, Pressure pressure) {}

    void add(@Nullable Plugin owner, String reason, BooleanSupplier condition) {
        entries.add(new Entry(owner, new Pressure(reason, condition)));
    }

    void add(@Nullable Plugin owner, Kernel kernel, int tasks) {
        if (tasks < 0) {
            throw new IllegalArgumentException("tasks must be 0 or more: " + tasks);
        }
        add(owner, "too much waits for workers (kernel " + kernel.name() + ")", () -> {
            Counters now = kernel.counters();
            return (long) now.queued() + now.queuedLow() + now.held() > tasks;
        });
    }

    void removeAll(Plugin owner) {
        entries.removeIf(entry -> entry.owner == owner);
    }

    List<Pressure> build() {
        List<Pressure> pressures = new ArrayList<>();
        for (Entry entry : entries) {
            pressures.add(entry.pressure);
        }
        return List.copyOf(pressures);
    }
}
