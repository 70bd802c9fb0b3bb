package dev.thrum.plugins;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.thrum.http.HttpException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.Stream;

/// What a fuzzer may send as a form: wherever it is cut in two, the parts are the same, or the refusal is; and no part holds what
/// is not there (S14).
public final class MultipartFuzz {
    private static final int MOST_HEAD = 512;

    private MultipartFuzz() {}

    /// {@return inputs to start from, and those that have found something}
    static List<byte[]> seeds() {
        String name = "\r\nContent-Disposition: form-data; name=\"a\"";
        return Stream.of(
                        " --XX--",
                        " --XX" + name + "\r\n\r\nvalue\r\n--XX--\r\n",
                        " --XX" + name + "\r\n\r\n\r\n--XX" + name + "; filename=\"C:\\x\\y.txt\"\r\nContent-Type: text/plain; charset=x"
                                + "\r\n\r\n\r\n--X\r\r\n--XX--",
                        " --XX" + name + "; name=b\r\n\r\n\r\n--XX--",
                        " --XX\r\nContent-Disposition: form-data; name=\"a\\\"b%0D%22\"; filename=..\r\n\r\n\r\n--XX--",
                        " --XX\r\nContent-Transfer-Encoding: base64" + name + "\r\n\r\n\r\n--XX--",
                        " --XX\r\n\r\n\r\n--XXX",
                        " preamble --XX" + name)
                .map(form -> form.getBytes(ISO_8859_1))
                .toList();
    }

    /// The fuzzer's entrance.
    /// @param input whatever it makes up; the first byte tells where to cut
    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length < 2) {
            return;
        }
        int length = input.length - 1;
        String whole = parts(input, length);
        String pieces = parts(input, (input[0] & 0xff) % length);
        if (!whole.equals(pieces)) {
            throw new AssertionError("a cut makes a difference: " + whole + "\n---\n" + pieces);
        }
    }

    private static String parts(byte[] input, int cut) {
        MultipartParser parser = new MultipartParser("XX", MOST_HEAD);
        StringBuilder told = new StringBuilder();
        try {
            take(parser, ByteBuffer.wrap(input, 1, cut), told);
            take(parser, ByteBuffer.wrap(input, 1 + cut, input.length - 1 - cut), told);
        } catch (HttpException refused) {
            return told + " " + refused.status() + refused.detail();
        }
        return told.append(parser.isAtEnd()).toString();
    }

    private static void take(MultipartParser parser, ByteBuffer bytes, StringBuilder told) {
        int fed = bytes.remaining();
        int given = 0;
        parser.feed(bytes);
        while (true) {
            switch (parser.next()) {
                case PART -> told.append("\n[").append(PartHead.parse(parser.head())).append("] ");
                case CONTENT -> {
                    given += parser.content().remaining();
                    told.append(ISO_8859_1.decode(parser.content()));
                }
                case PART_END -> told.append(";");
                case MORE, END -> {
                    if (given > fed + MOST_HEAD) {
                        throw new AssertionError(given + " bytes of " + fed);
                    }
                    return;
                }
            }
        }
    }
}
