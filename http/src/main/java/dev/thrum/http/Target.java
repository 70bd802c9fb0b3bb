package dev.thrum.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/// Reads request targets (RFC 9112 §3.2) and the host that a request means.
final class Target {
    private static final int REMEMBERED = 64;

    // Paths that need no decoding, by a hash: most requests ask for few of them, and a path that is found here costs no
    // object. Nothing but the path itself tells them apart, so it does not matter who asked first.
    private final String[] recent = new String[REMEMBERED];

    private static HttpException bad(String detail) {
        return HttpException.ofInput(400, detail);
    }

    /// Reads the target at `start`, up to the space behind it.
    /// @return where the version starts
    int parse(byte[] bytes, int start, Head head) {
        head.targetStart = start;
        head.query = 0;
        head.hostStart = 0;
        head.hostEnd = 0;
        int end = bytes[start] == '/' ? pathAndQuery(bytes, start, head) : otherForm(bytes, start, head);
        if (bytes[end] != ' ') {
            throw bad("a character that may not stand in a request target must be percent-encoded");
        }
        head.targetEnd = end;
        return end + 1;
    }

    private int otherForm(byte[] bytes, int start, Head head) {
        if (head.method.equals(Method.CONNECT)) {
            head.path = "";
            return skipPath(bytes, start);
        }
        if (bytes[start] == '*' && bytes[start + 1] == ' ' && head.method.equals(Method.OPTIONS)) {
            head.path = "*";
            return start + 1;
        }
        int authority = afterScheme(bytes, start);
        if (authority == 0) {
            throw bad("the request target must be a path that starts with /, or a whole http or https URI");
        }
        int end = authority;
        while (bytes[end] != '/' && bytes[end] != '?' && bytes[end] > ' ') {
            end++;
        }
        checkHost(bytes, authority, end);
        head.hostStart = authority;
        head.hostEnd = end;
        return pathAndQuery(bytes, end, head);
    }

    private static int afterScheme(byte[] bytes, int start) {
        int colon = start;
        while (Ascii.isToken(bytes[colon])) {
            colon++;
        }
        boolean known = Ascii.isSame("http", bytes, start, colon) || Ascii.isSame("https", bytes, start, colon);
        return known && bytes[colon] == ':' && bytes[colon + 1] == '/' && bytes[colon + 2] == '/' ? colon + 3 : 0;
    }

    private static int skipPath(byte[] bytes, int start) {
        int at = start;
        while (Ascii.isPath(bytes[at])) {
            at++;
        }
        return at;
    }

    private int pathAndQuery(byte[] bytes, int start, Head head) {
        int at = start;
        int hash = 0;
        boolean plain = true;
        byte previous = 0;
        while (Ascii.isPath(bytes[at])) {
            byte b = bytes[at++];
            plain &= b != '%' && (previous != '/' || (b != '/' && b != '.'));
            hash = 31 * hash + b;
            previous = b;
        }
        head.path = plain ? plainPath(bytes, start, at, hash) : CanonicalPath.of(bytes, start, at);
        if (bytes[at] == '?') {
            head.query = ++at;
            while (Ascii.isQuery(bytes[at])) {
                at++;
            }
        }
        return at;
    }

    private String plainPath(byte[] bytes, int start, int end, int hash) {
        if (end - start <= 1) {
            return "/";
        }
        int slot = (hash ^ hash >>> 16) & (REMEMBERED - 1);
        String path = recent[slot];
        if (path == null || !Ascii.isExactly(path, bytes, start, end)) {
            path = new String(bytes, start, end - start, ISO_8859_1);
            if (path.length() <= REMEMBERED) {
                recent[slot] = path;
            }
        }
        return path;
    }

    /// Takes the value of the Host field. The host of a whole URI goes before it, so they must not differ.
    void host(byte[] bytes, int start, int end, Head head) {
        checkHost(bytes, start, end);
        if (head.hostEnd > 0) {
            if (!Ascii.isSame(head.text(head.hostStart, head.hostEnd), bytes, start, end)) {
                throw bad("Host differs from the host of the request target");
            }
            return;
        }
        head.hostStart = start;
        head.hostEnd = end;
    }

    /// Refuses what is not a name or an address, with or without a port. Stricter than RFC 3986 §3.2.2, which allows
    /// in a name what no host is called.
    private static void checkHost(byte[] bytes, int start, int end) {
        int at = start;
        if (at < end && bytes[at] == '[') {
            at = afterLiteral(bytes, at + 1, end);
        } else {
            while (at < end && Ascii.isHost(bytes[at])) {
                at++;
            }
        }
        if (at == start || !isPort(bytes, at, end)) {
            throw bad("the host must be a name or an address, with or without a port");
        }
    }

    private static int afterLiteral(byte[] bytes, int start, int end) {
        int at = start;
        int colons = 0;
        while (at < end && (Ascii.hex(bytes[at]) >= 0 || bytes[at] == ':' || bytes[at] == '.')) {
            colons += bytes[at] == ':' ? 1 : 0;
            at++;
        }
        boolean isLiteral = at < end && bytes[at] == ']' && colons >= 2 && colons <= 7;
        if (!isLiteral) {
            throw bad("an IPv6 address stands in brackets, without a zone");
        }
        return at + 1;
    }

    private static boolean isPort(byte[] bytes, int start, int end) {
        if (start == end) {
            return true;
        }
        int port = 0;
        for (int i = start + 1; i < end; i++) {
            if (!Ascii.isDigit(bytes[i]) || i > start + 5) {
                return false;
            }
            port = 10 * port + bytes[i] - '0';
        }
        return bytes[start] == ':' && end > start + 1 && port <= 65_535;
    }
}
