package dev.thrum.plugins;

import static java.util.Objects.requireNonNull;

import dev.thrum.http.Request;
import dev.thrum.scope.Key;
import java.util.Optional;
import java.util.Set;

/// Who a client has proved to be: see [Authentication].
/// @param name who
/// @param roles what it may be
public record User(String name, Set<String> roles) {
    static final Key<User> KEY = Key.of("user");

    /// A user.
    public User {
        requireNonNull(name, "name");
        roles = Set.copyOf(roles);
    }

    /// {@return a user without roles}
    /// @param name who
    public static User of(String name) {
        return new User(name, Set.of());
    }

    /// {@return who has sent a request; empty if it was not proved} It is kept with the request, never with a thread.
    /// @param request the request
    public static Optional<User> of(Request request) {
        return request.get(KEY);
    }

    /// {@return whether the user has a role}
    /// @param role the role
    public boolean has(String role) {
        return roles.contains(requireNonNull(role, "role"));
    }
}
