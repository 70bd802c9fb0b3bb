package dev.thrum.net;

/// How a server listens.
///
/// @param backlog how many connections the system may keep waiting for the loop, at least 1
/// @param reusePort whether several servers, each on a loop of its own, may listen at one port and share its connections
///     (`SO_REUSEPORT`)
public record ListenConfig(int backlog, boolean reusePort) {

    /// A backlog of 1024, the port for one server only.
    public static final ListenConfig DEFAULT = new ListenConfig(1024, false);

    /// Checks the components.
    /// @throws IllegalArgumentException if `backlog` is less than 1
    public ListenConfig {
        if (backlog < 1) {
            throw new IllegalArgumentException("backlog must be 1 or more: " + backlog);
        }
    }

    /// {@return this configuration with another backlog}
    /// @param backlog how many connections the system may keep waiting
    public ListenConfig withBacklog(int backlog) {
        return new ListenConfig(backlog, reusePort);
    }

    /// {@return this configuration with the port shared, or not}
    /// @param reusePort whether several servers may listen at one port
    public ListenConfig withReusePort(boolean reusePort) {
        return new ListenConfig(backlog, reusePort);
    }
}
