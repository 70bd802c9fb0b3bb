package dev.thrum.http;

import dev.thrum.net.Buffered;
import dev.thrum.promise.Promise;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/// Holds a whole body in memory. It grows with what arrives, not with what was announced, and as long as there is memory for
/// all of the loop, which it is counted in until the exchange is over. Filled on the loop.
final class BodyCollector implements BodySink {
    private final Promise<Boolean> taken = Promise.of(true);
    private final Http1Exchange exchange;
    private byte[] bytes = {};
    private int length;

    BodyCollector(Http1Exchange exchange) {
        this.exchange = exchange;
    }

    @Override
    public Promise<?> take(ByteBuffer piece) {
        int count = piece.remaining();
        if (bytes.length - length < count) {
            grow(Math.max(length + count, Math.max(512, 2 * bytes.length)));
        }
        piece.get(bytes, length, count);
        length += count;
        return taken;
    }

    private void grow(int size) {
        Buffered buffered = Buffered.of(exchange.connection.http.loop());
        if (buffered.bytes() + size - bytes.length > exchange.connection.http.memory()) {
            throw new HttpException(503, "too much is held for other requests (limit memory)").withHeader("Retry-After", "1");
        }
        if (bytes.length == 0) {
            exchange.onFinished(over -> buffered.add(-bytes.length));
        }
        buffered.add(size - bytes.length);
        bytes = Arrays.copyOf(bytes, size);
    }

    byte[] bytes() {
        return bytes.length == length ? bytes : Arrays.copyOf(bytes, length);
    }

    /// {@return the body as text, by the charset that its type names, else UTF-8}
    static String text(byte[] body, String contentType) {
        try {
            return charset(contentType)
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body))
                    .toString();
        } catch (CharacterCodingException malformed) {
            throw new HttpException(400, "the body is not well-formed in its charset", malformed);
        }
    }

    private static Charset charset(String contentType) {
        String lower = contentType.toLowerCase(Locale.ROOT);
        int at = lower.indexOf("charset=");
        if (at < 0) {
            return StandardCharsets.UTF_8;
        }
        String name = lower.substring(at + 8).split("[;\\s]", 2)[0].replace("\"", "");
        try {
            return Charset.forName(name);
        } catch (IllegalArgumentException unknown) {
            throw new HttpException(415, "the charset of the body is not known here", unknown);
        }
    }
}
