package dev.thrum.verify.peers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.web.Drain;
import dev.thrum.web.Listener;
import dev.thrum.web.Server;
import dev.thrum.web.WebApp;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.ProcessBuilder.Redirect;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A parent that is not ours, in Python, listens and makes its socket the standard input of a server of ours, as systemd does.
@Timeout(120)
class InheritedSocketTest {
    private static final String PARENT = """
            import os, socket, sys
            listening = socket.socket()
            listening.bind(("127.0.0.1", 0))
            listening.listen(64)
            print(listening.getsockname()[1], flush=True)
            os.dup2(listening.fileno(), 0)
            os.environ["LISTEN_FDS"] = sys.argv[1]
            os.execv(sys.argv[2], sys.argv[2:])
            """;

    /// Serves at what it has inherited until it is told to stop.
    static final class Program {
        public static void main(String[] args) throws InterruptedException {
            Server[] server = new Server[1];
            server[0] = WebApp.create()
                    .get("/", (request, response) -> response.send("inherited"))
                    .get("/stop", (request, response) -> {
                        response.send("stopping");
                        Thread.ofPlatform().start(() -> server[0].close(Drain.standard()));
                    })
                    .start(Listener.inherited().withLoops(2));
            System.out.println(server[0].ports().getFirst() + " " + server[0].shares().size());
            server[0].join();
        }
    }

    /// @param errors what it logs: on a busy machine a turn may be late, and the watchdog says so
    private static Process start(String sockets, Redirect errors) throws IOException {
        List<String> paths = new ArrayList<>(List.of(System.getProperty("java.class.path")));
        paths.add(System.getProperty("jdk.module.path", ""));
        for (Class<?> type : List.of(InheritedSocketTest.class, Server.class)) {
            paths.add(type.getProtectionDomain().getCodeSource().getLocation().getPath());
        }
        return new ProcessBuilder(
                        "/usr/bin/python3",
                        "-c",
                        PARENT,
                        sockets,
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        String.join(":", paths),
                        Program.class.getName())
                .redirectError(errors)
                .start();
    }

    private static String get(String port, String path) throws IOException {
        HttpURLConnection connection =
                (HttpURLConnection) URI.create("http://127.0.0.1:" + port + path).toURL().openConnection();
        connection.setReadTimeout(60_000);
        return new String(connection.getInputStream().readAllBytes(), UTF_8);
    }

    @Test
    @Tag("W-90")
    void whoeverHasConnectedBeforeItRunsIsServedToo() throws Exception {
        Process process = start("1", Redirect.INHERIT);
        try (var out = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
            String port = out.readLine();

            assertThat(get(port, "/")).isEqualTo("inherited"); // waits in the backlog of the parent's socket
            assertThat(out.readLine()).isEqualTo(port + " 2");
            assertThat(get(port, "/stop")).isEqualTo("stopping");
            assertThat(process.waitFor()).isZero();
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    @Tag("W-90")
    void moreThanOneIsAClearError() throws Exception {
        Process process = start("2", Redirect.PIPE);
        try (var errors = new BufferedReader(new InputStreamReader(process.getErrorStream(), UTF_8))) {
            assertThat(errors.lines())
                    .anyMatch(line -> line.contains(
                            "one inherited socket can be taken, as standard input, and LISTEN_FDS says that there are more: 2"));
            assertThat(process.waitFor()).isEqualTo(1);
        } finally {
            process.destroyForcibly();
        }
    }
}
