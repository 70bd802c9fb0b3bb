package dev.thrum.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.stream.Stream;

/// What a fuzzer may ask for: whatever passes as a path has one form, and nothing that could mean more than it says (S15).
public final class PathFuzz {
    private PathFuzz() {}

    /// {@return inputs to start from, and those that have found something}
    static List<byte[]> seeds() {
        return Stream.of(
                        "/",
                        "/a/b/../c/./d//e",
                        "/%61%2e%2e/..",
                        "/..%2f",
                        "/%c3%a9/%ff",
                        "/%",
                        "/a/%2e%2e/%2e%2e",
                        "//a///",
                        "/a/..;/b",
                        "/%00")
                .map(path -> path.getBytes(US_ASCII))
                .toList();
    }

    /// The fuzzer's entrance.
    /// @param input whatever it makes up
    public static void fuzzerTestOneInput(byte[] input) {
        String path;
        try {
            path = CanonicalPath.of(input, 0, input.length);
        } catch (HttpException refused) {
            return;
        }
        String closed = path.endsWith("/") ? path : path + "/";
        if (!path.startsWith("/") || closed.contains("//") || closed.contains("/./") || closed.contains("/../")) {
            throw new AssertionError("not canonical: " + path);
        }
        byte[] again = path.getBytes(UTF_8);
        if (path.indexOf('%') < 0 && !CanonicalPath.of(again, 0, again.length).equals(path)) {
            throw new AssertionError("not the last form: " + path);
        }
    }
}
