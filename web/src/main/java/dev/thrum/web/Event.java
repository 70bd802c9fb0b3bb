package dev.thrum.web;

import dev.thrum.http.Request;
import dev.thrum.http.Response;
import dev.thrum.net.Socket;

/// A moment at which hooks run (Wookie's hook points).
///
/// For one request they come in this order: [PreRoute], the handler, [PostRoute]; [ResponseStarted] and
/// [ResponseFinished] whenever the answer is; [Failed] if something went wrong. [Connected] and [Disconnected] frame all
/// requests of a connection.
public sealed interface Event {

    /// A client has connected; nothing was read yet. Hooks cannot be awaited here. (`:connect`.)
    /// @param socket the connection
    record Connected(Socket socket) implements Event {}

    /// The head of a request is read, and a route is about to be chosen. A hook that answers ends the matter: no route is
    /// chosen. (`:pre-route`.)
    /// @param request what the client asks for
    /// @param response the answer
    record PreRoute(Request request, Response response) implements Event {}

    /// The handler has returned; its answer may still be to come. (`:post-route`.)
    /// @param request what the client asks for
    /// @param response the answer
    record PostRoute(Request request, Response response) implements Event {}

    /// The head of the answer is about to be written: the last chance to set a header. Hooks cannot be awaited here.
    /// (`:response-started`.)
    /// @param request what the client asks for
    /// @param response the answer
    record ResponseStarted(Request request, Response response) implements Event {}

    /// The exchange is over. Hooks cannot be awaited here.
    /// @param request what the client asked for
    /// @param response what it got
    /// @param whole whether it got the whole answer
    record ResponseFinished(Request request, Response response, boolean whole) implements Event {}

    /// A hook or a handler threw; a safe answer follows, if none was started. Hooks cannot be awaited here.
    /// @param request what the client asks for
    /// @param problem what was thrown
    record Failed(Request request, Throwable problem) implements Event {}

    /// A connection is gone. Hooks cannot be awaited here.
    /// @param socket the connection
    record Disconnected(Socket socket) implements Event {}
}
