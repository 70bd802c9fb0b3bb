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
    private static final String[] NONE = {};

    private final int status;
    private final String detail;
    private final String[] headers; // name, value, name, value …; never changed
    private final String[] errors; // pointer, detail, pointer, detail …; never changed

    /// An answer with `status`.
    /// @param status the status code
    /// @param detail shown to the client: nothing from inside, nothing secret
    /// @throws IllegalArgumentException if `status` is not within 400..599
    public HttpException(int status, String detail) {
        this(status, detail, null, NONE, NONE, true);
    }

    /// An answer with `status`, because of `cause`.
    /// @param status the status code
    /// @param detail shown to the client: nothing from inside, nothing secret
    /// @param cause not shown to the client
    /// @throws IllegalArgumentException if `status` is not within 400..599
    public HttpException(int status, String detail, Throwable cause) {
        this(status, detail, requireNonNull(cause, "cause"), NONE, NONE, true);
    }

    private HttpException(
            int status,
            String detail,
            @Nullable Throwable cause,
            String[] headers,
            String[] errors,
            boolean withStack) {
        super(status + " " + requireNonNull(detail, "detail"), cause, true, withStack);
        if (status < 400 || status > 599) {
            throw new IllegalArgumentException("status must be 400..599: " + status);
        }
        this.status = status;
        this.detail = detail;
        this.headers = headers;
        this.errors = errors;
    }

    /// For bytes from outside: no stack, since it would only show the parser, and anyone could make us walk it.
    static HttpException ofInput(int status, String detail) {
        return new HttpException(status, detail, null, NONE, NONE, false);
    }

    /// {@return this problem with a header field more, such as `Retry-After`}
    /// @param name a token
    /// @param value without control characters other than tab
    /// @throws IllegalArgumentException if `name` or `value` is not what RFC 9110 §5 allows
    public HttpException withHeader(String name, String value) {
        Fields.check(name, value);
        return copy(with(headers, name, value), errors);
    }

    /// {@return this problem with one thing more that is wrong with what the client has sent} All of them stand in the
    /// member `errors` of the problem details, as RFC 9457 §3 has it in its example.
    /// @param pointer to where it stands: a JSON pointer such as `/age` (RFC 6901), or the name of a field
    /// @param detail shown to the client: nothing from inside, nothing secret
    public HttpException withError(String pointer, String detail) {
        return copy(headers, with(errors, requireNonNull(pointer, "pointer"), requireNonNull(detail, "detail")));
    }

    private static String[] with(String[] pairs, String first, String second) {
        String[] more = Arrays.copyOf(pairs, pairs.length + 2);
        more[pairs.length] = first;
        more[pairs.length + 1] = second;
        return more;
    }

    private HttpException copy(String[] headers, String[] errors) {
        HttpException copy = new HttpException(status, detail, getCause(), headers, errors, true);
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

    /// Hands everything that is wrong with what the client has sent to `action`.
    /// @param action receives pointer and detail
    public void forEachError(BiConsumer<? super String, ? super String> action) {
        for (int i = 0; i < errors.length; i += 2) {
            action.accept(errors[i], errors[i + 1]);
        }
    }
}
