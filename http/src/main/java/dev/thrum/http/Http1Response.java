package dev.thrum.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.thrum.http.HeadEncoder.Content;
import dev.thrum.promise.Promise;
import dev.thrum.scope.Registration;
import dev.thrum.scope.Scope;
import dev.thrum.scope.Trace;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// An answer as HTTP/1.1 sends it.
final class Http1Response implements Response {
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

    private static final byte[] EMPTY = {};

    private final Http1Exchange exchange;
    private Fields fields = Fields.NONE;
    private short status = 200; // with the flags below in one word
    private volatile boolean claimed;
    private boolean written; // loop thread only
    private @Nullable BodyFilter filter;
    private @Nullable String claimer; // where it was claimed, while tracing; by whoever claimed it, read racily

    Http1Response(Http1Exchange exchange) {
        this.exchange = exchange;
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

    private void writeHints(String[] links) {
        if (!written && !exchange.isFinished() && exchange.minorVersion() > 0) {
            HeadEncoder head = exchange.encoder();
            head.startHints(links);
            exchange.send(head, null);
        }
    }

    private Fields ownFields() {
        if (fields == Fields.NONE) {
            fields = new Fields();
        }
        return fields;
    }

    @Override
    public Optional<String> header(String name) {
        return fields.first(requireNonNull(name, "name"));
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
        sendBytes(requireNonNull(body, "body").getBytes(UTF_8), Content.TEXT);
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
            write(EMPTY, Content.OTHER);
        } else {
            exchange.onLoop(() -> write(EMPTY, Content.OTHER));
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
            case null -> write(EMPTY, Content.OTHER);
            case byte[] bytes -> write(bytes, Content.BYTES);
            case ByteBuffer bytes -> write(bytes, Content.BYTES);
            default -> write(value.toString().getBytes(UTF_8), Content.TEXT);
        }
    }

    private void write(byte[] body, Content content) {
        if (!isOpen() || !fits(body.length)) {
            return;
        }
        if (filter != null && !exchange.isHead()) {
            writeFiltered(ByteBuffer.wrap(body), content);
            return;
        }
        HeadEncoder head = headOfWhole(body.length, content);
        exchange.sendWhole(head, exchange.isHead() ? EMPTY : body);
        exchange.done();
    }

    private void write(ByteBuffer body, Content content) {
        if (!isOpen() || !fits(body.remaining())) {
            return;
        }
        if (filter != null && !exchange.isHead()) {
            writeFiltered(body, content);
            return;
        }
        HeadEncoder head = headOfWhole(body.remaining(), content);
        exchange.send(head, exchange.isHead() ? null : body);
        exchange.done();
    }

    private void write(FileBody body) {
        if (!isOpen() || !fits(body.length())) {
            body.close();
        } else if (filter != null && !exchange.isHead()) {
            if (!fields.has("Content-Type")) {
                ownFields().add("Content-Type", "application/octet-stream");
            }
            var writer = new StreamWriter(exchange, this, -1);
            writeStart(writer);
            send(body.input(), writer);
        } else {
            exchange.send(headOfWhole(body.length(), Content.BYTES), null);
            if (exchange.isHead()) {
                body.close();
            } else {
                exchange.sendFile(body);
            }
            exchange.done();
        }
    }

    private void writeFiltered(ByteBuffer body, Content content) {
        ByteBuffer filtered;
        try {
            filtered = body.hasRemaining() ? filtered(body, true) : body;
        } catch (RuntimeException problem) {
            exchange.fail(problem);
            return;
        }
        if (fields.has("Content-Length")) {
            fields.remove("Content-Length");
        }
        HeadEncoder head = headOfWhole(filtered.remaining(), content);
        exchange.send(head, filtered);
        exchange.done();
    }

    /// {@return what is sent in the place of `bytes`}
    ByteBuffer filtered(ByteBuffer bytes, boolean last) {
        return filter == null ? bytes : filter.filter(bytes, last);
    }

    /// {@return whether the head can be written, after what wants to happen right before}
    private boolean isOpen() {
        return !written && !exchange.isFinished() && exchange.answering();
    }

    /// {@return the head of an answer with a body of `length` bytes}
    private HeadEncoder headOfWhole(long length, Content content) {
        written = true;
        exchange.keep(this);
        HeadEncoder head = startHead();
        head.contentType(fields.has("Content-Type") ? Content.OTHER : content);
        boolean isKnown = filter == null || !exchange.isHead();
        if (isKnown && !fields.has("Content-Length") && status != 204 && status != 304) {
            head.contentLength(length);
        }
        finishHead(head);
        return head;
    }

    /// Looks at the body and the status together, now that neither can change any more.
    /// @return false if they do not fit, and a failure was answered
    private boolean fits(long length) {
        String problem = null;
        if (length > 0 && !Status.allowsBody(status)) {
            problem = noBody(length);
        } else if (!exchange.isHead() && status != 304) {
            long announced = announced();
            problem = announced < 0 || announced == length
                    ? null
                    : "Content-Length is " + announced + ", but the body has " + length + " bytes";
        }
        if (problem != null) {
            exchange.fail(new IllegalStateException(problem));
        }
        return problem == null;
    }

    private String noBody(long length) {
        return "an answer of status " + status + " has no body: " + length + " bytes";
    }

    private long announced() {
        return fields.size() == 0 ? -1 : fields.first("Content-Length").map(Long::parseLong).orElse(-1L);
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

    private void writeStart(StreamWriter writer) {
        if (!isOpen()) {
            writer.cut();
            return;
        }
        if (filter != null && fields.has("Content-Length") && !exchange.isHead()) {
            fields.remove("Content-Length");
        }
        written = true;
        exchange.keep(this);
        HeadEncoder head = startHead();
        boolean delimited = exchange.isHead() || fields.has("Content-Length");
        boolean chunked = !delimited && exchange.minorVersion() == 1;
        if (chunked) {
            head.chunked();
        } else if (!delimited) {
            exchange.closeAfter();
        }
        finishHead(head);
        writer.opened(!exchange.isHead(), chunked);
        exchange.send(head, null);
        exchange.streaming(writer);
    }

    private HeadEncoder startHead() {
        HeadEncoder head = exchange.encoder();
        head.start(status, exchange.date(), fields);
        return head;
    }

    private void finishHead(HeadEncoder head) {
        head.connection(exchange.willClose(), exchange.minorVersion());
        head.end();
    }

    // ---- failures

    boolean isWritten() {
        return written;
    }

    /// Writes a problem in place of whatever was to be sent.
    void writeProblem(int code, String detail, @Nullable HttpException origin) {
        claimed = true;
        status = (short) code;
        fields = new Fields();
        filter = null;
        if (origin != null) {
            origin.forEachHeader(fields::add);
        }
        fields.remove("Content-Length");
        fields.set("Content-Type", Problem.TYPE);
        write(Problem.body(code, detail, origin), Content.OTHER);
    }

    @Override
    public void fail(Throwable problem) {
        exchange.fail(problem);
    }

    @Override
    public void send(InputStream body) {
        requireNonNull(body, "body");
        send(body, start());
    }

    private void send(InputStream body, BodyWriter writer) {
        Scope scope = exchange.scope();
        Thread.ofVirtual().start(() -> scope.run(() -> pump(body, writer)));
    }

    private void pump(InputStream body, BodyWriter writer) {
        Thread pump = Thread.currentThread();
        try (Registration _ = exchange.scope().onCancel(why -> pump.interrupt());
                body) {
            OutputStream output = writer.output(); // is not closed after a failure: that would be an orderly end
            body.transferTo(output);
            output.close();
        } catch (Throwable problem) {
            if (!exchange.isAborted() && !exchange.scope().cancelled()) {
                exchange.fail(problem);
            }
        }
    }

    @Override
    public void pass() {
        if (claimed) {
            throw alreadySent();
        }
        exchange.pass();
    }
}
