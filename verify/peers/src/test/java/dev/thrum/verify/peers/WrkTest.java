package dev.thrum.verify.peers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.web.Listener;
import dev.thrum.web.Server;
import dev.thrum.web.WebApp;
import org.junit.jupiter.api.Test;

/// What wrk makes of a server under load: every request is answered.
class WrkTest {

    @Test
    void getsAnAnswerToEveryRequestOfSixtyFourConnections() throws Exception {
        WebApp app = WebApp.create().get("/", (request, response) -> response.send("hello"));
        try (Server server = app.start(Listener.http(0).withHost("127.0.0.1").withLoops(2))) {
            String url = "http://127.0.0.1:" + server.ports().getFirst() + "/";

            Foreign wrk = Foreign.run("wrk", "-t1", "-c64", "-d2s", "--timeout", "30s", url);

            assertThat(wrk.exit()).isZero();
            assertThat(wrk.output())
                    .contains("Requests/sec")
                    .doesNotContain("Socket errors")
                    .doesNotContain("Non-2xx");
        }
    }
}
