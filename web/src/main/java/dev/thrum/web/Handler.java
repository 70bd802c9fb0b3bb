package dev.thrum.web;

import static java.util.Objects.requireNonNull;

import dev.thrum.http.HttpException;
import dev.thrum.http.Request;
import dev.thrum.http.Response;
import dev.thrum.kernel.Submitter;
import dev.thrum.promise.Promise;

/// Answers requests, now or later.
///
/// **Threads.** Called on the loop of the connection: it must not block. What blocks goes to [#blocking]; what burns the
/// processor to a kernel, and its promise into [Response#send(dev.thrum.promise.Promise)], or all of it to [#on].
/// **Failure.** What it throws becomes the answer, if none was started: an [HttpException] its own status, anything else
/// 500 without a word of what was wrong, and a report to the loop.
@FunctionalInterface
public interface Handler {

    /// Answers a request.
    /// @param request what the client asks for
    /// @param response the answer; it may be sent after this method has returned
    /// @throws Exception if there is no answer
    void handle(Request request, Response response) throws Exception;

    /// {@return a handler that runs `handler` on a virtual thread, where it may block} The request's scope is current there;
    /// when the client goes away, or no answer comes in time, the thread is interrupted. At most 1,000 run at once.
    /// @param handler answers, and may block
    static Handler blocking(Handler handler) {
        return blocking(1_000, handler);
    }

    /// {@return a handler that runs `handler` on a virtual thread, where it may block, but at most so many at once} Ten times as
    /// many requests wait in line; what comes beyond is answered 503. Every call makes a line of its own.
    /// @param most how many may run at once, 1 or more
    /// @param handler answers, and may block
    /// @throws IllegalArgumentException if `most` is not positive
    static Handler blocking(int most, Handler handler) {
        return new BlockingHandler(most, requireNonNull(handler, "handler"));
    }

    /// {@return a handler that runs `handler` as a task of a kernel, where it may burn the processor} When the client goes away,
    /// or no answer comes in time, the task is dropped, or killed.
    ///
    /// ```java
    /// app.get("/fib/{n:int}", Handler.on(kernel.in("fib"), (request, response) ->
    ///         response.send(Long.toString(fib(request.pathInt("n"))))));
    /// ```
    /// @param submitter a kernel, or one with a category and a priority
    /// @param handler answers, in a worker
    static Handler on(Submitter submitter, Handler handler) {
        requireNonNull(submitter, "submitter");
        requireNonNull(handler, "handler");
        return (request, response) -> {
            Promise<Boolean> work = submitter.submit(() -> {
                handler.handle(request, response);
                return true;
            });
            work.recover(Throwable.class, problem -> {
                response.fail(problem);
                return false;
            });
        };
    }
}
