package dev.thrum.verify.bench;

import java.io.IOException;
import java.io.InputStream;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// A running peer: a process of its own, ended by [#close].
///
/// **Threads.** One thread at a time. [#start], [#awaitAnswer], [#get] and [#close] block.
final class PeerProcess implements AutoCloseable {

    static final String PATH = "/plaintext";
    static final String BODY = "Hello, World!";

    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final Duration END_LIMIT = Duration.ofSeconds(30);
    private static final long RETRY_NANOS = 500_000;
    private static final String REQUEST = "GET " + PATH + " HTTP/1.1\r\nHost: localhost\r\n";
    private static final byte[] LAST = (REQUEST + "Connection: close\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
    private static final byte[] ONE_OF_MANY = (REQUEST + "\r\n").getBytes(StandardCharsets.US_ASCII);
    private static final int LONGEST_ANSWER = 4096;
    private static final int PIECE = 64 << 10;

    private final Peer peer;
    private final int port;
    private final Path log;
    private final long startedAt;
    private final Process process;

    private PeerProcess(Peer peer, int port, Path log, ProcessBuilder builder) throws IOException {
        this.peer = peer;
        this.port = port;
        this.log = log;
        this.startedAt = System.nanoTime();
        this.process = builder.start();
    }

    static PeerProcess start(Peer peer, Path work, Pinning pinning, int routes) throws IOException {
        int port = freePort();
        Path log = work.resolve(peer.name() + ".log");
        var builder = new ProcessBuilder(pinning.wrap(peer.command(work, port, routes)))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        return new PeerProcess(peer, port, log, builder);
    }

    String name() {
        return peer.name();
    }

    /// {@return whether it runs on a JVM}
    boolean isJava() {
        return peer instanceof JavaPeer || peer instanceof AotPeer;
    }

    long pid() {
        return process.pid();
    }

    int port() {
        return port;
    }

    String url(String path) {
        return "http://127.0.0.1:" + port + path;
    }

    /// {@return the time from the start of the process to the end of its first answer}
    /// @throws IOException if it ends or answers wrongly, or does not answer within a minute; with its output
    Duration awaitAnswer() throws IOException {
        while (System.nanoTime() - startedAt < START_LIMIT.toNanos()) {
            if (!process.isAlive()) {
                throw failure("ended with " + process.exitValue());
            }
            try {
                get();
                return Duration.ofNanos(System.nanoTime() - startedAt);
            } catch (ConnectException notYetListening) {
                LockSupport.parkNanos(RETRY_NANOS);
            }
        }
        throw failure("did not answer within " + START_LIMIT);
    }

    /// {@return a connection, once it listens} Nothing is asked.
    /// @throws IOException if it ends, or does not listen within a minute; with its output
    SocketChannel awaitConnection() throws IOException {
        while (process.isAlive() && System.nanoTime() - startedAt < START_LIMIT.toNanos()) {
            try {
                return SocketChannel.open(address());
            } catch (ConnectException notYetListening) {
                LockSupport.parkNanos(RETRY_NANOS);
            }
        }
        throw failure("does not listen");
    }

    /// {@return the length of its answers, once it gives the first}
    /// @throws IOException if it ends or answers wrongly, or does not answer within a minute; with its output
    int awaitLength() throws IOException {
        awaitConnection().close();
        try (SocketChannel connection = SocketChannel.open(address())) {
            return ask(connection).length();
        }
    }

    /// {@return what is to be asked on a connection that stays}
    static byte[] question() {
        return ONE_OF_MANY.clone();
    }

    /// Asks once on a connection of its own.
    /// @throws IOException if there is no connection or the answer is not the right one
    void get() throws IOException {
        check(ask(LAST, BODY), BODY);
    }

    /// Sees to it that a load is answered rightly.
    /// @throws IOException if there is no connection or the answer is not the right one
    void check(Load load) throws IOException {
        check(ask(load.request(), load.answer()), load.answer());
    }

    /// {@return an answer up to its known end} Not every peer closes at once.
    private String ask(byte[] request, String end) throws IOException {
        try (var socket = new Socket()) {
            socket.connect(address());
            socket.setSoTimeout((int) START_LIMIT.toMillis());
            socket.getOutputStream().write(request);
            InputStream in = socket.getInputStream();
            var answer = new StringBuilder();
            byte[] piece = new byte[PIECE];
            for (int count = in.read(piece); count > 0; count = in.read(piece)) {
                answer.append(new String(piece, 0, count, StandardCharsets.ISO_8859_1));
                if (answer.length() >= end.length() && answer.indexOf(end, answer.length() - end.length()) >= 0) {
                    break;
                }
            }
            return answer.toString();
        }
    }

    /// Asks once and keeps the connection.
    /// @return the open connection
    /// @throws IOException if there is no connection or the answer is not the right one
    SocketChannel askAndKeep() throws IOException {
        SocketChannel connection = SocketChannel.open(address());
        ask(connection);
        return connection;
    }

    private InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    private String ask(SocketChannel connection) throws IOException {
        connection.write(ByteBuffer.wrap(ONE_OF_MANY));
        ByteBuffer answer = ByteBuffer.allocate(LONGEST_ANSWER);
        String text = "";
        while (!text.endsWith("\r\n\r\n" + BODY) && connection.read(answer) > 0) {
            text = new String(answer.array(), 0, answer.position(), StandardCharsets.ISO_8859_1);
        }
        check(text, BODY);
        return text;
    }

    private void check(String answer, String end) throws IOException {
        if (!answer.startsWith("HTTP/1.1 200 ") || !answer.endsWith(end)) {
            throw failure("answered " + answer.substring(0, Math.min(answer.length(), LONGEST_ANSWER)));
        }
    }

    private IOException failure(String what) throws IOException {
        return new IOException(peer.name() + " " + what + "\n" + Files.readString(log));
    }

    /// {@return a port that nobody has} It is none of those that the system hands out: others may get one of them before the peer runs.
    private static int freePort() throws IOException {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(20_000, 32_000);
            try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (BindException taken) {
                // then another one
            }
        }
    }

    /// Asks the process to end; makes it end after half a minute, or when the calling thread is interrupted.
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(END_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException interrupted) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
