package dev.thrum.verify.proxies;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/// A proxy that others have written, with its configuration of the examples, in which only ports and paths are replaced.
public final class Proxy implements AutoCloseable {
    private static final Path EXAMPLES = Path.of("..", "..", "examples");

    private final Process process;
    private final int port;

    private Proxy(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /// {@return nginx, listening, in front of two ports and a Unix socket}
    /// @param folder for its files; its workers, which are another user, must be able to go there
    /// @param first a port
    /// @param second another port
    /// @param socket the path of the Unix socket
    /// @throws IOException if it does not start; the message is what it says
    public static Proxy nginx(Path folder, int first, int second, Path socket) throws IOException {
        int port = freePort();
        String configuration = example("nginx/nginx.conf", port, first, second)
                .replace("/run/thrum/shop.sock", socket.toString())
                .replace("/tmp/thrum-nginx.pid", folder.resolve("pid").toString());
        Path file = Files.writeString(folder.resolve("conf"), configuration);
        return start(port, folder, "/usr/sbin/nginx", "-p", folder.toString(), "-c", file.toString(), "-g", "daemon off;");
    }

    /// {@return haproxy, listening, in front of two ports}
    /// @param folder for its files
    /// @param first a port
    /// @param second another port
    /// @throws IOException if it does not start; the message is what it says
    public static Proxy haproxy(Path folder, int first, int second) throws IOException {
        int port = freePort();
        Path file = Files.writeString(folder.resolve("conf"), example("haproxy/haproxy.cfg", port, first, second));
        return start(port, folder, "/usr/sbin/haproxy", "-f", file.toString());
    }

    /// {@return a configuration of the examples, for other ports}
    private static String example(String name, int port, int first, int second) throws IOException {
        return Files.readString(EXAMPLES.resolve(name))
                .replace("127.0.0.1:8001", "127.0.0.1:" + first)
                .replace("127.0.0.1:8002", "127.0.0.1:" + second)
                .replace("127.0.0.1:8080", "127.0.0.1:" + port);
    }

    private static Proxy start(int port, Path folder, String... command) throws IOException {
        Path log = folder.resolve("log");
        Process process = new ProcessBuilder(List.of(command))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        while (!listens(port)) {
            if (!process.isAlive()) {
                throw new IOException(command[0] + " does not start: " + Files.readString(log));
            }
        }
        return new Proxy(process, port);
    }

    /// {@return a port that nobody has} It is none of those that the system hands out: others may get one of them before the proxy runs.
    private static int freePort() throws IOException {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(20_000, 32_000);
            try (ServerSocket socket = new ServerSocket(port)) {
                return socket.getLocalPort();
            } catch (BindException taken) {
                // then another one
            }
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
