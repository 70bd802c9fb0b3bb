package dev.thrum.parallel;

import org.jspecify.annotations.Nullable;

/// What an algorithm gets from elements, one by one, and how what it got from two neighbouring stretches becomes one.
///
/// @param <T> the type of the elements
/// @param <A> what it gets
interface Pass<T extends @Nullable Object, A extends @Nullable Object> {

    /// {@return what was got from no element}
    A none();

    /// {@return what was got before and from the element}
    A one(A before, T element, long index);

    /// {@return what was got from two stretches, the left one first}
    A both(A left, A right);
}
