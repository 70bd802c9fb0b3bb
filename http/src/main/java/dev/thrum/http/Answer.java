package dev.thrum.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.thrum.http.HeadEncoder.Content;
import dev.thrum.scope.Registration;
import dev.thrum.scope.Scope;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// What is to be answered, and how it becomes bytes: once, on the loop, by whoever has claimed it. A part of the response,
/// rather than an object of its own for each.
abstract sealed class Answer permits Http1Response {
    private static final byte[] EMPTY = {};

    final Http1Exchange exchange;
    Fields fields = Fields.NONE;
    @Nullable BodyFilter filter;
    short status = 200; // with the flag below in one word
    private boolean written; // loop thread only

    Answer(Http1Exchange exchange) {
        this.exchange = exchange;
    }

    Fields ownFields() {
        if (fields == Fields.NONE) {
            fields = new Fields();
        }
        return fields;
    }

    // ---- whole answers

    void writeNothing() {
        write(EMPTY, Content.OTHER);
    }

    void write(byte[] body, Content content) {
        if (!isOpen(body.length) || !fits(body.length)) {
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

    /// Puts a text of ASCII characters straight behind its head.
    void writeShort(String body) {
        if (!isOpen(body.length()) || !fits(body.length())) {
            return;
        }
        if (filter != null && !exchange.isHead()) {
            writeFiltered(ByteBuffer.wrap(body.getBytes(US_ASCII)), Content.TEXT);
            return;
        }
        HeadEncoder head = headOfWhole(body.length(), Content.TEXT);
        if (!exchange.isHead()) {
            head.append(body);
        }
        exchange.send(head, null);
        exchange.done();
    }

    void write(ByteBuffer body, Content content) {
        if (!isOpen(body.remaining()) || !fits(body.remaining())) {
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

    void write(FileBody body) {
        if (!isOpen(body.length()) || !fits(body.length())) {
            body.close();
        } else if (filter != null && !exchange.isHead()) {
            if (!fields.has("Content-Type")) {
                ownFields().add("Content-Type", "application/octet-stream");
            }
            var writer = new StreamWriter(exchange, this, -1);
            writeStart(writer);
            pump(body.input(), writer);
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
    private boolean isOpen(long length) {
        return !written && !exchange.isAnswered() && exchange.answering(length);
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

    String noBody(long length) {
        return "an answer of status " + status + " has no body: " + length + " bytes";
    }

    long announced() {
        return fields.size() == 0 ? -1 : fields.first("Content-Length").map(Long::parseLong).orElse(-1L);
    }

    // ---- streamed answers

    void writeStart(StreamWriter writer) {
        if (!isOpen(announced())) {
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

    /// Sends what `body` gives, from a thread of its own.
    void pump(InputStream body, BodyWriter writer) {
        Scope scope = exchange.scope();
        Thread.ofVirtual().start(() -> scope.run(() -> pumpHere(body, writer)));
    }

    private void pumpHere(InputStream body, BodyWriter writer) {
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

    // ---- others

    void writeHints(String[] links) {
        if (!written && !exchange.isAnswered() && exchange.minorVersion() > 0) {
            HeadEncoder head = exchange.encoder();
            head.startHints(links);
            exchange.send(head, null);
        }
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

    boolean isWritten() {
        return written;
    }

    /// Writes a problem in place of whatever was to be sent.
    void putProblem(int code, String detail, @Nullable HttpException origin) {
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
}
