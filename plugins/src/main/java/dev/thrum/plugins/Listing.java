package dev.thrum.plugins;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// What is in a directory, as a page or as JSON. Names are written so that they are nothing but names, whatever is in them.
final class Listing {
    private static final int MOST = 10_000; // entries

    private record Item(String name, boolean directory, long size, Instant modified) {
        String label() {
            return directory ? name + "/" : name;
        }
    }

    private Listing() {}

    /// {@return the answer} Blocks, so it is for a lane.
    /// @param path of the request
    static FileAnswer of(FileTree tree, FileTree.Found directory, String path, boolean json) throws IOException {
        List<Item> items = items(tree, directory);
        var answer = new FileAnswer(200)
                .with("Content-Type", json ? "application/json" : "text/html; charset=utf-8")
                .with("Cache-Control", "no-cache")
                .with("Vary", "Accept")
                .with("X-Content-Type-Options", "nosniff")
                .with("Content-Security-Policy", "default-src 'none'");
        return answer.withBytes(UTF_8.encode(json ? json(items) : page(path, items)));
    }

    private static List<Item> items(FileTree tree, FileTree.Found directory) throws IOException {
        List<Item> items = new ArrayList<>();
        try (DirectoryStream<Path> names = Files.newDirectoryStream(directory.real())) {
            for (Path each : names) {
                String name = each.getFileName().toString();
                if (tree.isAllowed(name) && items.size() < MOST) {
                    String below = directory.root().relativize(directory.real()).resolve(name).toString();
                    Optional<FileTree.Found> entry = tree.find(below);
                    entry.ifPresent(found -> items.add(item(name, found.attributes())));
                }
            }
        }
        items.sort(Comparator.comparing((Item item) -> !item.directory()).thenComparing(Item::name));
        return items;
    }

    private static Item item(String name, BasicFileAttributes attributes) {
        return new Item(name, attributes.isDirectory(), attributes.size(), attributes.lastModifiedTime().toInstant());
    }

    private static String page(String path, List<Item> items) {
        var html = new StringBuilder("<!doctype html>\n<meta charset=\"utf-8\">\n<title>")
                .append(escaped(path))
                .append("</title>\n<h1>")
                .append(escaped(path))
                .append("</h1>\n<ul>\n");
        if (!path.equals("/")) {
            html.append("<li><a href=\"../\">../</a>\n");
        }
        for (Item item : items) {
            html.append("<li><a href=\"./")
                    .append(escaped(UriPaths.encoded(item.label())))
                    .append("\">")
                    .append(escaped(item.label()))
                    .append("</a>")
                    .append(item.directory() ? "" : " " + item.size())
                    .append('\n');
        }
        return html.append("</ul>\n").toString();
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }

    private static String json(List<Item> items) {
        var json = new StringBuilder("[");
        for (Item item : items) {
            json.append(json.length() == 1 ? "\n{\"name\":" : ",\n{\"name\":");
            JsonText.quote(json, item.name());
            json.append(",\"directory\":")
                    .append(item.directory())
                    .append(",\"size\":")
                    .append(item.directory() ? 0 : item.size())
                    .append(",\"modified\":\"")
                    .append(HttpDates.seconds(item.modified()))
                    .append("\"}");
        }
        return json.append("\n]\n").toString();
    }
}
