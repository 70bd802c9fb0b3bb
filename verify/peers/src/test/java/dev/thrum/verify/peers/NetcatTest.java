package dev.thrum.verify.peers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.scope.Home;
import dev.thrum.web.WebApp;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What nc gets when it ends its half of the connection after its requests (`-N`).
class NetcatTest {
    private static Site site;

    @BeforeAll
    static void start() throws IOException {
        site = Site.start(WebApp.create().get("/slow", (request, response) -> {
            var _ = Home.current().schedule(Duration.ofMillis(300), () -> response.send("slow"));
        }));
    }

    @AfterAll
    static void stop() throws IOException {
        site.close();
    }

    private static String nc(String requests) throws Exception {
        String command = "printf '" + requests + "' | nc.openbsd -N 127.0.0.1 " + site.port();
        Foreign nc = Foreign.run("sh", "-c", command);
        assertThat(nc.exit()).as(nc.output()).isZero();
        return nc.output();
    }

    @Test
    @Tag("H-53")
    void getsTheAnswersThatTakeAWhile() throws Exception {
        String slow = "GET /slow HTTP/1.1\\r\\nHost: here\\r\\n\\r\\n";
        assertThat(nc(slow + "GET / HTTP/1.1\\r\\nHost: here\\r\\n\\r\\n" + slow))
                .contains("\r\n\r\nslowHTTP/1.1", "\r\n\r\nhelloHTTP/1.1")
                .endsWith("\r\n\r\nslow");
    }

    @Test
    @Tag("H-53")
    void isToldNothingElseInHttp10() throws Exception {
        assertThat(nc("GET /slow HTTP/1.0\\r\\n\\r\\n")).doesNotContain("100 Continue").endsWith("\r\n\r\nslow");
    }
}
