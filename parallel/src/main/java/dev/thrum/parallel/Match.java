package dev.thrum.parallel;

import org.jspecify.annotations.Nullable;

/// An element that was looked for.
///
/// @param <T> the type of the element
/// @param index where it stands, from 0
/// @param value the element, which may be null
public record Match<T extends @Nullable Object>(long index, T value) {}
