package dev.thrum.http;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Locale;

/// What the grammar of HTTP says of single bytes, as tables.
final class Ascii {
    private static final int TOKEN = 1;
    private static final int TEXT = 2;
    private static final int PATH = 4;
    private static final int QUERY = 8;
    private static final int HOST = 16;
    private static final byte[] KINDS = kinds();

    // eight bytes at once
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGH = 0x8080808080808080L;
    private static final long SPACES = 0x2020202020202020L;
    private static final long DELS = 0x7f7f7f7f7f7f7f7fL;

    private Ascii() {}

    private static byte[] kinds() {
        byte[] kinds = new byte[256];
        for (int b = 0; b < 256; b++) {
            boolean alphanumeric = isAlphanumeric(b);
            boolean visible = b > ' ' && b < 0x7f;
            kinds[b] = (byte) ((alphanumeric || among("!#$%&'*+-.^_`|~", b) ? TOKEN : 0)
                    | (visible || b == ' ' || b == '\t' || b >= 0x80 ? TEXT : 0)
                    | (visible && !among("\"#<>\\`{}?", b) ? PATH : 0)
                    | (visible && b != '#' ? QUERY : 0)
                    | (alphanumeric || among("-._~", b) ? HOST : 0));
        }
        return kinds;
    }

    private static boolean isAlphanumeric(int b) {
        return (b >= '0' && b <= '9') || (b >= 'A' && b <= 'Z') || (b >= 'a' && b <= 'z');
    }

    private static boolean among(String characters, int b) {
        return characters.indexOf(b) >= 0;
    }

    private static boolean is(int b, int kind) {
        return (KINDS[b & 0xff] & kind) != 0;
    }

    /// {@return whether `b` may stand in a token (RFC 9110 §5.6.2)}
    static boolean isToken(int b) {
        return is(b, TOKEN);
    }

    /// {@return whether `b` may stand in a field value (RFC 9110 §5.5)}
    static boolean isText(int b) {
        return is(b, TEXT);
    }

    /// {@return whether `b` may stand in the path of a request target; what browsers send unescaped passes}
    static boolean isPath(int b) {
        return is(b, PATH);
    }

    /// {@return whether `b` may stand in the query of a request target}
    static boolean isQuery(int b) {
        return is(b, QUERY);
    }

    /// {@return whether `b` may stand in the name of a host, or an IPv4 address}
    static boolean isHost(int b) {
        return is(b, HOST);
    }

    static boolean isToken(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > 0x7f || !isToken((int) text.charAt(i))) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    /// {@return whether `text` may be sent as a field value: one line, no controls, Latin-1}
    static boolean isText(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > 0xff || !isText((int) text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    static boolean isAscii(String text) {
        int all = 0;
        for (int i = 0; i < text.length(); i++) {
            all |= text.charAt(i);
        }
        return all <= 0x7f;
    }

    /// {@return where the first byte below a space stands in eight bytes, the first of them lowest, 8 times; 64 if none
    /// does}
    static int firstControl(long eight) {
        return Long.numberOfTrailingZeros((eight - SPACES) & ~eight & HIGH); // exact for the first, not for those above
    }

    /// {@return where the line ends that `from` is in: at its CR; -1 if DEL, or another control than tab, stands before}
    /// @param bytes with a CR, and eight bytes more than matter
    static int lineEnd(byte[] bytes, int from) {
        for (int at = from; ; at += Long.BYTES) {
            long eight = (long) LONGS.get(bytes, at);
            long notDel = eight ^ DELS;
            long odd = (((eight - SPACES) & ~eight) | ((notDel - ONES) & ~notDel)) & HIGH;
            if (odd != 0) {
                int found = at + (Long.numberOfTrailingZeros(odd) >>> 3);
                if (bytes[found] == '\r') {
                    return found;
                }
                if (bytes[found] != '\t') {
                    return -1;
                }
                at = found + 1 - Long.BYTES;
            }
        }
    }

    static boolean isDigit(int b) {
        return b >= '0' && b <= '9';
    }

    /// {@return the value of a hexadecimal digit, or -1}
    static int hex(int b) {
        if (isDigit(b)) {
            return b - '0';
        }
        int lower = b | 0x20;
        return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
    }

    static int lower(int b) {
        return b >= 'A' && b <= 'Z' ? b | 0x20 : b;
    }

    /// {@return `text` with its ASCII letters in lower case}
    static String lower(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (lower(text.charAt(i)) != text.charAt(i)) {
                return text.toLowerCase(Locale.ROOT);
            }
        }
        return text;
    }

    /// {@return whether the bytes spell `text`, without regard to the case of ASCII letters}
    static boolean isSame(String text, byte[] bytes, int start, int end) {
        int length = text.length();
        if (end - start != length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            int b = bytes[start + i];
            int c = text.charAt(i);
            if (b != c && lower(b) != lower(c)) {
                return false;
            }
        }
        return true;
    }

    /// {@return whether the bytes spell `text`}
    static boolean isExactly(String text, byte[] bytes, int start, int end) {
        if (text.length() != end - start) {
            return false;
        }
        for (int i = start; i < end; i++) {
            if (text.charAt(i - start) != (bytes[i] & 0xff)) {
                return false;
            }
        }
        return true;
    }
}
