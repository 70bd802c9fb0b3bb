package dev.thrum.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.loop.EventLoop;
import dev.thrum.promise.Promise;
import dev.thrum.scope.Scope;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class DescriptorsTest {

    /// An echo server, in a process that may have 60 files open.
    static final class EchoServer {
        public static void main(String[] args) {
            EventLoop.run(loop -> {
                TcpServer server = TcpServer.listen(
                        loop,
                        new InetSocketAddress("127.0.0.1", 0),
                        ListenConfig.DEFAULT,
                        socket -> socket.read(socket::write));
                server.onError(problem -> System.out.println(problem.getClass().getSimpleName() + ": " + problem.getMessage()));
                System.out.println(((InetSocketAddress) server.address()).getPort());
            });
        }
    }

    /// From a jar, which stays open: no class could be loaded from a directory any more.
    private static Process startServer(Path jar) throws Exception {
        var path = new ArrayList<String>(List.of(jar.toString()));
        var arguments = new ArrayList<String>(List.of("--create", "--file", jar.toString()));
        arguments.addAll(List.of("-C", Path.of("target", "test-classes").toString(), "dev"));
        for (Class<?> type : List.of(Scope.class, Promise.class, EventLoop.class, Socket.class)) {
            Path home = Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
            if (Files.isDirectory(home)) {
                arguments.addAll(List.of("-C", home.toString(), "dev"));
            } else {
                path.add(home.toString());
            }
        }
        ToolProvider.findFirst("jar").orElseThrow().run(System.out, System.err, arguments.toArray(String[]::new));
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var server = new ProcessBuilder(
                "sh", "-c", "ulimit -n 60; exec \"$@\"", "sh", java, "-XX:-MaxFDLimit", "-cp", String.join(":", path));
        server.command().add(EchoServer.class.getName());
        return server.redirectError(ProcessBuilder.Redirect.DISCARD).start();
    }

    private static int echo(java.net.Socket socket, int value) throws Exception {
        socket.setSoTimeout(20_000);
        socket.getOutputStream().write(value);
        return socket.getInputStream().read();
    }

    @Test
    @Tag("N-8")
    void aServerOutOfDescriptorsGoesOnWhenThereAreSome(@TempDir Path directory) throws Exception {
        Process server = startServer(directory.resolve("server.jar"));
        List<java.net.Socket> clients = new ArrayList<>();
        try (var out = new BufferedReader(new InputStreamReader(server.getInputStream()))) {
            int port = Integer.parseInt(out.readLine());
            InetAddress host = InetAddress.getByName("127.0.0.1");
            for (int i = 0; i < 80; i++) { // the last ones wait in the backlog
                clients.add(new java.net.Socket(host, port));
            }
            assertThat(echo(clients.getFirst(), 42)).isEqualTo(42);
            assertThat(out.readLine())
                    .isEqualTo("AcceptFailed: cannot accept a connection to 127.0.0.1:" + port
                            + "; trying again in PT0.02S");
            for (java.net.Socket client : clients.subList(0, 40)) {
                client.close();
            }
            assertThat(echo(clients.getLast(), 43)).isEqualTo(43);
        } finally {
            server.destroyForcibly();
            for (java.net.Socket client : clients) {
                client.close();
            }
        }
    }
}
