package dev.thrum.http;

import dev.thrum.net.Socket;

/// Answers requests: what stands behind a connection.
///
/// **Threads.** Called on the loop of the connection, so nothing here may block.
/// **Failure.** What [#serve] throws is handed to [Exchange#fail].
@FunctionalInterface
public interface Service {

    /// Answers a request, now or later. Called once for each, when its head is complete and before its body is read.
    /// @param exchange the request and its answer
    void serve(Exchange exchange);

    /// Hears that something came in that is not HTTP, or breaks a limit. The client has got the answer; the connection is
    /// being closed.
    /// @param socket the connection
    /// @param problem what was wrong
    default void refused(Socket socket, HttpException problem) {}

    /// Hears that a connection is gone, for whatever reason.
    /// @param socket the connection
    default void closed(Socket socket) {}
}
