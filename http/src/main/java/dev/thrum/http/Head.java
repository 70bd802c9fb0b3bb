package dev.thrum.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/// The head of a request: its bytes, and where in them things are.
final class Head implements Headers {
    /*
     * A parser has one of these and fills it again for every request: nothing becomes an object before somebody reads it.
     * A request that outlives the read takes a compact copy. Positions fit into 16 bits, since a head is shorter than
     * 64 KiB (see Limits), so a field is one long.
     */

    byte[] bytes = {};
    int length;
    private long[] fields = new long[16]; // start of name, end of name, start of value, end of value: 16 bits each
    private int count;

    Method method = Method.GET;
    String path = "/";
    private String recentHost = ""; // of this request or an earlier one: most mean the same
    int targetStart;
    int targetEnd;
    int query; // where it starts, after the question mark; 0 without one
    int hostStart;
    int hostEnd;
    int minorVersion;
    long contentLength; // -1 without
    boolean chunked;
    boolean keepsAlive;
    boolean expectsContinue;

    static HttpException tooLong(Limits limits) {
        return HttpException.ofInput(
                431, "the header fields are longer than " + limits.headerBytes() + " bytes (limit headerBytes)");
    }

    /// {@return a copy that shares nothing with this one}
    Head copy() {
        Head copy = new Head(Arrays.copyOf(bytes, length), Arrays.copyOf(fields, count));
        copy.length = length;
        copy.count = count;
        copy.method = method;
        copy.path = path;
        copy.targetStart = targetStart;
        copy.targetEnd = targetEnd;
        copy.query = query;
        copy.hostStart = hostStart;
        copy.hostEnd = hostEnd;
        copy.minorVersion = minorVersion;
        copy.contentLength = contentLength;
        copy.chunked = chunked;
        copy.keepsAlive = keepsAlive;
        copy.expectsContinue = expectsContinue;
        return copy;
    }

    Head() {}

    private Head(byte[] bytes, long[] fields) {
        this.bytes = bytes;
        this.fields = fields;
    }

    void clearFields() {
        count = 0;
    }

    void addField(int nameStart, int nameEnd, int valueStart, int valueEnd) {
        if (count == fields.length) {
            fields = Arrays.copyOf(fields, 2 * count);
        }
        fields[count++] = (long) nameStart << 48 | (long) nameEnd << 32 | (long) valueStart << 16 | valueEnd;
    }

    String text(int start, int end) {
        return new String(bytes, start, end - start, ISO_8859_1);
    }

    String host() {
        String host = recentHost;
        if (!Ascii.isExactly(host, bytes, hostStart, hostEnd)) {
            host = Ascii.lower(text(hostStart, hostEnd));
            recentHost = host;
        }
        return host;
    }

    String target() {
        return text(targetStart, targetEnd);
    }

    Optional<String> query() {
        return query == 0 ? Optional.empty() : Optional.of(text(query, targetEnd));
    }

    @Override
    public Optional<String> first(String name) {
        int found = find(name, 0);
        return found < 0 ? Optional.empty() : Optional.of(value(found));
    }

    @Override
    public List<String> all(String name) {
        List<String> values = new ArrayList<>(2);
        for (int found = find(name, 0); found >= 0; found = find(name, found + 1)) {
            values.add(value(found));
        }
        return List.copyOf(values);
    }

    @Override
    public boolean has(String name) {
        return find(name, 0) >= 0;
    }

    @Override
    public int size() {
        return count;
    }

    @Override
    public void forEach(BiConsumer<? super String, ? super String> action) {
        for (int i = 0; i < count; i++) {
            action.accept(text(nameStart(i), nameEnd(i)), value(i));
        }
    }

    private int find(String name, int from) {
        for (int i = from; i < count; i++) {
            if (Ascii.isSame(name, bytes, nameStart(i), nameEnd(i))) {
                return i;
            }
        }
        return -1;
    }

    private String value(int field) {
        return text((int) (fields[field] >>> 16) & 0xffff, (int) fields[field] & 0xffff);
    }

    private int nameStart(int field) {
        return (int) (fields[field] >>> 48);
    }

    private int nameEnd(int field) {
        return (int) (fields[field] >>> 32) & 0xffff;
    }
}
