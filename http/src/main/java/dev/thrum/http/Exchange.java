package dev.thrum.http;

import dev.thrum.scope.Scope;
import java.time.Duration;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/// One request and its answer on one connection.
///
/// ```java
/// Service service = exchange -> exchange.response().send("hello, " + exchange.request().host());
/// ```
///
/// It lasts from the end of the request's head until the last byte of the answer was handed to the connection, or until
/// the connection is gone. Everything that happens for it runs under its [#scope].
///
/// **Threads.** [#fail] may be called from any thread; everything else belongs to whoever handles the request, one
/// thread at a time.
public interface Exchange {

    /// {@return what the client asks for}
    Request request();

    /// {@return what it gets back}
    Response response();

    /// {@return the scope of this request, current while the service runs: a child of the one that [Http1] was made under,
    /// cancelled when the client goes away, or when [Timeouts#response] has passed}
    Scope scope();

    /// {@return the minor version of HTTP/1 the client speaks: 0 or 1}
    int minorVersion();

    /// {@return the target of the request exactly as it was sent: neither decoded nor normalised, so never to be compared,
    /// routed or opened as a file}
    /// @throws IllegalStateException if the head is gone: the request was answered before its service returned
    String targetAsSent();

    /// Answers `problem` as safely as it still can. Before the answer was started, the client gets the status, detail and
    /// headers of an [HttpException], or 500 without any detail, as problem details (RFC 9457); headers that were set on
    /// the response are dropped. Later, the connection is aborted. What is not an [HttpException] is reported to the home
    /// of the scope.
    /// @param problem what went wrong
    void fail(Throwable problem);

    /// Runs `action` right before the head of the answer is written, on the loop: the last chance to set a header.
    /// @param action receives this exchange
    void onAnswer(Consumer<? super Exchange> action);

    /// Runs `action` when the exchange is over, on the loop; at once if it is.
    /// @param action receives this exchange
    void onFinished(Consumer<? super Exchange> action);

    /// Sets who watches the body of the request, which has not been asked for yet. A second watcher replaces the first.
    /// @param watcher sees what its reader gets
    void watchBody(BodyWatcher watcher);

    /// Runs `action` when something fails, on the loop, before it is answered. A second action replaces the first.
    /// @param action receives this exchange and what went wrong, as [#fail] does
    void onFailure(BiConsumer<? super Exchange, ? super Throwable> action);

    /// Says that the service is done with the [#response], and that whoever will answer holds it: a handler's callback, a
    /// promise, a thread. When nobody holds it any more, and nothing was answered, the exchange fails, with 500. That is seen
    /// when the garbage collector has been there; [Timeouts#response] goes on to count.
    void handedOn();

    /// {@return how long it has been waiting for its answer: since its request was complete, head or body} On the loop only.
    Duration age();

    /// {@return whether it is over}
    boolean isFinished();

    /// {@return whether it ended, or will end, without a whole answer: the client went away, or something failed too late}
    boolean isAborted();

    /// Sets what [Request#path(String)] finds. For routers.
    /// @param parameters what the route found in the path
    void parameters(Parameters parameters);

    /// Sets who stands next in line when the handler calls [Response#pass]. For routers.
    /// @param next continues with this exchange
    void onPass(Consumer<? super Exchange> next);
}
