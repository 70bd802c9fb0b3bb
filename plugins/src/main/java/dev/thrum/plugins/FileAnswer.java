package dev.thrum.plugins;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.thrum.http.BodyWriter;
import dev.thrum.http.HttpException;
import dev.thrum.http.Response;
import dev.thrum.promise.Promise;
import dev.thrum.scope.Scope;
import dev.thrum.system.OpenFile;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;

/// What a client gets of a file: put together on the lane, sent by the loop.
final class FileAnswer {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private int status;
    private final Map<String, String> headers = new LinkedHashMap<>();
    private Content content = new Nothing();

    /// What the body is.
    private sealed interface Content {}

    private record Nothing() implements Content {}

    private record Bytes(ByteBuffer bytes) implements Content {}

    /// Sections of an open file, each with something before it, and something behind them all.
    private record Sections(OpenFile file, List<Section> sections, ByteBuffer behind) implements Content {}

    private record Section(ByteBuffer before, ByteRanges.Part part) {}

    FileAnswer(int status) {
        this.status = status;
    }

    FileAnswer with(String name, String value) {
        headers.put(name, value);
        return this;
    }

    FileAnswer partial() {
        status = 206;
        return this;
    }

    boolean isStreamed() {
        return content instanceof Sections;
    }

    int status() {
        return status;
    }

    String header(String name) {
        return headers.getOrDefault(name, "");
    }

    FileAnswer withLength(long length) {
        return with("Content-Length", Long.toString(length));
    }

    FileAnswer withBytes(ByteBuffer bytes) {
        content = new Bytes(bytes);
        return withLength(bytes.remaining());
    }

    FileAnswer withPart(OpenFile file, ByteRanges.Part part) {
        content = new Sections(file, List.of(new Section(NOTHING, part)), NOTHING);
        return withLength(part.length());
    }

    /// Takes several parts, as `multipart/byteranges` (RFC 9110 §14.6).
    FileAnswer withParts(OpenFile file, List<ByteRanges.Part> parts, long size) {
        String boundary = Secrets.randomText();
        String type = header("Content-Type");
        List<Section> sections = new ArrayList<>(parts.size());
        byte[] behind = ("\r\n--" + boundary + "--\r\n").getBytes(ISO_8859_1);
        long length = behind.length;
        for (ByteRanges.Part part : parts) {
            byte[] before = ((sections.isEmpty() ? "--" : "\r\n--") + boundary + "\r\nContent-Type: " + type
                            + "\r\nContent-Range: " + range(part, size) + "\r\n\r\n")
                    .getBytes(ISO_8859_1);
            sections.add(new Section(ByteBuffer.wrap(before), part));
            length += before.length + part.length();
        }
        content = new Sections(file, sections, ByteBuffer.wrap(behind));
        return with("Content-Type", "multipart/byteranges; boundary=" + boundary).withLength(length);
    }

    static String range(ByteRanges.Part part, long size) {
        return "bytes " + part.position() + "-" + (part.end() - 1) + "/" + size;
    }

    // ---- on the loop

    /// Sends it, at the pace of the client.
    void send(Response response) {
        response.status(status);
        headers.forEach(response::header);
        switch (content) {
            case Nothing _ -> response.send();
            case Bytes(var bytes) -> response.send(bytes);
            case Sections part when part.sections.size() == 1 -> sendPart(part.file, part.sections.getFirst().part, response);
            case Sections sections -> stream(sections, response);
        }
    }

    /// Leaves one part to the system, without a copy where the connection is plain.
    private static void sendPart(OpenFile file, ByteRanges.Part part, Response response) {
        try {
            response.send(file.channel(), part.position(), part.length()); // which closes it
        } catch (IllegalStateException answered) {
            file.close();
            throw answered;
        }
    }

    private static void stream(Sections content, Response response) {
        BodyWriter writer;
        try {
            writer = response.start();
        } catch (IllegalStateException answered) {
            content.file.close();
            throw answered;
        }
        sections(content, 0, writer)
                .then(done -> writer.write(content.behind))
                .tap(done -> writer.finish()) // a file that has become shorter has the connection aborted
                .<Object>map(done -> content)
                .recover(Throwable.class, problem -> failed(response, problem))
                .lastly(content.file::close);
    }

    private static Promise<?> sections(Sections content, int index, BodyWriter writer) {
        if (index == content.sections.size()) {
            return Promise.of(writer);
        }
        Section next = content.sections.get(index);
        return writer.write(next.before)
                .then(begun -> content.file.stream(next.part.position(), next.part.length(), writer::write))
                .then(count -> sections(content, index + 1, writer));
    }

    /// Answers what has kept a file from being sent.
    /// @return nothing that would be there
    static FileAnswer failed(Response response, Throwable problem) {
        if (!Scope.current().cancelled()) { // a client that went away is nothing special
            response.fail(
                    problem instanceof RejectedExecutionException
                            ? new HttpException(503, "too many files are asked for", problem).withHeader("Retry-After", "1")
                            : problem);
        }
        return new FileAnswer(404);
    }
}
