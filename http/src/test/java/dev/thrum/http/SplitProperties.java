package dev.thrum.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/// Wherever the network cuts a stream of requests into pieces, the answers are the same.
class SplitProperties {
    static final List<String> STREAMS = List.of(
            Wire.get("/"),
            Wire.get("/a%20b/../c/./d//e?f=g"),
            "\r\n" + Wire.get("/after-an-empty-line"),
            "OPTIONS * HTTP/1.1\r\nHost: here\r\n\r\n",
            "GET http://here/absolute HTTP/1.1\r\nHost: here\r\nX: \t a  b \t\r\nEmpty:\r\n\r\n",
            "GET / HTTP/1.0\r\n\r\n",
            "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n" + Wire.get("/second"),
            Wire.post("hello") + Wire.get("/second") + Wire.post("") + Wire.post("x"),
            "POST / HTTP/1.1\r\nHost: here\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + "5\r\nhello\r\n6;a=b;c=\"d\"\r\n world\r\n0\r\nTrailer: x\r\nOther:\r\n\r\n"
                    + Wire.get("/after-chunks"),
            "POST / HTTP/1.1\r\nHost: here\r\nTransfer-Encoding: Chunked\r\n\r\n0\r\n\r\n" + Wire.get("/"),
            Wire.get("/1") + Wire.get("/2") + Wire.get("/3") + "GET /4 HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n",
            Wire.get("/good") + "GET / HTTP/1.1\r\nHost: here\r\nBad Name: x\r\n\r\n" + Wire.get("/never"),
            Wire.post("hello") + "BROKEN\r\n\r\n",
            Wire.get("/good") + "GET / HTTP/1.1\nHost: here\n\n",
            "POST / HTTP/1.1\r\nHost: here\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello!\r\n0\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: here\r\nX: a\rb\r\n\r\n",
            "HEAD / HTTP/1.1\r\nHost: [::1]:8080\r\n\r\n" + Wire.get("/after-head"),
            "POST / HTTP/1.1\r\nHost: here\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nab" + Wire.get("/"),
            "POST / HTTP/1.0\r\nContent-Length: 2\r\nConnection: Keep-Alive\r\n\r\nab" + Wire.get("/"),
            "POST / HTTP/1.0\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: here\r\nExpect: more\r\n\r\n",
            "CONNECT here:443 HTTP/1.1\r\nHost: here\r\n\r\n",
            "GET / HTTP/3.0\r\nHost: here\r\n\r\n",
            "PUT /" + "long".repeat(40) + " HTTP/1.1\r\nHost: here\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
            "GET /many HTTP/1.1\r\nHost: here\r\n" + "A: b\r\n".repeat(101) + "\r\n");

    /// {@return what comes back when `stream` comes in pieces}
    static String inPieces(String stream, int... cuts) {
        try (var wire = Wire.echo()) {
            int from = 0;
            for (int cut : cuts) {
                wire.send(stream.substring(from, cut));
                from = cut;
            }
            wire.send(stream.substring(from));
            assertThat(wire.reported).isEmpty();
            // bytes behind the last answer make the connection linger; whether they came with it is chance
            boolean over = !wire.socket.isOpen() || wire.socket.isOutputEnded();
            return wire.received() + (over ? "over" : "");
        }
    }

    @Test
    void aCutAnywhereChangesNothing() {
        for (String stream : STREAMS) {
            String whole = inPieces(stream);
            for (int cut = 1; cut < stream.length(); cut++) {
                assertThat(inPieces(stream, cut)).as(stream.substring(0, cut) + "|").isEqualTo(whole);
            }
        }
    }

    @Test
    void bytesThatComeOneByOneChangeNothing() {
        for (String stream : STREAMS) {
            int[] cuts = new int[stream.length() - 1];
            for (int i = 0; i < cuts.length; i++) {
                cuts[i] = i + 1;
            }
            assertThat(inPieces(stream, cuts)).as(stream).isEqualTo(inPieces(stream));
        }
    }

    @Provide
    Arbitrary<String> streams() {
        return Arbitraries.of(STREAMS);
    }

    @Property
    void twoCutsAnywhereChangeNothing(@ForAll("streams") String stream, @ForAll int a, @ForAll int b) {
        int one = Math.floorMod(a, stream.length());
        int other = Math.floorMod(b, stream.length());
        assertThat(inPieces(stream, Math.min(one, other), Math.max(one, other))).isEqualTo(inPieces(stream));
    }

    /// Requests by the grammar, and now and then a little against it.
    @Provide
    Arbitrary<String> requests() {
        Arbitrary<String> methods = Arbitraries.of("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "x-y!", "G T");
        Arbitrary<String> targets = Arbitraries.of(
                "/", "/a/../b", "/%c3%a9?q=%zz", "http://here:80/x", "https://here", "*", "/a//./b/", "/..", "a", "/\u00ff");
        Arbitrary<String> versions = Arbitraries.of("HTTP/1.1", "HTTP/1.1", "HTTP/1.1", "HTTP/1.0", "HTTP/1.2", "http/1.1");
        Arbitrary<String> fields = Arbitraries.of(
                        "Host: here\r\n",
                        "Host: here:80\r\n",
                        "Connection: close\r\n",
                        "Connection: keep-alive, x\r\n",
                        "X-Empty:\r\n",
                        "X: \t y\tz \r\n",
                        "Expect: 100-continue\r\n",
                        " folded\r\n",
                        "bare: line\n",
                        "Content-Length: 3\r\n",
                        "Transfer-Encoding: chunked\r\n")
                .list()
                .ofMaxSize(4)
                .map(list -> "Host: here\r\n" + String.join("", list));
        Arbitrary<String> bodies = Arbitraries.of(
                "Content-Length: 5\r\n\r\nhello",
                "Content-Length: 0\r\n\r\n",
                "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nA;x=\"y\"\r\n0123456789\r\n0\r\nT: u\r\n\r\n",
                "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "Transfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n0\r\n\r\n",
                "\r\n",
                "\r\n",
                "\r\n");
        return Combinators.combine(methods, targets, versions, fields, bodies)
                .as((method, target, version, field, body) ->
                        method + " " + target + " " + version + "\r\n" + field + body);
    }

    @Property
    void requestsOfAllKindsMayBeCutAnywhere(
            @ForAll @Size(min = 1, max = 4) List<@From("requests") String> requests,
            @ForAll @Size(max = 6) List<@IntRange(max = 2_000) Integer> places) {
        String stream = String.join("", requests);
        int[] cuts = places.stream()
                .mapToInt(place -> place % stream.length())
                .sorted()
                .toArray();
        assertThat(inPieces(stream, cuts)).as(stream).isEqualTo(inPieces(stream));
    }

    @Tag("S2")
    @Property
    void anyBytesAreAnsweredOrAwaited(@ForAll byte[] bytes) {
        try (var wire = Wire.echo()) {
            wire.socket.feed(bytes);
            assertThat(wire.received()).matches("(?s)|HTTP/1\\.1 .*");
            assertThat(wire.reported).isEmpty();
        }
    }

    @Property
    void oneChangedByteIsAnsweredOrAwaited(@ForAll("streams") String stream, @ForAll int at, @ForAll byte changed) {
        try (var wire = Wire.echo()) {
            byte[] bytes = stream.getBytes(ISO_8859_1);
            bytes[Math.floorMod(at, bytes.length)] = changed;
            wire.socket.feed(bytes);
            assertThat(wire.received()).matches("(?s)|HTTP/1\\.1 .*");
            assertThat(wire.reported).isEmpty();
        }
    }
}
