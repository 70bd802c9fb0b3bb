package dev.thrum.plugins;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/// The types of files, by the ends of their names. Immutable.
/// @param added what is known besides the usual ones, by extension
record FileTypes(Map<String, String> added) {
    private static final String UNKNOWN = "application/octet-stream";
    private static final Map<String, String> USUAL = new HashMap<>();

    static {
        usual("text/html; charset=utf-8", "html", "htm");
        usual("text/css; charset=utf-8", "css");
        usual("text/javascript; charset=utf-8", "js", "mjs");
        usual("text/plain; charset=utf-8", "txt", "log", "text");
        usual("text/markdown; charset=utf-8", "md");
        usual("text/csv; charset=utf-8", "csv");
        usual("text/calendar; charset=utf-8", "ics");
        usual("text/vtt; charset=utf-8", "vtt");
        usual("application/json", "json", "map");
        usual("application/ld+json", "jsonld");
        usual("application/manifest+json", "webmanifest");
        usual("application/xml", "xml", "xsl");
        usual("application/atom+xml", "atom");
        usual("application/rss+xml", "rss");
        usual("application/wasm", "wasm");
        usual("application/pdf", "pdf");
        usual("application/zip", "zip");
        usual("application/gzip", "gz", "tgz");
        usual("application/zstd", "zst");
        usual("application/x-tar", "tar");
        usual("application/x-7z-compressed", "7z");
        usual("application/x-bzip2", "bz2");
        usual("application/x-xz", "xz");
        usual("application/java-archive", "jar");
        usual("application/yaml", "yaml", "yml");
        usual("application/epub+zip", "epub");
        usual("application/rtf", "rtf");
        usual("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx");
        usual("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx");
        usual("application/vnd.openxmlformats-officedocument.presentationml.presentation", "pptx");
        usual("application/vnd.oasis.opendocument.text", "odt");
        usual("application/vnd.oasis.opendocument.spreadsheet", "ods");
        usual("image/png", "png");
        usual("image/jpeg", "jpg", "jpeg");
        usual("image/gif", "gif");
        usual("image/webp", "webp");
        usual("image/avif", "avif");
        usual("image/svg+xml", "svg");
        usual("image/bmp", "bmp");
        usual("image/tiff", "tif", "tiff");
        usual("image/vnd.microsoft.icon", "ico");
        usual("font/woff", "woff");
        usual("font/woff2", "woff2");
        usual("font/ttf", "ttf");
        usual("font/otf", "otf");
        usual("audio/mpeg", "mp3");
        usual("audio/ogg", "ogg", "oga", "opus");
        usual("audio/wav", "wav");
        usual("audio/flac", "flac");
        usual("audio/aac", "aac");
        usual("audio/mp4", "m4a");
        usual("video/mp4", "mp4", "m4v");
        usual("video/webm", "webm");
        usual("video/ogg", "ogv");
        usual("video/quicktime", "mov");
        usual("video/x-matroska", "mkv");
    }

    private static void usual(String type, String... extensions) {
        for (String extension : extensions) {
            USUAL.put(extension, type);
        }
    }

    FileTypes with(String extension, String type) {
        if (!extension.matches("[A-Za-z0-9_-]+")) {
            throw new IllegalArgumentException("an extension has letters, digits and dashes, and no dot: " + extension);
        }
        if (!type.matches("[A-Za-z0-9!#$&^_.+-]+/[A-Za-z0-9!#$&^_.+-]+(; *[a-z]+=[A-Za-z0-9-]+)?")) {
            throw new IllegalArgumentException("a media type is written like text/html; charset=utf-8: " + type);
        }
        Map<String, String> more = new HashMap<>(added);
        more.put(extension.toLowerCase(Locale.ROOT), type);
        return new FileTypes(Map.copyOf(more));
    }

    /// {@return the type of a file}
    String of(String name) {
        int dot = name.lastIndexOf('.');
        String extension = name.substring(dot + 1).toLowerCase(Locale.ROOT);
        String type = added.get(extension);
        return type != null ? type : dot < 0 ? UNKNOWN : USUAL.getOrDefault(extension, UNKNOWN);
    }
}
