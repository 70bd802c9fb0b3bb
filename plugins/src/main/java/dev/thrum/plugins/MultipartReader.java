package dev.thrum.plugins;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.WRITE;
import static java.util.Objects.requireNonNull;

import dev.thrum.http.BodySink;
import dev.thrum.http.HttpException;
import dev.thrum.http.Request;
import dev.thrum.promise.Promise;
import dev.thrum.scope.Scope;
import dev.thrum.system.Disk;
import dev.thrum.system.FileSink;
import dev.thrum.system.TempPath;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Reads one form: texts into memory, files to the disk, at the pace of the disk. Loop thread only.
final class MultipartReader implements BodySink {
    private final Multipart.Config config;
    private final Disk disk = Disk.shared();
    private final AtomicLong all; // bytes of the files of all requests
    private final Request request;
    private final Scope scope = Scope.current(); // of the request: temporary files belong to it
    private final MultipartParser parser;
    private final Promise<Boolean> taken = Promise.of(true);
    private final Variables.Builder fields = new Variables.Builder();
    private final List<Upload> files = new ArrayList<>();
    private int parts;
    private long held; // bytes of all texts
    private @Nullable PartHead head; // of the part that is being read
    private final ByteArrayOutputStream text = new ByteArrayOutputStream();
    private @Nullable TempPath file;
    private @Nullable FileSink sink;
    private long size; // of the file
    private long sizes; // of all files
    private boolean holding; // a part of `all`

    MultipartReader(Multipart.Config config, AtomicLong all, Request request, String boundary) {
        this.config = config;
        this.all = all;
        this.request = request;
        this.parser = new MultipartParser(boundary, config.partHead());
    }

    @Override
    public Promise<?> take(ByteBuffer bytes) {
        parser.feed(bytes);
        return goOn();
    }

    /// {@return when everything that was fed is dealt with}
    private Promise<?> goOn() {
        while (true) {
            Promise<?> step = switch (parser.next()) {
                case MORE, END -> null;
                case PART -> begin(PartHead.parse(parser.head()));
                case CONTENT -> content(parser.content());
                case PART_END -> end();
            };
            if (step == null) {
                return taken;
            }
            if (!(step.state() instanceof Promise.Fulfilled<?>)) {
                return step.then(done -> goOn());
            }
        }
    }

    private Promise<?> begin(PartHead next) {
        if (++parts > config.parts()) {
            throw new HttpException(413, "a form has " + config.parts() + " parts at most (limit parts)");
        }
        head = next;
        if (next.fileName().isEmpty()) {
            if (!next.isText()) {
                throw new HttpException(415, "the texts of a form must be UTF-8");
            }
            return taken;
        }
        size = 0;
        return scope.call(() -> disk.tempFile(config.directory(), TempNames.prefix(), "")).then(this::open);
    }

    private Promise<?> open(TempPath temporary) {
        file = temporary;
        scope.run(() -> request.onFinished(() -> remove(temporary)));
        return scope.call(() -> disk.sink(temporary.path(), WRITE)).tap(opened -> sink = opened);
    }

    private static void remove(TempPath temporary) {
        temporary.remove().recover(Throwable.class, problem -> {
            Scope.current().home().report(problem, Scope.current());
            return temporary.path();
        });
    }

    private Promise<?> content(ByteBuffer bytes) {
        if (sink != null) {
            size += bytes.remaining();
            if (size > config.file()) {
                throw tooLong("a file", config.file(), "file");
            }
            hold(bytes.remaining());
            return sink.write(bytes);
        }
        held += bytes.remaining();
        if (held > config.texts()) {
            throw tooLong("all texts of a form", config.texts(), "texts");
        }
        if (text.size() + bytes.remaining() > config.text()) {
            throw tooLong("a text of a form", config.text(), "text");
        }
        text.write(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
        return taken;
    }

    /// Takes a part of what all requests have together, until this one is over.
    private void hold(int bytes) {
        if (!holding) {
            holding = true;
            request.onFinished(() -> all.addAndGet(-sizes));
        }
        sizes += bytes;
        if (all.addAndGet(bytes) > config.all()) {
            throw new HttpException(503, "too many files are on their way (limit all)").withHeader("Retry-After", "10");
        }
    }

    private static HttpException tooLong(String what, long limit, String name) {
        return new HttpException(413, what + " has " + limit + " bytes at most (limit " + name + ")");
    }

    private Promise<?> end() {
        PartHead ended = requireNonNull(head);
        if (sink == null) {
            fields.add(ended.name(), utf8(text.toByteArray()));
            text.reset();
            return taken;
        }
        TempPath written = requireNonNull(file);
        FileSink closing = sink;
        sink = null;
        return closing.finish().tap(count -> files.add(new Upload(ended, written, disk, count)));
    }

    private static String utf8(byte[] bytes) {
        try {
            return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException malformed) {
            throw new HttpException(400, "the texts of a form must be UTF-8", malformed);
        }
    }

    /// {@return the form, now that the body is over}
    MultipartForm form() {
        if (!parser.isAtEnd()) {
            throw new HttpException(400, "the form ends without its last boundary");
        }
        return new MultipartForm(fields.build(), files);
    }

    /// Gives up.
    void abort() {
        FileSink open = sink;
        sink = null;
        if (open != null) {
            open.abort().recover(Throwable.class, known -> 0L); // what failed has been told already
        }
    }
}
