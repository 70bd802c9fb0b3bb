package dev.thrum.verify.bench;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A client that asks so many times a second on one connection, however long the answers take: what is late makes the next one
/// late, and both count.
final class PacedClient implements AutoCloseable {
    private static final Pattern LENGTH = Pattern.compile("(?i)content-length: *(\\d+)");

    private final Socket socket;
    private final InputStream in;
    private final byte[] request;

    PacedClient(int port, String path) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(60_000);
        in = new BufferedInputStream(socket.getInputStream());
        request = ("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
    }

    /// Asks for a while, and does not ask again what has become too late.
    /// @param perSecond how often
    /// @param nanos how long
    /// @param each gets the time from when a request was due to the end of its answer, in nanoseconds
    void run(int perSecond, long nanos, LongConsumer each) throws IOException {
        long pause = 1_000_000_000L / perSecond;
        long begin = System.nanoTime();
        for (long due = begin; due - begin < nanos; due += pause) {
            for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
            ask();
            long now = System.nanoTime();
            each.accept(now - due);
            if (now - begin >= nanos) {
                return;
            }
        }
    }

    /// Asks once.
    /// @return the body of the answer
    String ask() throws IOException {
        socket.getOutputStream().write(request);
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n", Math.max(0, head.length() - 4)) < 0) {
            int next = in.read();
            if (next < 0) {
                throw new EOFException("the server closed the connection after: " + head);
            }
            head.append((char) next);
        }
        Matcher length = LENGTH.matcher(head);
        return length.find() ? new String(in.readNBytes(Integer.parseInt(length.group(1))), StandardCharsets.ISO_8859_1) : "";
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
