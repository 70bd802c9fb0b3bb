package dev.thrum.plugins;

import dev.thrum.http.HttpException;
import dev.thrum.http.Request;
import dev.thrum.http.Response;
import dev.thrum.plugins.ByteRanges.Part;
import dev.thrum.plugins.FileTree.Found;
import dev.thrum.scope.Scope;
import dev.thrum.system.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;

/// One directory of files under one prefix: looks a file up on the lane, in one go, and sends it from the loop.
final class FileSite {
    private static final int SMALL = 64 << 10; // read at once; larger files are streamed
    private static final int MISSING = 404;

    private final String prefix; // ends with a slash
    private final FileTree tree;
    private final StaticFiles.Config config;
    private final Disk disk;

    FileSite(String prefix, Path root, StaticFiles.Config config, Disk disk) {
        this.prefix = prefix;
        this.tree = new FileTree(root, config.has(StaticFiles.Option.HIDDEN));
        this.config = config;
        this.disk = disk;
    }

    /// Sends what is at a path, or passes the request on.
    void handle(Request request, Response response) {
        String path = request.path();
        FileWish wish = FileWish.of(request);
        boolean navigation = isNavigation(request);
        boolean json = request.header("Accept").orElse("").startsWith("application/json");
        String query = request.query().map(text -> "?" + text).orElse("");
        disk.lane()
                .submit(() -> answer(path, query, wish, navigation, json))
                .tap(answer -> send(answer, response))
                .recover(Throwable.class, problem -> failed(response, problem));
    }

    private static void send(FileAnswer answer, Response response) {
        if (answer.status() == MISSING) {
            response.pass();
        } else {
            answer.send(response);
        }
    }

    private static FileAnswer failed(Response response, Throwable problem) {
        if (!Scope.current().cancelled()) {
            response.fail(
                    problem instanceof RejectedExecutionException
                            ? new HttpException(503, "too many files are asked for", problem).withHeader("Retry-After", "1")
                            : problem);
        }
        return new FileAnswer(MISSING);
    }

    /// {@return whether a browser wants a page, for the user to look at}
    private static boolean isNavigation(Request request) {
        return request.header("Accept").orElse("").contains("text/html")
                && request.header("Sec-Fetch-Mode").orElse("navigate").equals("navigate");
    }

    // ---- on the lane

    private FileAnswer answer(String path, String query, FileWish wish, boolean navigation, boolean json)
            throws IOException {
        if (path.length() < prefix.length()) {
            return moved(path, query);
        }
        boolean asDirectory = path.endsWith("/");
        String below = path.substring(prefix.length(), path.length() - (asDirectory && path.length() > prefix.length() ? 1 : 0));
        Optional<Found> found = tree.find(below);
        if (found.isPresent() && found.get().attributes().isDirectory()) {
            return asDirectory ? directory(found.get(), below, path, wish, json) : moved(path, query);
        }
        if (found.isPresent() && found.get().attributes().isRegularFile() && !asDirectory) {
            return file(found.get(), below, wish);
        }
        return navigation && !config.fallback().isEmpty() ? fallback(wish) : new FileAnswer(MISSING);
    }

    private static FileAnswer moved(String path, String query) {
        return new FileAnswer(308).with("Location", UriPaths.encoded(path) + "/" + query);
    }

    private FileAnswer directory(Found directory, String below, String path, FileWish wish, boolean json) throws IOException {
        String index = below.isEmpty() ? config.index() : below + "/" + config.index();
        Optional<Found> page = tree.find(index).filter(entry -> entry.attributes().isRegularFile());
        if (page.isPresent()) {
            return file(page.get(), index, wish);
        }
        return config.has(StaticFiles.Option.LISTING)
                ? Listing.of(tree, directory, path, json)
                : new FileAnswer(MISSING);
    }

    private FileAnswer fallback(FileWish wish) throws IOException {
        Optional<Found> page = tree.find(config.fallback()).filter(entry -> entry.attributes().isRegularFile());
        return page.isPresent() ? file(page.get(), config.fallback(), wish) : new FileAnswer(MISSING);
    }

    /// {@return the answer for a file, or for a packed one beside it}
    private FileAnswer file(Found plain, String below, FileWish wish) throws IOException {
        Found file = plain;
        Optional<Coding> coding = Optional.empty();
        if (config.has(StaticFiles.Option.PRECOMPRESSED)) {
            for (Coding each : config.codings(wish.codings())) {
                Optional<Found> packed = tree.find(below + "." + each.extension())
                        .filter(entry -> entry.attributes().isRegularFile());
                if (packed.isPresent()) {
                    file = packed.get();
                    coding = Optional.of(each);
                    break;
                }
            }
        }
        try {
            return opened(file, plain, coding, wish);
        } catch (FileSystemException gone) {
            return new FileAnswer(MISSING); // deleted, swapped or forbidden meanwhile
        }
    }

    private FileAnswer opened(Found file, Found plain, Optional<Coding> coding, FileWish wish) throws IOException {
        FileChannel channel = tree.open(file);
        boolean kept = false;
        try {
            FileAnswer answer = file(file, plain, coding, wish, channel);
            kept = answer.isStreamed();
            return answer;
        } finally {
            if (!kept) {
                channel.close();
            }
        }
    }

    private FileAnswer file(Found file, Found plain, Optional<Coding> coding, FileWish wish, FileChannel channel)
            throws IOException {
        long size = channel.size();
        Instant modified = file.attributes().lastModifiedTime().toInstant();
        String tag = tag(modified, size, coding);
        int status = wish.judge(tag, modified);
        FileAnswer answer = new FileAnswer(status).with("ETag", tag).with("Last-Modified", HttpDates.format(modified));
        answer.with("Cache-Control", config.cacheControl(plain.name()));
        if (config.has(StaticFiles.Option.PRECOMPRESSED)) {
            answer.with("Vary", "Accept-Encoding");
        }
        if (status != 200) {
            return answer;
        }
        coding.ifPresent(each -> answer.with("Content-Encoding", each.token()));
        answer.with("Content-Type", config.types().of(plain.name()))
                .with("Accept-Ranges", "bytes")
                .with("X-Content-Type-Options", "nosniff");
        Optional<List<Part>> parts = wish.rangeOf(tag, modified).flatMap(header -> ByteRanges.parse(header, size));
        return parts.isPresent() ? parts(answer, file, channel, parts.get(), size) : whole(answer, wish.head(), file, channel, size);
    }

    private static String tag(Instant modified, long size, Optional<Coding> coding) {
        long nanos = Math.addExact(Math.multiplyExact(modified.getEpochSecond(), 1_000_000_000L), modified.getNano());
        return '"' + Long.toHexString(nanos) + '-' + Long.toHexString(size)
                + coding.map(each -> "-" + each.token()).orElse("") + '"';
    }

    private FileAnswer whole(FileAnswer answer, boolean head, Found file, FileChannel channel, long size) throws IOException {
        if (head) {
            return answer.withLength(size);
        }
        if (size <= SMALL) {
            ByteBuffer bytes = ByteBuffer.allocate((int) size);
            while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
                // until it is full, or the file ends
            }
            byte[] read = new byte[bytes.flip().remaining()];
            bytes.get(read);
            return answer.withBytes(read);
        }
        return answer.withPart(disk.adopt(file.real(), channel), new Part(0, size));
    }

    private FileAnswer parts(FileAnswer answer, Found file, FileChannel channel, List<Part> parts, long size)
            throws IOException {
        if (parts.isEmpty()) {
            return new FileAnswer(416).with("Content-Range", "bytes */" + size);
        }
        FileAnswer partial = answer.partial();
        return parts.size() == 1
                ? partial.with("Content-Range", FileAnswer.range(parts.getFirst(), size))
                        .withPart(disk.adopt(file.real(), channel), parts.getFirst())
                : partial.withParts(disk.adopt(file.real(), channel), parts, size);
    }
}
