package dev.thrum.web;

import static java.util.Objects.requireNonNull;

import dev.thrum.scope.Home;
import dev.thrum.scope.Scope;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// What an application does before it answers anybody, and after its last answer, in order. Immutable.
record Phases(List<Step> start, List<Step> stop) {

    /// A phase by its name, and how long it may take.
    private record Step(@Nullable Plugin owner, String name, Duration limit, Phase phase) {

        /// Runs it under the current scope.
        /// @throws IllegalStateException if it fails, or takes too long; then it is interrupted, and nobody waits for it
        void run(String kind) {
            Scope scope = Scope.current();
            CompletableFuture<Boolean> done = new CompletableFuture<>();
            Thread thread = Thread.ofVirtual().name(kind + " " + name).start(() -> {
                try {
                    scope.call(() -> {
                        phase.run();
                        return done.complete(true);
                    });
                } catch (Throwable problem) {
                    done.completeExceptionally(problem);
                }
            });
            try {
                done.get(limit.toMillis(), TimeUnit.MILLISECONDS);
            } catch (ExecutionException e) {
                throw new IllegalStateException(kind + " phase '" + name + "' has failed: " + e.getCause(), e.getCause());
            } catch (TimeoutException e) {
                thread.interrupt();
                throw new IllegalStateException(kind + " phase '" + name + "' has not ended within " + limit, e);
            } catch (InterruptedException e) {
                thread.interrupt();
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted in the " + kind + " phase '" + name + "'", e);
            }
        }
    }

    /// Does what comes first, under the current scope.
    /// @throws IllegalStateException if a phase fails; those behind it do not run
    void begin() {
        start.forEach(step -> step.run("start"));
    }

    /// Does what comes last, under the current scope; what fails is reported, and the rest runs all the same.
    void end() {
        for (Step step : stop) {
            try {
                step.run("stop");
            } catch (IllegalStateException problem) {
                Home.current().report(problem, Scope.current());
            }
        }
    }

    /// Collects phases. For one thread.
    static final class Builder {
        private final List<Step> start = new ArrayList<>();
        private final List<Step> stop = new ArrayList<>();

        void atStart(@Nullable Plugin owner, String name, Duration limit, Phase phase) {
            start.add(step(owner, name, limit, phase));
        }

        void atStop(@Nullable Plugin owner, String name, Duration limit, Phase phase) {
            stop.add(step(owner, name, limit, phase));
        }

        private static Step step(@Nullable Plugin owner, String name, Duration limit, Phase phase) {
            requireNonNull(name, "name");
            if (!limit.isPositive() || limit.compareTo(Duration.ofDays(1)) > 0) {
                throw new IllegalArgumentException("limit must be positive, and a day at most: " + limit);
            }
            return new Step(owner, name, limit, requireNonNull(phase, "phase"));
        }

        void removeAll(Plugin owner) {
            start.removeIf(step -> step.owner == owner);
            stop.removeIf(step -> step.owner == owner);
        }

        Phases build() {
            return new Phases(List.copyOf(start), List.copyOf(stop));
        }
    }
}
