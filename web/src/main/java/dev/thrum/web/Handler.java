package dev.thrum.web;

import dev.thrum.http.HttpException;
import dev.thrum.http.Request;
import dev.thrum.http.Response;

/// Answers requests, now or later.
///
/// **Threads.** Called on the loop of the connection: it must not block. What blocks or burns the processor goes to a
/// kernel, and its promise into [Response#send(dev.thrum.promise.Promise)].
/// **Failure.** What it throws becomes the answer, if none was started: an [HttpException] its own status, anything else
/// 500 without a word of what was wrong, and a report to the loop.
@FunctionalInterface
public interface Handler {

    /// Answers a request.
    /// @param request what the client asks for
    /// @param response the answer; it may be sent after this method has returned
    /// @throws Exception if there is no answer
    void handle(Request request, Response response) throws Exception;
}
