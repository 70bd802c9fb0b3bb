package dev.thrum.http;

import dev.thrum.promise.Promise;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;

/// The answer to one request. It is sent once.
///
/// ```java
/// response.send("Welcome to my homepage!");
/// response.status(201).header("Location", "/photos/7").send(kernel.submit(() -> thumbnail(photo)));
/// ```
///
/// **Threads.** Any thread, one at a time; what is sent from elsewhere is carried to the loop of the connection. Nothing
/// blocks.
/// **Failure.** An answer to a client that is gone goes nowhere, silently. A second answer is an
/// [IllegalStateException], which names the place of the first while [dev.thrum.scope.Trace] is on. The original's names: `send-response`, `response-already-sent`.
public interface Response {

    /// Sets the status; it is 200 until then.
    /// @param status the status code
    /// @return this
    /// @throws IllegalArgumentException if `status` is not within 200..599
    /// @throws IllegalStateException if the answer has been started or sent
    Response status(int status);

    /// {@return the status}
    int status();

    /// Sets a header field, in place of others of this name.
    /// @param name a token; `Transfer-Encoding` is the connection's business
    /// @param value without control characters other than tab: a line break never gets through
    /// @return this
    /// @throws IllegalArgumentException if `name` or `value` is not what RFC 9110 §5 allows
    /// @throws IllegalStateException if the answer has been started or sent
    Response header(String name, String value);

    /// Adds a header field, beside others of this name.
    /// @param name a token; `Transfer-Encoding` is the connection's business
    /// @param value without control characters other than tab: a line break never gets through
    /// @return this
    /// @throws IllegalArgumentException if `name` or `value` is not what RFC 9110 §5 allows
    /// @throws IllegalStateException if the answer has been started or sent
    Response addHeader(String name, String value);

    /// {@return the value of the first header field of this name that was set}
    /// @param name in any case
    Optional<String> header(String name);

    /// {@return how many bytes the body has, before any filter: while the actions of [Exchange#onAnswer] run, for a whole body, or one
    /// with a `Content-Length`; empty otherwise}
    OptionalLong length();

    /// Sends `body` as UTF-8, as `text/plain` unless a `Content-Type` was set.
    /// @param body the whole body
    /// @throws IllegalStateException if the answer has been started or sent, or its status allows no body
    void send(String body);

    /// Sends `body` as it is, as `application/octet-stream` unless a `Content-Type` was set.
    /// @param body the whole body; leave it alone from now on
    /// @throws IllegalStateException if the answer has been started or sent, or its status allows no body
    void send(byte[] body);

    /// Sends `body` as it is, as `application/octet-stream` unless a `Content-Type` was set.
    /// @param body the whole body; leave it alone from now on
    /// @throws IllegalStateException if the answer has been started or sent, or its status allows no body
    void send(ByteBuffer body);

    /// Sends what `body` will be, when it is there: bytes as they are, everything else as its text. If it is rejected,
    /// [Exchange#fail] answers.
    /// @param body the body to come
    /// @throws IllegalStateException if the answer has been started or sent
    void send(Promise<?> body);

    /// Sends what `body` will be, as [#send(Promise)] does.
    /// @param body the body to come
    /// @throws IllegalStateException if the answer has been started or sent
    default void send(CompletionStage<?> body) {
        send(Promise.from(body));
    }

    /// Sends what `body` gives, read on a virtual thread of its own, at the client's pace; in chunks, unless a
    /// `Content-Length` was set. The stream is closed in the end. If it fails, the connection is aborted. If the client goes
    /// away, the thread is interrupted.
    /// @param body the body; leave it alone from now on
    /// @throws IllegalStateException if the answer has been started or sent, or its status allows no body; then the stream is
    ///     still yours to close
    void send(InputStream body);

    /// Sends a part of a file, as `application/octet-stream` unless a `Content-Type` was set. On a plain connection the system
    /// takes it from the file (`sendfile`), at the client's pace; through a filter it is read on a virtual thread. The file is
    /// closed in the end, whatever becomes of the client. If it turns out to be shorter, the connection is aborted.
    /// @param file open for reading, and its own position is left alone; leave it alone from now on
    /// @param position where the part begins
    /// @param length how many bytes it has: the `Content-Length`
    /// @throws IllegalArgumentException if `position` or `length` is negative; then, and in the next case, the file is still
    ///     yours to close
    /// @throws IllegalStateException if the answer has been started or sent, or its status allows no body
    void send(FileChannel file, long position, long length);

    /// Answers `problem` as safely as it still can, as if the handler had thrown it: see [Exchange#fail].
    /// @param problem what went wrong
    void fail(Throwable problem);

    /// Sends an answer without a body, such as 204 or 304.
    /// @throws IllegalStateException if the answer has been started or sent
    void send();

    /// Sends the client to another place, with an answer that has no body.
    /// @param status 301 or 308 for good, 302 or 307 for now, 303 to get something else
    /// @param location a URI, or a reference relative to this request, with everything percent-encoded that has to be
    /// @throws IllegalArgumentException if `status` is none of these, or `location` has anything but visible ASCII
    ///     characters
    /// @throws IllegalStateException if the answer has been started or sent
    default void redirect(int status, String location) {
        if (status != 301 && status != 302 && status != 303 && status != 307 && status != 308) {
            throw new IllegalArgumentException("a redirection has status 301, 302, 303, 307 or 308: " + status);
        }
        if (!location.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            throw new IllegalArgumentException("a location has visible ASCII characters only: " + Fields.quoted(location));
        }
        status(status).header("Location", location).send();
    }

    /// Sends status and headers now, and the body as it is written. The original's name: `start-response`.
    /// @return writes the body
    /// @throws IllegalStateException if the answer has been started or sent, or its status allows no body
    BodyWriter start();

    /// Tells the client, before the answer is there, what it will need for it: an interim answer 103 (RFC 8297) with a `Link`
    /// field for each, which goes out at once, in its turn. May be called again. A client of HTTP/1.0 is told nothing.
    ///
    /// ```java
    /// response.hint("</style.css>; rel=preload; as=style").send(kernel.submit(() -> page(request)));
    /// ```
    /// @param links values of `Link`
    /// @return this
    /// @throws IllegalArgumentException if one of them is not what RFC 9110 §5.5 allows
    /// @throws IllegalStateException if the answer has been started or sent
    Response hint(String... links);

    /// Puts a filter before the body: what is sent is what it makes of it. May be set until the head is written; an
    /// [Exchange#onAnswer] action is the place where the headers are known. Several filter one after the other, in the order
    /// they were set. With one, a `Content-Length` that was set is dropped, and the body of a HEAD request is not looked at.
    /// @param filter sees the whole body, or all of its pieces
    /// @return this
    /// @throws IllegalStateException if the answer has been started or sent
    Response filter(BodyFilter filter);

    /// {@return whether this answer has been started or sent, or promised with [#send(Promise)]}
    boolean isSent();

    /// Leaves the request to whoever stands next in line: the next route that matches. The original's name:
    /// `next-route`.
    /// @throws IllegalStateException if the answer has been started or sent
    void pass();
}
