package dev.thrum.kernel;

/// How urgent a task is.
public enum Priority {
    /// Runs in its turn.
    DEFAULT,
    /// Runs when no task of the default priority waits. Under a flood of default tasks each worker still takes one low
    /// task after [Kernel#PATIENCE] others, so a low task that is first in its line starts after at most
    /// `workers × PATIENCE` default ones.
    LOW
}
