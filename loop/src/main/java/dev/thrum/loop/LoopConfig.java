package dev.thrum.loop;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// How a loop is set up.
///
/// @param name names the loop, in messages, and the thread that [EventLoop#start] makes
/// @param onError receives what callbacks throw and no handle's own handler took, on the loop's thread and under the
///     scope it was thrown in; null means it is logged
/// @param spins how many times a loop with nothing to do looks for posted work before it goes to sleep: 0 saves the
///     processor, some thousands make hand-offs from a busy thread arrive within a microsecond
/// @param daemon whether the JVM may end while a loop of [EventLoop#start] lives
/// @param patience how long a turn may take before the [Watchdog] reports it; zero means that nobody looks
public record LoopConfig(
        String name, @Nullable Consumer<? super Throwable> onError, int spins, boolean daemon, Duration patience) {
    private static final Duration PATIENCE = Duration.ofMillis(200);


    /// Checks the components.
    /// @throws IllegalArgumentException if `spins` or `patience` is negative
    public LoopConfig {
        requireNonNull(name, "name");
        if (spins < 0) {
            throw new IllegalArgumentException("spins must not be negative: " + spins);
        }
        if (patience.isNegative()) {
            throw new IllegalArgumentException("patience must not be negative: " + patience);
        }
    }

    /// {@return the default configuration under a name: errors are logged, no spinning, not a daemon, a patience of 200 ms}
    /// @param name the name
    public static LoopConfig named(String name) {
        return new LoopConfig(name, null, 0, false, PATIENCE);
    }

    /// {@return this configuration under another name}
    /// @param name the name
    public LoopConfig withName(String name) {
        return new LoopConfig(name, onError, spins, daemon, patience);
    }

    /// {@return this configuration with a receiver for errors}
    /// @param onError receives what callbacks throw; what it throws itself is logged
    public LoopConfig withOnError(Consumer<? super Throwable> onError) {
        return new LoopConfig(name, requireNonNull(onError, "onError"), spins, daemon, patience);
    }

    /// {@return this configuration with another number of looks before sleeping}
    /// @param spins the number, not negative
    public LoopConfig withSpins(int spins) {
        return new LoopConfig(name, onError, spins, daemon, patience);
    }

    /// {@return this configuration for a daemon thread, or not}
    /// @param daemon whether the JVM may end while the loop lives
    public LoopConfig withDaemon(boolean daemon) {
        return new LoopConfig(name, onError, spins, daemon, patience);
    }

    /// {@return this configuration with another patience}
    /// @param patience how long a turn may take before it is reported, not negative; zero for ever
    public LoopConfig withPatience(Duration patience) {
        return new LoopConfig(name, onError, spins, daemon, patience);
    }
}
