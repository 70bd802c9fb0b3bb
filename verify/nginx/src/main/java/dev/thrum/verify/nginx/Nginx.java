package dev.thrum.verify.nginx;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;

/// The program `nginx`, with the configuration of the examples, in one folder.
public final class Nginx implements AutoCloseable {
    private static final Path EXAMPLE = Path.of("..", "..", "examples", "nginx", "nginx.conf");

    private final Process process;
    private final int port;

    private Nginx(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /// {@return nginx, listening, in front of two ports and a Unix socket}
    /// @param folder for its files; its workers, which are another user, must be able to go there
    /// @param first a port
    /// @param second another port
    /// @param socket the path of the Unix socket
    /// @throws IOException if it does not start; the message is what it says
    public static Nginx start(Path folder, int first, int second, Path socket) throws IOException {
        int port = freePort();
        String configuration = Files.readString(EXAMPLE)
                .replace("127.0.0.1:8001", "127.0.0.1:" + first)
                .replace("127.0.0.1:8002", "127.0.0.1:" + second)
                .replace("/run/thrum/shop.sock", socket.toString())
                .replace("127.0.0.1:8080", "127.0.0.1:" + port)
                .replace("/tmp/thrum-nginx.pid", folder.resolve("pid").toString());
        Path file = Files.writeString(folder.resolve("conf"), configuration);
        Path log = folder.resolve("log");
        Process process = new ProcessBuilder(
                        "/usr/sbin/nginx", "-p", folder.toString(), "-c", file.toString(), "-g", "daemon off;")
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        while (!listens(port)) {
            if (!process.isAlive()) {
                throw new IOException("nginx does not start: " + Files.readString(log));
            }
        }
        return new Nginx(process, port);
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
