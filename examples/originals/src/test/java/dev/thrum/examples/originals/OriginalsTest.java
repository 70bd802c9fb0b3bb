package dev.thrum.examples.originals;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.web.Server;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What the programs of the originals' pages print and answer.
@Timeout(120)
class OriginalsTest {
    private final HttpClient client = HttpClient.newHttpClient();

    private static List<String> printedBy(Runnable program) {
        PrintStream before = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, UTF_8));
        try {
            program.run();
        } finally {
            System.setOut(before);
        }
        return printed.toString(UTF_8).lines().toList();
    }

    private HttpResponse<String> get(int port, String path) throws IOException, InterruptedException {
        URI uri = URI.create("http://localhost:" + port + path);
        return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
    }

    @Test
    void aBackgroundJobComesBackByNotifierAndTheLoopEnds() {
        assertThat(printedBy(() -> BackgroundJob.main(new String[] {"30"}))).containsExactly("Job finished! 42");
    }

    @Test
    void aBackgroundJobComesBackByEventAndTheLoopEnds() {
        assertThat(printedBy(() -> BackgroundEvent.main(new String[] {"30"}))).containsExactly("Job finished! 42");
    }

    @Test
    void aPromisedJobComesBackWithItsValueOrItsError() {
        assertThat(printedBy(() -> PromisedJob.main(new String[] {"700"})))
                .containsExactly(
                        "event loop still running...",
                        "got val: 9",
                        "err: For input string: \"nine\"",
                        "got val: 9");
    }

    @Test
    void oneApplicationAnswersOnFourPorts() throws Exception {
        try (Server server = SameAppManyPorts.start(0)) {
            for (int port : server.ports()) {
                assertThat(get(port, "/").body()).isEqualTo("Welcome to my homepage!");
            }
            assertThat(server.ports()).hasSize(4);
        }
    }

    @Test
    void differentApplicationsShareNothing() throws Exception {
        List<Server> servers = DifferentApps.start(0, 0);
        int first = servers.getFirst().ports().getFirst();
        int second = servers.getLast().ports().getFirst();
        try {
            assertThat(get(first, "/").body()).isEqualTo("Welcome to app1!!");
            assertThat(get(second, "/").body()).isEqualTo("This is app2.");
            assertThat(get(first, "/visits").body()).isEqualTo("visit 1");
            assertThat(get(second, "/visits").statusCode()).isEqualTo(404);
        } finally {
            servers.forEach(Server::close);
        }
    }
}
