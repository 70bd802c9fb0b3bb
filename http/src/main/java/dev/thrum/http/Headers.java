package dev.thrum.http;

import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/// The header fields of a request, in the order they arrived. A field becomes an object when somebody reads it.
///
/// Names are compared without regard to case. Values come without the white space around them, as Latin-1 text
/// (RFC 9110 §5.5).
///
/// **Threads.** As [Request].
public interface Headers {

    /// {@return the value of the first field of this name}
    /// @param name in any case
    Optional<String> first(String name);

    /// {@return the values of all fields of this name}
    /// @param name in any case
    List<String> all(String name);

    /// {@return whether there is a field of this name}
    /// @param name in any case
    boolean has(String name);

    /// {@return how many fields there are}
    int size();

    /// Hands every field to `action`, names as they were sent.
    /// @param action receives name and value
    void forEach(BiConsumer<? super String, ? super String> action);
}
