package dev.thrum.http;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// An answer other than the hoped-for one: a status, and a detail that is safe to show to a client.
///
/// ```java
/// throw new HttpException(404, "there is no photo 7");
/// throw new HttpException(401, "who are you?").withHeader("WWW-Authenticate", "Basic realm=\"photos\"");
/// ```
public final class HttpException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String detail;
    private final String[] headers; // name, value, name, value …; never changed

    /// An answer with `status`.
    /// @param status the status code
    /// @param detail shown to the client: nothing from inside, nothing secret
    /// @throws IllegalArgumentException if `status` is not within 400..599
    public HttpException(int status, String detail) {
        this(status, detail, null, new String[0], true);
    }

    /// An answer with `status`, because of `cause`.
    /// @param status the status code
    /// @param detail shown to the client: nothing from inside, nothing secret
    /// @param cause not shown to the client
    /// @throws IllegalArgumentException if `status` is not within 400..599
    public HttpException(int status, String detail, Throwable cause) {
        this(status, detail, requireNonNull(cause, "cause"), new String[0], true);
    }

    private HttpException(
            int status, String detail, @Nullable Throwable cause, String[] headers, boolean withStack) {
        super(status + " " + requireNonNull(detail, "detail"), cause, true, withStack);
        if (status < 400 || status > 599) {
            throw new IllegalArgumentException("status must be 400..599: " + status);
        }
        this.status = status;
        this.detail = detail;
        this.headers = headers;
    }

    /// For bytes from outside: no stack, since it would only show the parser, and anyone could make us walk it.
    static HttpException ofInput(int status, String detail) {
        return new HttpException(status, detail, null, new String[0], false);
    }

    /// {@return this problem with a header field more, such as `Retry-After`}
    /// @param name a token
    /// @param value without control characters other than tab
    /// @throws IllegalArgumentException if `name` or `value` is not what RFC 9110 §5 allows
    public HttpException withHeader(String name, String value) {
        Fields.check(name, value);
        String[] more = Arrays.copyOf(headers, headers.length + 2);
        more[headers.length] = name;
        more[headers.length + 1] = value;
        HttpException copy = new HttpException(status, detail, getCause(), more, true);
        copy.setStackTrace(getStackTrace());
        return copy;
    }

    /// {@return the status code}
    public int status() {
        return status;
    }

    /// {@return what is shown to the client}
    public String detail() {
        return detail;
    }

    /// Hands every header field of the answer to `action`.
    /// @param action receives name and value
    public void forEachHeader(BiConsumer<? super String, ? super String> action) {
        for (int i = 0; i < headers.length; i += 2) {
            action.accept(headers[i], headers[i + 1]);
        }
    }
}
