package dev.thrum.web;

import dev.thrum.http.Request;
import dev.thrum.http.Response;
import dev.thrum.net.Socket;
import java.nio.ByteBuffer;

/// A moment at which hooks run (Wookie's hook points).
///
/// For one request they come in this order: [HeadersParsed], [PreRoute], the handler, [PostRoute]; [BodyChunk] and
/// [BodyComplete] while somebody reads the body; [ResponseStarted] and [ResponseFinished] whenever the answer is; [Failed] if
/// something went wrong. [Connected] and [Disconnected] frame all requests of a connection.
public sealed interface Event {

    /// A client has connected, and is through with its handshake if there is one; no request was read yet. Hooks cannot be awaited here. (`:connect`.)
    /// @param socket the connection
    record Connected(Socket socket) implements Event {}

    /// The head of a request is read. What a hook throws is the answer. (`:parsed-headers`.)
    /// @param request what the client asks for
    record HeadersParsed(Request request) implements Event {}

    /// A piece of the body is about to be handed to whoever reads it. Nothing is read unless somebody asks for the body, a
    /// handler or a hook. What a hook throws, the reader gets. (`:body-chunk`.)
    /// @param request what the client asks for
    /// @param bytes valid during the call only; empty at the end
    /// @param last whether this is the end, which comes in an event of its own, for an empty body, too
    record BodyChunk(Request request, ByteBuffer bytes, boolean last) implements Event {}

    /// The whole body was handed to whoever reads it, and the reader is about to hear of its end. What a hook throws, the
    /// reader gets. (`:body-complete`.)
    /// @param request what the client asks for
    /// @param length how many bytes there were
    record BodyComplete(Request request, long length) implements Event {}

    /// The head of a request is read, and a route is about to be chosen, after the hooks of [HeadersParsed]. A hook that answers ends the matter: no route is
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
