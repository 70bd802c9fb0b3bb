package dev.thrum.examples.photos;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.system.DumpFiles;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The program, as a process.
@Timeout(120)
class MainTest {
    /// On a busy machine a turn may be late; the watchdog's warnings of that are no words of the program.
    private static final String LOGGING = "handlers=java.util.logging.ConsoleHandler\ndev.thrum.loop.level=SEVERE\n";

    @TempDir
    Path temp;

    private record Outcome(int status, String err) {}

    private Process start(Class<?> program, String... args) throws IOException {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        List<String> command = new ArrayList<>(List.of(java.toString(), "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        command.add("-Djava.util.logging.config.file=" + Files.writeString(temp.resolve("logging"), LOGGING));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), program.getName()));
        command.addAll(List.of(args));
        return new ProcessBuilder(command)
                .directory(temp.toFile())
                .redirectError(temp.resolve("err").toFile())
                .start();
    }

    private Outcome run(Class<?> program, String... args) throws IOException, InterruptedException {
        Process process = start(program, args);
        assertThat(process.waitFor(60, SECONDS)).isTrue();
        return new Outcome(process.exitValue(), Files.readString(temp.resolve("err")));
    }

    @Test
    void itSaysWhereItIsAndEndsInOrder() throws Exception {
        Process process = start(Main.class, "--port", "0", "--dir", "photos", "--access-log", "log");
        List<String> urls = new ArrayList<>();
        try (BufferedReader out = process.inputReader()) {
            assertThat(out.readLine()).startsWith("Photos are kept in ").contains("photos. ");
            for (int i = 0; i < 4; i++) {
                urls.add(out.readLine().strip());
            }
            for (String url : urls) {
                HttpClient client = HttpClient.newHttpClient();
                HttpRequest request = HttpRequest.newBuilder(URI.create(url)).build();
                assertThat(client.send(request, BodyHandlers.discarding()).statusCode()).isEqualTo(200);
                client.shutdownNow();
            }
            process.destroy(); // SIGTERM
            assertThat(process.waitFor(60, SECONDS)).isTrue();
            assertThat(process.exitValue()).isZero();
        }
        assertThat(Files.readAllLines(temp.resolve("log"))).hasSize(4).allSatisfy(line -> assertThat(line).contains("\"GET / HTTP/1.1\" 200 "));
        assertThat(temp.resolve("err")).isEmptyFile();
        assertThat(urls).doesNotHaveDuplicates();
    }

    @Test
    void aLineEachSecondTellsWhatIsLeftAndASecondSignalEndsIt() throws Exception {
        Process process = start(Main.class, "--port", "0", "--dir", "photos");
        try (BufferedReader out = process.inputReader();
                Socket client = new Socket("127.0.0.1", port(out))) {
            client.getOutputStream().write(("POST /photos HTTP/1.1\r\nHost: h\r\nContent-Type: multipart/form-data; boundary=b\r\n"
                            + "Content-Length: 1000\r\nExpect: 100-continue\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(client.getInputStream().readNBytes(12), StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 100");
            assertThat(DumpFiles.ask(process.pid(), Duration.ofSeconds(60))).content().contains("POST /photos");

            process.destroy(); // SIGTERM
            while (!Files.readString(temp.resolve("err")).contains("1 request left: POST /photos ")) {
                assertThat(process.isAlive()).isTrue();
                Thread.sleep(Duration.ofMillis(20)); // another program writes it
            }
            process.destroy();
            assertThat(process.waitFor(60, SECONDS)).isTrue();
            assertThat(process.exitValue()).isZero();
        }
    }

    private static int port(BufferedReader out) throws IOException {
        assertThat(out.readLine()).startsWith("Photos are kept in ");
        return URI.create(out.readLine().strip()).getPort();
    }

    @Test
    void anUnknownOptionEndsItWithOneLine() throws Exception {
        assertThat(run(Main.class, "--prot", "8000")).isEqualTo(
                new Outcome(2, "photos: unknown option: --prot (there are --port, --dir, --workers, --access-log)\n"));
    }

    @Test
    void aPortInUseEndsItWithOneLine() throws Exception {
        try (ServerSocket taken = new ServerSocket()) {
            taken.bind(new InetSocketAddress(InetAddress.getByName("0.0.0.0"), 0));
            int port = Math.min(taken.getLocalPort(), 65_532);
            Outcome outcome = run(Main.class, "--port", Integer.toString(port), "--dir", "photos");
            assertThat(outcome).isEqualTo(new Outcome(1, "photos: address in use: 0.0.0.0:" + port + "\n"));
        }
    }

    @Test
    void aDirectoryThatIsAFileEndsItWithOneLine() throws Exception {
        Path file = Files.createFile(temp.resolve("file")).toRealPath();
        assertThat(run(Main.class, "--port", "0", "--dir", file.toString()))
                .isEqualTo(new Outcome(1, "photos: cannot keep photos in " + file + ": it is no directory\n"));
    }

    @Test
    void aPathThroughAFileEndsItWithOneLine() throws Exception {
        Path file = Files.createFile(temp.resolve("file")).toRealPath();
        Outcome outcome = run(Main.class, "--port", "0", "--dir", file.resolve("below").toString());
        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.err().lines()).singleElement().asString().startsWith("photos: cannot keep photos in " + file);
    }

    @Test
    void picturesAreDrawn() throws Exception {
        assertThat(run(Draw.class, "--width", "60", "--height", "40", "--out", "a.png")).isEqualTo(new Outcome(0, ""));
        assertThat(temp.resolve("a.png")).isNotEmptyFile();
    }

    @Test
    void aPictureThatCannotBeDrawnEndsItWithOneLine() throws Exception {
        assertThat(run(Draw.class, "--width", "0")).isEqualTo(new Outcome(2, "draw: --width must be 1..20000: 0\n"));
        assertThat(run(Draw.class, "--width", "9", "--height", "9", "--out", "no/where.png").status()).isEqualTo(1);
    }
}
