package dev.thrum.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.List;

/// What a fuzzer may feed to a connection. The first byte tells how the rest is cut in two: wherever that is, the answers are the
/// same, they are answers by the letter, and nothing is reported as a bug of ours.
public final class ConnectionFuzz {
    private ConnectionFuzz() {}

    /// {@return inputs to start from, and those that have found something}
    static List<byte[]> seeds() {
        return SplitProperties.STREAMS.stream()
                .map(stream -> (" " + stream).getBytes(ISO_8859_1))
                .toList();
    }

    /// The fuzzer's entrance.
    /// @param input whatever it makes up
    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length < 2) {
            return;
        }
        int length = input.length - 1;
        int cut = 1 + (input[0] & 0xff) % length;
        String stream = new String(input, 1, length, ISO_8859_1);
        String whole = SplitProperties.inPieces(stream);
        String pieces = SplitProperties.inPieces(stream, Math.min(cut, length));
        if (!whole.equals(pieces)) {
            throw new AssertionError("a cut at " + cut + " makes a difference: " + whole + "\n---\n" + pieces);
        }
        if (!whole.isEmpty() && !whole.equals("over") && !whole.startsWith("HTTP/1.1 ")) {
            throw new AssertionError("no answer: " + whole);
        }
    }
}
