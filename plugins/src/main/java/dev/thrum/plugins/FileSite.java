package dev.thrum.plugins;

import dev.thrum.http.Request;
import dev.thrum.http.Response;
import dev.thrum.plugins.FileTree.Found;
import dev.thrum.system.Disk;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.Optional;

/// One directory of files under one prefix: looks a file up on the lane, in one go, and sends it from the loop.
final class FileSite {
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
                .recover(Throwable.class, problem -> FileAnswer.failed(response, problem));
    }

    private static void send(FileAnswer answer, Response response) {
        if (answer.status() == MISSING) {
            response.pass();
        } else {
            answer.send(response);
        }
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
        var sent = new SentFile(
                file.real(),
                config.types().of(plain.name()),
                config.cacheControl(plain.name()),
                coding,
                config.has(StaticFiles.Option.PRECOMPRESSED));
        try {
            return sent.answer(tree.open(file), file.attributes().lastModifiedTime().toInstant(), wish, disk);
        } catch (FileSystemException gone) {
            return new FileAnswer(MISSING); // deleted, swapped or forbidden meanwhile
        }
    }
}
