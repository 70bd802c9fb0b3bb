package dev.thrum.plugins;

import static java.util.Objects.requireNonNull;

import dev.thrum.http.Request;
import dev.thrum.http.Response;
import dev.thrum.system.Disk;
import dev.thrum.web.Plugin;
import dev.thrum.web.WebApp;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URL;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Files that come with the program, from its own jar or wherever else it finds them; those of a directory are [StaticFiles].
///
/// ```java
/// app.install(Resources.of("/", name -> Shop.class.getResource("site/" + name)));
/// ```
///
/// Each is read once, when it is asked for first, and kept: they do not change while the program runs, and there are only so many. GET
/// and HEAD are answered with length, type and an `ETag` of the content, which is the same wherever the program runs;
/// `If-None-Match` and `If-Match` are followed. A path that ends with a slash is its page, `index.html`. Names that begin with a dot,
/// names of classes, and those that some system takes for something else than a file are not there. A request for what is not there is
/// passed to the next route.
///
/// **Threads.** The source is read on the lane of [Disk#shared]. Any; nothing blocks.
/// **Failure.** What the source throws is answered with 500, and reported.
public final class Resources implements Plugin {
    private static final String PAGE = "index.html";

    private final Config config;
    private final Function<String, @Nullable URL> source;
    private final Map<String, Resource> known = new ConcurrentHashMap<>(); // those that are there, and no others

    private record Config(String prefix, Duration maxAge) {}

    private record Resource(ByteBuffer content, String type, String tag) {}

    private Resources(Config config, Function<String, @Nullable URL> source) {
        this.config = config;
        this.source = source;
    }

    /// {@return the plugin}
    /// @param prefix what the paths of its files begin with, such as `/assets`, or `/`
    /// @param source finds a file by its name below the prefix, without a slash at its start and without `..`; null if there is none. A
    ///     class's `getResource` sees what its module has
    /// @throws IllegalArgumentException if `prefix` does not begin with a slash, or is no canonical path
    public static Resources of(String prefix, Function<String, @Nullable URL> source) {
        return new Resources(new Config(StaticFiles.canonical(prefix), Duration.ZERO), requireNonNull(source, "source"));
    }

    /// {@return this with a time for which files may be kept without asking again} Zero until then: clients keep them, and ask
    /// each time whether they have changed.
    /// @param age how long
    /// @throws IllegalArgumentException if `age` is negative
    public Resources withMaxAge(Duration age) {
        if (requireNonNull(age, "age").isNegative()) {
            throw new IllegalArgumentException("age must not be negative: " + age);
        }
        return new Resources(new Config(config.prefix, age), source);
    }

    @Override
    public Optional<Record> configuration() {
        return Optional.of(config);
    }

    @Override
    public void install(WebApp app) {
        String prefix = config.prefix;
        List<String> patterns = new ArrayList<>(List.of(prefix, prefix + "{file:path}"));
        if (prefix.length() > 1) {
            patterns.add(prefix.substring(0, prefix.length() - 1));
        }
        patterns.forEach(pattern -> app.get(pattern, this::handle));
    }

    private void handle(Request request, Response response) {
        String path = request.path();
        if (path.length() < config.prefix.length()) {
            String query = request.query().map(text -> "?" + text).orElse("");
            response.redirect(308, UriPaths.encoded(path) + "/" + query);
            return;
        }
        String name = path.substring(config.prefix.length()) + (path.endsWith("/") ? PAGE : "");
        Resource there = known.get(name);
        if (there != null) {
            answer(there, FileWish.of(request)).send(response);
        } else if (isVisible(name)) {
            read(name, FileWish.of(request), response);
        } else {
            response.pass();
        }
    }

    private static boolean isVisible(String name) {
        for (String each : name.split("/", -1)) {
            if (!FileTree.isName(each) || each.startsWith(".")) {
                return false;
            }
        }
        return !name.endsWith(".class");
    }

    private void read(String name, FileWish wish, Response response) {
        Disk.shared()
                .lane()
                .submit(() -> load(name))
                .tap(found -> found.ifPresentOrElse(
                        resource -> answer(resource, wish).send(response), response::pass))
                .recover(Throwable.class, problem -> failed(response, problem));
    }

    private static Optional<Resource> failed(Response response, Throwable problem) {
        FileAnswer.failed(response, problem);
        return Optional.empty();
    }

    private FileAnswer answer(Resource resource, FileWish wish) {
        int status = wish.judge(resource.tag);
        FileAnswer answer = new FileAnswer(status)
                .with("ETag", resource.tag)
                .with("Cache-Control", config.maxAge.isZero() ? "no-cache" : "public, max-age=" + config.maxAge.toSeconds());
        if (status != 200) {
            return answer;
        }
        answer.with("Content-Type", resource.type).with("X-Content-Type-Options", "nosniff");
        return wish.head()
                ? answer.withLength(resource.content.remaining())
                : answer.withBytes(resource.content.duplicate());
    }

    // ---- on the lane

    private Optional<Resource> load(String name) throws IOException {
        URL url = source.apply(name);
        if (url == null || isDirectory(url)) {
            return Optional.empty();
        }
        try (InputStream in = url.openStream()) {
            byte[] bytes = in.readAllBytes();
            Resource resource = new Resource(ByteBuffer.wrap(bytes), new FileTypes(Map.of()).of(name), tag(bytes));
            known.put(name, resource);
            return Optional.of(resource);
        }
    }

    /// {@return whether it is a directory, which would be read as a list of names, or as nothing}
    private static boolean isDirectory(URL url) throws IOException {
        if (url.openConnection() instanceof JarURLConnection jar) {
            return jar.getJarEntry() == null || jar.getJarEntry().isDirectory();
        }
        return url.getProtocol().equals("file") && Files.isDirectory(Path.of(URI.create(url.toString())));
    }

    private static String tag(byte[] bytes) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
            return '"' + HexFormat.of().formatHex(digest, 0, 16) + '"';
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
