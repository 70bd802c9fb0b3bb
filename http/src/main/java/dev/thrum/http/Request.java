package dev.thrum.http;

import dev.thrum.net.Socket;
import dev.thrum.promise.Promise;
import dev.thrum.scope.Key;
import java.io.InputStream;
import java.net.SocketAddress;
import java.util.Optional;

/// What a client asks for.
///
/// ```java
/// String agent = request.header("User-Agent").orElse("unknown");
/// response.send(request.text().map(String::toUpperCase));
/// ```
///
/// **Threads.** Its head may be read from any thread. The body and the data ([#get], [#put]) belong to whoever handles
/// the request, one thread at a time.
/// **Life.** A request that was answered before its service returned forgets its head right after that; until then it is
/// read straight from the bytes that arrived. Read what a later callback needs before you answer. A request that is
/// answered later keeps its head as long as it lives.
public interface Request {

    /// {@return its method}
    Method method();

    /// {@return its path in the one canonical form: decoded, `.` and `..` resolved, no double slash; `*` for `OPTIONS *`}
    String path();

    /// {@return what follows the `?`, as it was sent}
    Optional<String> query();

    /// {@return the host and port that the client means, in lower case, without white space or user; empty if an HTTP/1.0
    /// client named none}
    String host();

    /// {@return the value of the first header field of this name}
    /// @param name in any case
    /// @throws IllegalStateException if the head is gone: the request was answered before its service returned
    Optional<String> header(String name);

    /// {@return a view of all header fields}
    Headers headers();

    /// {@return the address of the other side of the connection}
    SocketAddress remote();

    /// {@return `https` if the connection is encrypted, else `http`} What stands in the target of the request, or what a proxy
    /// tells, plays no part.
    default String scheme() {
        return socket().isSecure() ? "https" : "http";
    }

    /// {@return the connection, for what it knows of the other side, such as the certificate that a client has shown} Reading
    /// and writing there is for HTTP alone.
    Socket socket();

    /// {@return the whole body, once it is there; empty if there is none}
    ///
    /// Rejected with an [HttpException] of 413 when it is longer than [Limits#body], 400 when its chunks are malformed,
    /// 408 when it stops coming; with an [java.io.IOException] when the client goes away.
    /// @throws IllegalStateException if the body was asked for before, or the request is already answered
    Promise<byte[]> bytes();

    /// {@return the whole body as text, once it is there}, by the charset of its `Content-Type`, else UTF-8. Rejected as
    /// [#bytes], and with an [HttpException] of 415 for an unknown charset, 400 for what is not well-formed in it.
    /// @throws IllegalStateException if the body was asked for before, or the request is already answered
    Promise<String> text();

    /// Hands the body to `sink` as it arrives. The original's name: `with-chunking`.
    /// @param sink takes the pieces
    /// @return the number of bytes, when the sink has taken the last one; rejected as [#bytes], but the limit is
    ///     [Limits#upload], and with what the sink threw
    /// @throws IllegalStateException if the body was asked for before, or the request is already answered
    Promise<Long> stream(BodySink sink);

    /// {@return the body as a stream, for a thread that may block, such as that of a blocking handler} The client is slowed
    /// down to its pace. Reading throws an [HttpException] of 413 when the body is longer than [Limits#upload], 400 when its
    /// chunks are malformed, 408 when it stops coming; an [java.io.IOException] when the client goes away or the thread is
    /// interrupted. A read on the loop would wait for itself, so this may not be called there.
    /// @throws IllegalStateException if the body was asked for before, or the request is already answered
    /// @throws WrongThreadException on the loop of the connection
    InputStream input();

    /// Puts a decoder before the body, which has not been asked for yet: whoever reads it gets what the decoder makes of it. The
    /// limits count what came, and what is made. A second decoder replaces the first.
    /// @param decoder sees the body as it came
    void decode(BodyDecoder decoder);

    /// {@return a parameter of the path, decoded}
    /// @param name as in the pattern of the route
    /// @throws IllegalArgumentException if the route has no such parameter, or it is a group that took no part in the match
    String path(String name);

    /// {@return a parameter of the path as a number}
    /// @param name as in the pattern of the route
    /// @throws IllegalArgumentException if the route has no such parameter
    /// @throws HttpException with status 404 if it is not an `int`, which a pattern `{name:int}` rules out
    int pathInt(String name);

    /// {@return a parameter of the path as a number}
    /// @param name as in the pattern of the route
    /// @throws IllegalArgumentException if the route has no such parameter
    /// @throws HttpException with status 404 if it is not a `long`, which a pattern `{name:long}` rules out
    long pathLong(String name);

    /// {@return all parameters of the path; none without a route that has some}
    Parameters parameters();

    /// Runs `action` when the exchange is over, however it ended: answered, failed, or left by its client. On the loop, under
    /// the request's scope; at once if it is over. What was made for this request can be let go there, unless tasks of it may
    /// still use it.
    /// @param action lets go
    void onFinished(Runnable action);

    /// {@return what was kept under `key`}
    /// @param <T> the type of the value
    /// @param key the key
    <T> Optional<T> get(Key<T> key);

    /// Keeps `value` with this request. The original's name: `plugin-request-data`.
    /// @param <T> the type of the value
    /// @param key the key
    /// @param value the value
    <T> void put(Key<T> key, T value);
}
