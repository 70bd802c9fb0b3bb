package dev.thrum.plugins;

import static java.util.Objects.requireNonNull;

import dev.thrum.system.Disk;
import dev.thrum.web.Plugin;
import dev.thrum.web.WebApp;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// Files of directories, for everybody to read (Wookie's plugin `directory-router`).
///
/// ```java
/// app.install(StaticFiles.of("/assets", Path.of("public")).withMaxAge(Duration.ofHours(1)).withPrecompressed());
/// app.install(StaticFiles.of("/", Path.of("dist")).withFallback("index.html"));         // a page with routes of its own
/// ```
///
/// Nothing outside of a directory can be reached: not by the path, and not by a link, which may lead around inside. Names that begin
/// with a dot are not there, unless [#withHidden] says otherwise, nor are names that some system takes for a device, a
/// stream or another file. A request for what is not there is passed to the next route.
///
/// GET and HEAD are answered with length, type, `ETag` and `Last-Modified`; conditions (`If-Match`, `If-None-Match`,
/// `If-Modified-Since`, `If-Unmodified-Since`, `If-Range`) and ranges, several too, are followed. For a directory there is its
/// page, `index.html`.
///
/// **Threads.** Files are looked up, and small ones read, on the lane of [Disk#shared]. A large one is left to the system, without a
/// copy where the connection is plain ([dev.thrum.http.Response#send(java.nio.channels.FileChannel, long, long)]); several parts
/// are read on the lane, piece by piece; all as fast as the client takes them. Immutable.
/// **Failure.** Where too many files are asked for at once, a request is answered 503. A file that becomes shorter while it
/// is sent has the connection aborted.
public final class StaticFiles implements Plugin {
    private static final Pattern FINGERPRINT = Pattern.compile(".*[.-][0-9a-fA-F]{8,64}\\.[^/]+");
    private static final List<Coding> CODINGS = List.of(Coding.BROTLI, Coding.ZSTD, Coding.GZIP);

    private final Config config;

    /// What may be asked for.
    enum Option {
        LISTING,
        HIDDEN,
        PRECOMPRESSED,
        FINGERPRINTS
    }

    record Config(
            Map<String, Path> directories,
            Set<Option> options,
            String index,
            String fallback,
            Duration maxAge,
            FileTypes types) {

        boolean has(Option option) {
            return options.contains(option);
        }

        String cacheControl(String name) {
            if (has(Option.FINGERPRINTS) && FINGERPRINT.matcher(name).matches()) {
                return "public, max-age=31536000, immutable";
            }
            return maxAge.isZero() ? "no-cache" : "public, max-age=" + maxAge.toSeconds();
        }

        /// {@return the codings that the client accepts, in the order in which they are looked for}
        List<Coding> codings(AcceptedCodings accepted) {
            return CODINGS.stream().filter(coding -> accepted.quality(coding.token()) > 0).toList();
        }
    }

    private StaticFiles(Config config) {
        this.config = config;
    }

    /// {@return the plugin for one directory}
    /// @param prefix what the paths of its files begin with, such as `/assets`, or `/`
    /// @param directory where they are; need not exist yet
    /// @throws IllegalArgumentException if `prefix` does not begin with a slash, or is no canonical path
    public static StaticFiles of(String prefix, Path directory) {
        Config config = new Config(Map.of(), Set.of(), "index.html", "", Duration.ZERO, new FileTypes(Map.of()));
        return new StaticFiles(config).and(prefix, directory);
    }

    /// {@return this for one directory more}
    /// @param prefix as for [#of]
    /// @param directory as for [#of]
    /// @throws IllegalArgumentException as [#of], or if the prefix is taken
    public StaticFiles and(String prefix, Path directory) {
        String canonical = canonical(prefix);
        Map<String, Path> directories = new LinkedHashMap<>(config.directories);
        if (directories.put(canonical, requireNonNull(directory, "directory")) != null) {
            throw new IllegalArgumentException("a prefix has one directory: " + prefix);
        }
        Config c = config;
        return new StaticFiles(new Config(directories, c.options, c.index, c.fallback, c.maxAge, c.types));
    }

    /// {@return `prefix` with a slash at its end}
    static String canonical(String prefix) {
        String canonical = requireNonNull(prefix, "prefix").endsWith("/") ? prefix : prefix + "/";
        if (!prefix.startsWith("/") || canonical.contains("//") || canonical.matches(".*(/\\.{1,2}/|[{}?#]).*")) {
            throw new IllegalArgumentException("a prefix is a canonical path such as /assets: " + prefix);
        }
        return canonical;
    }

    private StaticFiles with(Option option) {
        Set<Option> options = EnumSet.of(option);
        options.addAll(config.options);
        Config c = config;
        return new StaticFiles(new Config(c.directories, options, c.index, c.fallback, c.maxAge, c.types));
    }

    /// {@return this with a list of the files in directories that have no page: as a page, or as JSON for those who ask for
    /// `application/json`}
    public StaticFiles withListing() {
        return with(Option.LISTING);
    }

    /// {@return this with the files whose name begins with a dot}
    public StaticFiles withHidden() {
        return with(Option.HIDDEN);
    }

    /// {@return this with packed files: `page.html.br`, `.zst` or `.gz` beside `page.html` is sent in its place to whoever
    /// accepts it}
    public StaticFiles withPrecompressed() {
        return with(Option.PRECOMPRESSED);
    }

    /// {@return this with files that never change: those whose name has a fingerprint, such as `app.3f2a91bc.js`, may be kept
    /// for a year without asking again}
    public StaticFiles withFingerprints() {
        return with(Option.FINGERPRINTS);
    }

    /// {@return this with another page for directories}
    /// @param name the name of a file in each directory
    /// @throws IllegalArgumentException if it is empty, or has a slash
    public StaticFiles withIndex(String name) {
        if (requireNonNull(name, "name").isEmpty() || name.contains("/")) {
            throw new IllegalArgumentException("the page of a directory is a file in it: \"" + name + '"');
        }
        Config c = config;
        return new StaticFiles(new Config(c.directories, c.options, name, c.fallback, c.maxAge, c.types));
    }

    /// {@return this with a page that is sent to browsers in the place of what is not there, for an application that has routes
    /// of its own in the page} Only when the user goes there: scripts and pictures that are missing stay so.
    /// @param name a file in the directory
    /// @throws IllegalArgumentException if it is empty
    public StaticFiles withFallback(String name) {
        if (requireNonNull(name, "name").isEmpty()) {
            throw new IllegalArgumentException("the fallback is a file in the directory, such as index.html");
        }
        Config c = config;
        return new StaticFiles(new Config(c.directories, c.options, c.index, name, c.maxAge, c.types));
    }

    /// {@return this with a time for which files may be kept without asking again} Zero until then: clients keep them, and ask
    /// each time whether they have changed.
    /// @param age how long
    /// @throws IllegalArgumentException if `age` is negative
    public StaticFiles withMaxAge(Duration age) {
        if (requireNonNull(age, "age").isNegative()) {
            throw new IllegalArgumentException("age must not be negative: " + age);
        }
        Config c = config;
        return new StaticFiles(new Config(c.directories, c.options, c.index, c.fallback, age, c.types));
    }

    /// {@return this with a type for files that end in a certain way}
    /// @param extension without the dot, in any case
    /// @param type such as `text/html; charset=utf-8`
    /// @throws IllegalArgumentException if one of the two is not written like this
    public StaticFiles withType(String extension, String type) {
        Config c = config;
        return new StaticFiles(
                new Config(c.directories, c.options, c.index, c.fallback, c.maxAge, c.types.with(extension, type)));
    }

    @Override
    public Optional<Record> configuration() {
        return Optional.of(config);
    }

    @Override
    public void install(WebApp app) {
        config.directories.forEach((prefix, directory) -> {
            FileSite site = new FileSite(prefix, directory, config, Disk.shared());
            List<String> patterns = new ArrayList<>(List.of(prefix, prefix + "{file:path}"));
            if (prefix.length() > 1) {
                patterns.add(prefix.substring(0, prefix.length() - 1));
            }
            patterns.forEach(pattern -> app.get(pattern, site::handle));
        });
    }
}
