package dev.thrum.kernel;

import java.time.Duration;
import java.util.List;

/// A thread whose task was killed and has not ended yet. It runs that task only, holds what the task holds, and is gone
/// when the task returns. Its worker's place has been taken by another thread, unless [KernelConfig.Limits#zombies] of them
/// were there already.
///
/// @param worker the index of the worker it was
/// @param category the category of its task
/// @param age how long ago the task was killed
/// @param stack where it is now, innermost frame first
public record Zombie(int worker, Object category, Duration age, List<StackTraceElement> stack) {

    /// Keeps the stack as it is.
    public Zombie {
        stack = List.copyOf(stack);
    }

    @Override
    public String toString() {
        String place = stack.isEmpty() ? "" : ", at " + stack.getFirst();
        return "worker " + worker + ", category " + category + ", killed " + Ages.text(age) + " ago" + place;
    }
}
