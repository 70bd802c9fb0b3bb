package dev.thrum.http;

import static java.util.Objects.requireNonNull;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A request method: its name, which is case-sensitive (RFC 9110 §9.1).
///
/// **Threads.** Immutable.
/// @param name a token, such as `GET`
public record Method(String name) {
    /// Transfers a representation (RFC 9110 §9.3.1).
    public static final Method GET = new Method("GET");
    /// As [#GET], without the content (RFC 9110 §9.3.2).
    public static final Method HEAD = new Method("HEAD");
    /// Lets the resource process the content (RFC 9110 §9.3.3).
    public static final Method POST = new Method("POST");
    /// Replaces the resource (RFC 9110 §9.3.4).
    public static final Method PUT = new Method("PUT");
    /// Removes the resource (RFC 9110 §9.3.5).
    public static final Method DELETE = new Method("DELETE");
    /// Asks what the resource allows (RFC 9110 §9.3.7).
    public static final Method OPTIONS = new Method("OPTIONS");
    /// Changes a part of the resource (RFC 5789).
    public static final Method PATCH = new Method("PATCH");
    /// Returns the request as it arrived (RFC 9110 §9.3.8).
    public static final Method TRACE = new Method("TRACE");
    /// Asks a proxy for a tunnel (RFC 9110 §9.3.6).
    public static final Method CONNECT = new Method("CONNECT");

    private static final List<Method> STANDARD = List.of(GET, HEAD, POST, PUT, DELETE, OPTIONS, PATCH, TRACE, CONNECT);

    /// A method of this name.
    /// @throws IllegalArgumentException if `name` is not a token (RFC 9110 §5.6.2)
    public Method {
        if (!Ascii.isToken(requireNonNull(name, "name"))) {
            throw new IllegalArgumentException("a method is a token of RFC 9110: \"" + name + '"');
        }
    }

    /// {@return the method of this name; for a standard one always the same object}
    /// @param name a token, such as `GET`
    /// @throws IllegalArgumentException if `name` is not a token (RFC 9110 §5.6.2)
    public static Method of(String name) {
        for (Method method : STANDARD) {
            if (method.name.equals(name)) {
                return method;
            }
        }
        return new Method(name);
    }

    /// {@return whether it asks for nothing but an answer (RFC 9110 §9.2.1), so that pipelined requests may be served
    /// at once}
    public boolean isSafe() {
        return equals(GET) || equals(HEAD) || equals(OPTIONS) || equals(TRACE);
    }

    // By hand: what a record links for itself at its first use costs a server's first answer some ten milliseconds.
    @Override
    public boolean equals(@Nullable Object other) {
        return this == other || (other instanceof Method method && name.equals(method.name));
    }

    @Override
    public int hashCode() {
        return name.hashCode();
    }

    @Override
    public String toString() {
        return name;
    }
}
