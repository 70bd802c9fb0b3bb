package dev.thrum.plugins;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.thrum.http.HttpException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/// Cuts `multipart/form-data` (RFC 7578) into its parts, as the bytes come. Strict: nothing stands before the first boundary, nor
/// between a boundary and the end of its line.
final class MultipartParser {
    /*
     * One buffer holds what has come and is not done with. In the content of a part, everything is handed out that cannot be the
     * beginning of a boundary; the rest waits for more. A boundary begins with a CR, and has no other, so each byte is looked
     * at a bounded number of times.
     */
    enum Event {
        /// Feed it.
        MORE,
        /// A part begins: see [#head].
        PART,
        /// Content of the part: see [#content], before the next call.
        CONTENT,
        /// The part is over.
        PART_END,
        /// All parts are; what still comes is ignored.
        END
    }

    private enum State {
        START,
        BOUNDARY,
        HEAD,
        CONTENT,
        END
    }

    private final byte[] delimiter; // CR LF -- boundary
    private final int mostHead;
    private State state = State.START;
    private byte[] buffer;
    private int from;
    private int to;
    private String head = "";
    private ByteBuffer content = ByteBuffer.allocate(0);

    MultipartParser(String boundary, int mostHead) {
        this.delimiter = ("\r\n--" + boundary).getBytes(ISO_8859_1);
        this.mostHead = mostHead;
        this.buffer = new byte[delimiter.length + 16];
        buffer[to++] = '\r'; // so that the first boundary looks like the others
        buffer[to++] = '\n';
    }

    /// Takes bytes, all of them. Not before [#next] wants more.
    void feed(ByteBuffer bytes) {
        int left = to - from;
        if (buffer.length - left < bytes.remaining()) {
            byte[] larger = new byte[left + bytes.remaining()];
            System.arraycopy(buffer, from, larger, 0, left);
            buffer = larger;
        } else {
            System.arraycopy(buffer, from, buffer, 0, left);
        }
        from = 0;
        to = left + bytes.remaining();
        bytes.get(buffer, left, bytes.remaining());
    }

    /// {@return the lines at the start of the part, in Latin-1}
    String head() {
        return head;
    }

    /// {@return content, valid until the next call of [#next]}
    ByteBuffer content() {
        return content;
    }

    boolean isAtEnd() {
        return state == State.END;
    }

    /// {@return what comes next}
    Event next() {
        while (true) {
            switch (state) {
                case START -> {
                    if (to - from < delimiter.length) {
                        return Event.MORE;
                    }
                    if (!isDelimiter(from)) {
                        throw new HttpException(400, "the form must begin with its boundary");
                    }
                    from += delimiter.length;
                    state = State.BOUNDARY;
                }
                case BOUNDARY -> {
                    if (to - from < 2) {
                        return Event.MORE;
                    }
                    boundary();
                }
                case HEAD -> {
                    return head(end());
                }
                case CONTENT -> {
                    return content(candidate());
                }
                case END -> {
                    from = to;
                    return Event.END;
                }
            }
        }
    }

    private void boundary() {
        if (buffer[from] == '\r' && buffer[from + 1] == '\n') {
            state = State.HEAD; // the line break stays: a head may be empty
        } else if (buffer[from] == '-' && buffer[from + 1] == '-') {
            state = State.END;
        } else {
            throw new HttpException(400, "a boundary must be followed by a line break or two dashes");
        }
    }

    /// {@return where the head ends: at the empty line; -1 if that has not come}
    private int end() {
        for (int at = from; at + 3 < to; at++) {
            if (buffer[at] == '\r' && buffer[at + 1] == '\n' && buffer[at + 2] == '\r' && buffer[at + 3] == '\n') {
                return at;
            }
        }
        return -1;
    }

    private Event head(int end) {
        if ((end < 0 ? to : end) - from > mostHead) {
            throw new HttpException(413, "the head of a part is longer than " + mostHead + " bytes (limit partHead)");
        }
        if (end < 0) {
            return Event.MORE;
        }
        head = end < from + 2 ? "" : new String(buffer, from + 2, end - from - 2, ISO_8859_1);
        from = end + 4;
        state = State.CONTENT;
        return Event.PART;
    }

    /// {@return where a boundary begins, or may begin; `to` if there is none}
    private int candidate() {
        for (int at = from; at < to; at++) {
            if (buffer[at] == '\r' && mayBeDelimiter(at)) {
                return at;
            }
        }
        return to;
    }

    private boolean mayBeDelimiter(int at) {
        int length = Math.min(delimiter.length, to - at);
        return Arrays.equals(buffer, at, at + length, delimiter, 0, length);
    }

    private boolean isDelimiter(int at) {
        return to - at >= delimiter.length && mayBeDelimiter(at);
    }

    private Event content(int candidate) {
        if (candidate > from) {
            content = ByteBuffer.wrap(buffer, from, candidate - from).slice();
            from = candidate;
            return Event.CONTENT;
        }
        if (!isDelimiter(from)) {
            return Event.MORE;
        }
        from += delimiter.length;
        state = State.BOUNDARY;
        return Event.PART_END;
    }
}
