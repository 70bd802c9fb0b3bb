package dev.thrum.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.thrum.http.HeadEncoder.Content;
import dev.thrum.promise.Promise;
import dev.thrum.scope.Trace;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// An answer as HTTP/1.1 sends it: what is said of it, and who may send it.
final class Http1Response extends Answer implements Response {
    /*
     * Two steps. Who calls send or start first claims the answer, on whatever thread: a compare-and-set decides. The loop
     * then writes it, unless something else was written in its place: a failure, or nothing because the client is gone.
     */

    private static final VarHandle CLAIMED;

    static {
        try {
            CLAIMED = MethodHandles.lookup().findVarHandle(Http1Response.class, "claimed", boolean.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    private static final int SHORT = 256; // characters of a text that needs no array of its own

    private volatile boolean claimed;
    private @Nullable String claimer; // where it was claimed, while tracing; by whoever claimed it, read racily

    Http1Response(Http1Exchange exchange) {
        super(exchange);
    }

    @Override
    public Response status(int code) {
        if (code < 200 || code > 599) {
            throw new IllegalArgumentException("status must be 200..599: " + code);
        }
        checkOpen();
        status = (short) code;
        return this;
    }

    @Override
    public int status() {
        return status;
    }

    @Override
    public Response header(String name, String value) {
        Fields.check(name, value);
        checkOpen();
        if (name.equalsIgnoreCase("Connection")) {
            exchange.closeAfter();
        } else {
            ownFields().set(name, value);
        }
        return this;
    }

    @Override
    public Response addHeader(String name, String value) {
        Fields.check(name, value);
        if (name.equalsIgnoreCase("Connection") || name.equalsIgnoreCase("Content-Length")) {
            return header(name, value);
        }
        checkOpen();
        ownFields().add(name, value);
        return this;
    }

    @Override
    public Response filter(BodyFilter added) {
        requireNonNull(added, "filter");
        checkOpen();
        BodyFilter first = filter;
        filter = first == null ? added : (bytes, last) -> added.filter(first.filter(bytes, last), last);
        return this;
    }

    @Override
    public Response hint(String... links) {
        for (String link : links) {
            Fields.check("Link", link);
        }
        checkOpen();
        String[] values = links.clone();
        exchange.onLoop(() -> writeHints(values));
        return this;
    }

    @Override
    public Optional<String> header(String name) {
        return fields.first(requireNonNull(name, "name"));
    }

    @Override
    public OptionalLong length() {
        long length = exchange.length();
        return length < 0 ? OptionalLong.empty() : OptionalLong.of(length);
    }

    private void checkOpen() {
        if (claimed && !exchange.isAnswering()) {
            throw alreadySent();
        }
    }

    private IllegalStateException alreadySent() {
        String first = claimer;
        String where = first != null ? "first at " + first : "-Dthrum.trace=true tells where";
        return new IllegalStateException(
                "the answer to " + exchange.request() + " has been started or sent already (" + where + ")");
    }

    private void claim() {
        if (!CLAIMED.compareAndSet(this, false, true)) {
            throw alreadySent();
        }
        if (Trace.ON) {
            claimer = Trace.site(this);
        }
    }

    @Override
    public boolean isSent() {
        return claimed;
    }

    // ---- whole answers

    @Override
    public void send(String body) {
        if (requireNonNull(body, "body").length() <= SHORT && exchange.isHere() && Ascii.isAscii(body)) {
            checkBody(body.length());
            claim();
            writeShort(body);
        } else {
            sendBytes(body.getBytes(UTF_8), Content.TEXT);
        }
    }

    @Override
    public void send(byte[] body) {
        sendBytes(requireNonNull(body, "body"), Content.BYTES);
    }

    @Override
    public void send(ByteBuffer body) {
        requireNonNull(body, "body");
        checkBody(body.remaining());
        claim();
        exchange.onLoop(() -> write(body, Content.BYTES));
    }

    @Override
    public void send() {
        claim();
        if (exchange.isHere()) {
            writeNothing();
        } else {
            exchange.onLoop(this::writeNothing);
        }
    }

    @Override
    public void send(FileChannel file, long position, long length) {
        var body = new FileBody(file, position, length);
        if (!Status.allowsBody(status)) {
            throw new IllegalStateException(noBody(length));
        }
        claim();
        if (!exchange.onLoop(() -> write(body))) {
            body.close();
        }
    }

    private void sendBytes(byte[] body, Content content) {
        checkBody(body.length);
        claim();
        if (exchange.isHere()) {
            write(body, content);
        } else {
            exchange.onLoop(() -> write(body, content));
        }
    }

    private void checkBody(long length) {
        if (length > 0 && !Status.allowsBody(status)) {
            throw new IllegalStateException(noBody(length));
        }
    }

    @Override
    public void send(Promise<?> body) {
        requireNonNull(body, "body");
        claim();
        body.map(value -> exchange.onLoop(() -> writeValue(value))).recover(Throwable.class, problem -> {
            exchange.fail(problem);
            return false;
        });
    }

    private void writeValue(@Nullable Object value) {
        switch (value) {
            case null -> writeNothing();
            case byte[] bytes -> write(bytes, Content.BYTES);
            case ByteBuffer bytes -> write(bytes, Content.BYTES);
            default -> write(value.toString().getBytes(UTF_8), Content.TEXT);
        }
    }

    // ---- streamed answers

    @Override
    public BodyWriter start() {
        if (!Status.allowsBody(status)) {
            throw new IllegalStateException("an answer of status " + status + " has no body to be written");
        }
        claim();
        var writer = new StreamWriter(exchange, this, exchange.isHead() ? -1 : announced());
        exchange.onLoop(() -> writeStart(writer));
        return writer;
    }

    @Override
    public void send(InputStream body) {
        requireNonNull(body, "body");
        pump(body, start());
    }

    // ---- failures

    void writeProblem(int code, String detail, @Nullable HttpException origin) {
        claimed = true;
        putProblem(code, detail, origin);
    }

    @Override
    public void fail(Throwable problem) {
        exchange.fail(problem);
    }

    @Override
    public void pass() {
        if (claimed) {
            throw alreadySent();
        }
        exchange.pass();
    }
}
