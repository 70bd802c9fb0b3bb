package dev.thrum.kernel;

import org.jspecify.annotations.Nullable;

/// A result that was there. A task may return null, so an empty `Optional` of this, and not null, means that nothing came.
///
/// @param <T> the type of the result
/// @param value what the task returned
public record Received<T extends @Nullable Object>(T value) {}
