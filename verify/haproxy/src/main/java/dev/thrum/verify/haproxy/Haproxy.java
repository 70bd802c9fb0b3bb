package dev.thrum.verify.haproxy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;

/// The program `haproxy`, with the configuration of the examples.
public final class Haproxy implements AutoCloseable {
    private static final Path EXAMPLE = Path.of("..", "..", "examples", "haproxy", "haproxy.cfg");

    private final Process process;
    private final int port;

    private Haproxy(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /// {@return haproxy, listening, in front of two ports}
    /// @param folder for its files
    /// @param first a port
    /// @param second another port
    /// @throws IOException if it does not start; the message is what it says
    public static Haproxy start(Path folder, int first, int second) throws IOException {
        int port = freePort();
        String configuration = Files.readString(EXAMPLE)
                .replace("127.0.0.1:8001", "127.0.0.1:" + first)
                .replace("127.0.0.1:8002", "127.0.0.1:" + second)
                .replace("127.0.0.1:8080", "127.0.0.1:" + port);
        Path file = Files.writeString(folder.resolve("haproxy.cfg"), configuration);
        Path log = folder.resolve("log");
        Process process = new ProcessBuilder("/usr/sbin/haproxy", "-f", file.toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        while (!listens(port)) {
            if (!process.isAlive()) {
                throw new IOException("haproxy does not start: " + Files.readString(log));
            }
        }
        return new Haproxy(process, port);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static boolean listens(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    /// {@return the port that it listens on}
    public int port() {
        return port;
    }

    /// Ends it, and waits until it has ended.
    @Override
    public void close() {
        process.destroy();
        process.onExit().join();
    }
}
