package dev.thrum.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/// Status codes: their reasons (RFC 9110 §15) and their lines, ready to send.
final class Status {
    static final byte[] CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n".getBytes(ISO_8859_1);

    static final byte[] EARLY_HINTS = "HTTP/1.1 103 Early Hints\r\n".getBytes(ISO_8859_1);

    private static final String[] REASONS = new String[600];
    private static final byte[][] LINES = new byte[600][];

    static {
        name(200, "OK", "Created", "Accepted", "Non-Authoritative Information", "No Content", "Reset Content");
        name(206, "Partial Content", "Multi-Status", "Already Reported");
        name(226, "IM Used");
        name(300, "Multiple Choices", "Moved Permanently", "Found", "See Other", "Not Modified", "Use Proxy");
        name(307, "Temporary Redirect", "Permanent Redirect");
        name(400, "Bad Request", "Unauthorized", "Payment Required", "Forbidden", "Not Found", "Method Not Allowed");
        name(406, "Not Acceptable", "Proxy Authentication Required", "Request Timeout", "Conflict", "Gone");
        name(411, "Length Required", "Precondition Failed", "Content Too Large", "URI Too Long");
        name(415, "Unsupported Media Type", "Range Not Satisfiable", "Expectation Failed");
        name(421, "Misdirected Request", "Unprocessable Content", "Locked", "Failed Dependency", "Too Early");
        name(426, "Upgrade Required");
        name(428, "Precondition Required", "Too Many Requests");
        name(431, "Request Header Fields Too Large");
        name(451, "Unavailable For Legal Reasons");
        name(500, "Internal Server Error", "Not Implemented", "Bad Gateway", "Service Unavailable", "Gateway Timeout");
        name(505, "HTTP Version Not Supported", "Variant Also Negotiates", "Insufficient Storage", "Loop Detected");
        name(511, "Network Authentication Required");
        for (int status = 200; status < 600; status++) {
            LINES[status] = ("HTTP/1.1 " + status + " " + reason(status) + "\r\n").getBytes(ISO_8859_1);
        }
    }

    private Status() {}

    private static void name(int first, String... reasons) {
        System.arraycopy(reasons, 0, REASONS, first, reasons.length);
    }

    /// {@return the reason phrase; empty for a status that has none}
    static String reason(int status) {
        String reason = REASONS[status];
        return reason == null ? "" : reason;
    }

    /// {@return the status line with its line break}
    static byte[] line(int status) {
        return LINES[status];
    }

    /// {@return whether an answer of this status may have a body (RFC 9110 §6.4.1)}
    static boolean allowsBody(int status) {
        return status != 204 && status != 205 && status != 304;
    }
}
