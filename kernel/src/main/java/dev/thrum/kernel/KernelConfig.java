package dev.thrum.kernel;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// How a kernel is set up. Get one in [Kernel#start(int, java.util.function.UnaryOperator)] and change it by its withers.
///
/// @param name what the kernel and its threads are called: worker 0 of `jobs` is the thread `jobs-0`
/// @param spins how often a thread may look for work, or for a result, before it sleeps; zero to sleep at once. Fewer
///     where looking was in vain, and none while the workers at work need all the cores. For a kernel that has cores to
///     itself; 2,000 looks are about 0.1 ms. Lisp's `spin-count`
/// @param daemon whether the JVM may exit before this kernel has ended; zombies never keep it from that
/// @param surroundings what each worker lives in
/// @param debugger who is asked about errors that no task handler took; empty to hand them to the receiver. Lisp's
///     `*debug-tasks-p*`
/// @param limits when the kernel stops being patient
public record KernelConfig(
        String name,
        int spins,
        boolean daemon,
        Surroundings surroundings,
        Optional<Debugger> debugger,
        Limits limits) {

    private static final KernelConfig DEFAULT = new KernelConfig(
            "kernel",
            0,
            true,
            new Surroundings(List.of(), Runnable::run),
            Optional.empty(),
            new Limits(64, Optional.empty(), Duration.ofSeconds(10)));

    /// What each worker lives in: made anew in each, also in one that takes the place of a killed one.
    /// @param bindings the values of scoped values
    /// @param context called in the new thread with the worker's life, which it must run, once; inside the bindings
    public record Surroundings(List<Binding<?>> bindings, Consumer<? super Runnable> context) {
        /// Checks and copies the components.
        public Surroundings {
            bindings = List.copyOf(bindings);
            requireNonNull(context, "context");
        }
    }

    /// A scoped value that all tasks of a worker see.
    /// @param <V> the type of the value
    /// @param key the scoped value
    /// @param value makes the value, in the worker
    public record Binding<V>(ScopedValue<V> key, Supplier<? extends V> value) {
        /// Checks the components.
        public Binding {
            requireNonNull(key, "key");
            requireNonNull(value, "value");
        }
    }

    /// When the kernel stops being patient.
    /// @param zombies how many threads of killed tasks may run on while others take their places
    /// @param killTimeout how long after its end the kernel kills what still runs or waits; empty to wait for ever
    /// @param stall how long tasks may wait while nothing moves before a warning tells what they wait for
    public record Limits(int zombies, Optional<Duration> killTimeout, Duration stall) {
        /// Checks the components.
        /// @throws IllegalArgumentException if `zombies` or `killTimeout` is negative, or `stall` is not positive
        public Limits {
            if (zombies < 0) {
                throw new IllegalArgumentException("zombies must not be negative: " + zombies);
            }
            if (killTimeout.isPresent() && killTimeout.get().isNegative()) {
                throw new IllegalArgumentException("killTimeout must not be negative: " + killTimeout.get());
            }
            if (!stall.isPositive()) {
                throw new IllegalArgumentException("stall must be positive: " + stall);
            }
        }
    }

    /// Checks the components.
    /// @throws IllegalArgumentException if `spins` is negative, or `name` is blank
    public KernelConfig {
        if (name.isBlank()) {
            throw new IllegalArgumentException("name must not be blank: '" + name + "'");
        }
        if (spins < 0) {
            throw new IllegalArgumentException("spins must not be negative: " + spins);
        }
        requireNonNull(surroundings, "surroundings");
        requireNonNull(debugger, "debugger");
        requireNonNull(limits, "limits");
    }

    /// {@return what a kernel is like when nothing is said: named `kernel`, no spins, a daemon, no surroundings,
    /// no debugger, 64 zombies, no timeout, a warning after 10 seconds}
    public static KernelConfig defaults() {
        return DEFAULT;
    }

    /// {@return this configuration with another name}
    /// @param name what the kernel and its threads are called
    public KernelConfig withName(String name) {
        return new KernelConfig(name, spins, daemon, surroundings, debugger, limits);
    }

    /// {@return this configuration with another bound on spinning}
    /// @param spins how often a thread looks before it sleeps
    public KernelConfig withSpins(int spins) {
        return new KernelConfig(name, spins, daemon, surroundings, debugger, limits);
    }

    /// {@return this configuration with another answer to whether the JVM may exit before the kernel has ended}
    /// @param daemon whether it may
    public KernelConfig withDaemon(boolean daemon) {
        return new KernelConfig(name, spins, daemon, surroundings, debugger, limits);
    }

    /// {@return this configuration with another context}
    /// @param context called in each new worker's thread with its life, which it must run, once
    public KernelConfig withContext(Consumer<? super Runnable> context) {
        return with(new Surroundings(surroundings.bindings, context));
    }

    /// {@return this configuration with one more binding}
    /// @param <V> the type of the value
    /// @param key a scoped value that all tasks see
    /// @param value makes the value, in each worker
    public <V> KernelConfig withBinding(ScopedValue<V> key, Supplier<? extends V> value) {
        List<Binding<?>> bindings = new ArrayList<>(surroundings.bindings);
        bindings.add(new Binding<V>(key, value));
        return with(new Surroundings(bindings, surroundings.context));
    }

    /// {@return this configuration with a debugger}
    /// @param debugger who is asked about errors that no task handler took
    public KernelConfig withDebugger(Debugger debugger) {
        return new KernelConfig(name, spins, daemon, surroundings, Optional.of(debugger), limits);
    }

    /// {@return this configuration with another cap of zombies}
    /// @param zombies how many threads of killed tasks may run on while others take their places
    public KernelConfig withZombies(int zombies) {
        return with(new Limits(zombies, limits.killTimeout, limits.stall));
    }

    /// {@return this configuration with an end to patience at the end}
    /// @param killTimeout how long after its end the kernel kills what still runs or waits
    public KernelConfig withKillTimeout(Duration killTimeout) {
        return with(new Limits(limits.zombies, Optional.of(killTimeout), limits.stall));
    }

    /// {@return this configuration with another patience before a warning}
    /// @param stall how long tasks may wait while nothing moves before a warning tells what they wait for
    public KernelConfig withStall(Duration stall) {
        return with(new Limits(limits.zombies, limits.killTimeout, stall));
    }

    private KernelConfig with(Surroundings surroundings) {
        return new KernelConfig(name, spins, daemon, surroundings, debugger, limits);
    }

    private KernelConfig with(Limits limits) {
        return new KernelConfig(name, spins, daemon, surroundings, debugger, limits);
    }

    /// Runs the life of a worker in its surroundings.
    void surround(Runnable life) {
        ScopedValue.@Nullable Carrier carrier = null;
        for (Binding<?> binding : surroundings.bindings) {
            carrier = bind(carrier, binding);
        }
        Runnable inside = () -> surroundings.context.accept(life);
        if (carrier == null) {
            inside.run();
        } else {
            carrier.run(inside);
        }
    }

    private static <V> ScopedValue.Carrier bind(ScopedValue.@Nullable Carrier carrier, Binding<V> binding) {
        V value = binding.value.get();
        return carrier == null
                ? ScopedValue.where(binding.key, value)
                : carrier.where(binding.key, value);
    }
}
