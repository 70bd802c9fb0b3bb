package dev.thrum.verify.peers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.net.ProxyProtocol;
import dev.thrum.web.Listener;
import dev.thrum.web.Server;
import dev.thrum.web.WebApp;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What curl can reach besides ports: Unix sockets, and listeners that want the header of a proxy.
@Timeout(120)
class CurlListenersTest {
    private static final Listener PROXIED =
            Listener.http(0).withHost("127.0.0.1").withProxyProtocol(ProxyProtocol.trusting("127.0.0.1", "unix"));

    private final WebApp app = WebApp.create().get("/", (request, response) -> response.send(request.remote() + "\n"));
    private Server server;

    @AfterEach
    void stop() {
        server.close(Duration.ZERO);
    }

    private static Foreign curl(String... arguments) throws Exception {
        String[] command = new String[arguments.length + 2];
        command[0] = "/usr/bin/curl";
        command[1] = "-sS";
        System.arraycopy(arguments, 0, command, 2, arguments.length);
        return Foreign.run(command);
    }

    @Test
    @Tag("W-89")
    void itIntroducesItselfAsAProxyDoesAndKeepsItsConnection() throws Exception {
        server = app.start(PROXIED);
        String url = "http://127.0.0.1:" + server.ports().getFirst() + "/";

        Foreign introduced = curl("--haproxy-protocol", url, url);

        assertThat(introduced.output()).matches("(/127.0.0.1:[0-9]+\n)\\1");
        assertThat(curl(url).exit()).isNotZero();
        assertThat(server.shares().getFirst().accepted()).isEqualTo(2);
    }

    @Test
    @Tag("W-87")
    void itComesByAUnixSocket() throws Exception {
        Path folder = Files.createTempDirectory("thrum");
        Path socket = folder.resolve("s");
        server = app.start(Listener.unix(socket).withLoops(2));
        for (int i = 0; i < 4; i++) {
            assertThat(curl("--unix-socket", socket.toString(), "http://shop.example/").exit()).isZero();
        }
        assertThat(server.shares()).extracting(Server.Share::accepted).containsExactly(2L, 2L);
        server.close(Duration.ZERO);
        Files.delete(folder); // which is empty now
    }
}
