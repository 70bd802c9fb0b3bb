package dev.thrum.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Every spelling of a path that tries to leave the root, or to look like another path: it is refused, or handed out in the
/// one canonical form, decoded once.
@Tag("S15")
class S15CanonicalPathTest {
    private static final List<String> SEGMENTS = List.of(
            "..", ".", "", "...", "..;", ";..", "..;x=1", ".;", "..%3b", "..%3B", "%2e", "%2E", "%2e%2e", "%2E%2e", ".%2e", "%2e.",
            "%2e%2e%2f", "..%2f", "..%2F", "%2f", "..%5c", "..%5C", "%5c", "..%00", "%00", "..%0a", "..%7f", "..%20", "..%09", "..+",
            "%252e%252e", "%252e%252e%252f", "..%252f", "%25%32%65", "%25%32%66", "%c0%ae%c0%ae", "%c0%af", "..%c0%af", "%e0%80%ae",
            "%e0%80%af", "%f0%80%80%ae", "%c1%9c", "%fe", "%ff", "%ef%bc%8e%ef%bc%8e", "%ef%bc%8f", "%e2%88%95", "%u002e", "%u2215",
            "%%32%65", "%", "%2", "%zz", "%2g", "..::$INDEX", "..::$DATA", "CON", "c:", "C%3a", "~", "a..", "..a", ".git", "%2egit");
    private static final List<String> FRAMES = List.of("/%s", "/%s/", "//%s", "/a/%s", "/a/%s/b", "/a//%s//b", "/%s/%s", "/%s/%s/%s/x");

    private static List<String> corpus() {
        List<String> paths = new ArrayList<>();
        for (String frame : FRAMES) {
            for (String segment : SEGMENTS) {
                paths.add(frame.replace("%s", segment));
            }
        }
        return paths;
    }

    /// {@return the path that is handed out, or nothing if it is refused}
    private static String handedOut(String path) {
        String[] seen = {""};
        try (var wire = new Wire(exchange -> {
            seen[0] = exchange.request().path();
            exchange.response().send();
        })) {
            wire.send(Wire.get(path));
            assertThat(wire.status()).as(path).isEqualTo(seen[0].isEmpty() ? 400 : 200);
        }
        return seen[0];
    }

    @Test
    void aPathIsRefusedOrHandedOutInItsCanonicalForm() {
        assertThat(corpus()).hasSizeGreaterThan(500).allSatisfy(path -> {
            String seen = handedOut(path);
            if (!seen.isEmpty()) {
                assertThat(seen).startsWith("/").doesNotContain("//", "\\", "/./", "/../").doesNotMatch(".*[\\x00-\\x1f\\x7f].*");
                assertThat(seen.endsWith("/.") || seen.endsWith("/..")).as(seen).isFalse();
            }
        });
    }

    @Test
    void theCanonicalFormIsItsOwnCanonicalForm() {
        assertThat(corpus()).allSatisfy(path -> {
            String seen = handedOut(path);
            if (!seen.isEmpty()) {
                assertThat(handedOut(encoded(seen))).isEqualTo(seen);
            }
        });
    }

    @Test
    void nothingIsDecodedTwice() {
        assertThat(handedOut("/%252e%252e/x")).isEqualTo("/%2e%2e/x");
        assertThat(handedOut("/a%252fb")).isEqualTo("/a%2fb");
        assertThat(handedOut("/%25%32%66")).isEqualTo("/%2f");
    }

    @Test
    void noPathLeavesTheRoot() {
        for (String up : List.of("..", "%2e%2e", ".%2e", "%2E.")) {
            assertThat(handedOut("/" + up)).isEmpty();
            assertThat(handedOut("/a/" + up + "/" + up + "/a")).isEmpty();
            assertThat(handedOut("/./" + up + "/a")).isEmpty();
            assertThat(handedOut("/a/" + up + "/b")).isEqualTo("/b");
        }
    }

    @Test
    void aSegmentThatOnlyLooksLikeItsParentIsASegment() {
        for (String segment : List.of("...", "..;", "..;x=1", "a..", "..a", "..+")) {
            assertThat(handedOut("/a/" + segment + "/b")).isEqualTo("/a/" + segment + "/b");
        }
    }

    private static String encoded(String path) {
        var text = new StringBuilder();
        for (char c : new String(path.getBytes(UTF_8), ISO_8859_1).toCharArray()) {
            text.append(c == '/' || (c < 0x80 && Character.isLetterOrDigit(c)) ? "" + c : String.format("%%%02x", (int) c));
        }
        return text.toString();
    }
}
