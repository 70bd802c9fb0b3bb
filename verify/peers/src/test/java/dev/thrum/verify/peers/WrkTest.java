package dev.thrum.verify.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What wrk makes of a server under load: every request is answered.
class WrkTest {
    private static Site site;

    @TempDir
    private Path folder;

    @BeforeAll
    static void start() throws IOException {
        site = Site.start();
    }

    @AfterAll
    static void stop() throws IOException {
        site.close();
    }

    private static void answersAll(Foreign wrk) {
        assertThat(wrk.exit()).as(wrk.output()).isZero();
        assertThat(wrk.output())
                .contains("Requests/sec")
                .doesNotContain("Socket errors")
                .doesNotContain("Non-2xx");
    }

    private Foreign wrk(String script) throws Exception {
        Path file = Files.writeString(folder.resolve("script.lua"), script);
        return Foreign.run("wrk", "-t1", "-c16", "-d1s", "--timeout", "30s", "-s", file.toString(), site.url("/"));
    }

    @Test
    void getsAnAnswerToEveryRequestOfSixtyFourConnections() throws Exception {
        answersAll(Foreign.run("wrk", "-t1", "-c64", "-d1s", "--timeout", "30s", site.url("/")));
    }

    @Test
    void getsAnAnswerToEveryRequestOfAPipeline() throws Exception {
        answersAll(wrk("""
                init = function()
                  local many = {}
                  for i = 1, 16 do
                    many[i] = wrk.format("GET", i % 2 == 0 and "/" or "/stream")
                  end
                  all = table.concat(many)
                end
                request = function() return all end
                """));
    }

    @Test
    void sendsBodies() throws Exception {
        answersAll(wrk("""
                wrk.method = "POST"
                wrk.path = "/length"
                wrk.body = string.rep("x", 10000)
                """));
    }

    @Test
    void countsWhatIsWrong() throws Exception {
        assertThat(wrk("wrk.path = \"/none\"").output()).contains("Non-2xx").doesNotContain("Socket errors");
    }
}
