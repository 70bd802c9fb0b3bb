package dev.thrum.plugins;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.http.HttpException;
import dev.thrum.system.Disk;
import dev.thrum.system.Lane;
import dev.thrum.web.Event;
import dev.thrum.web.WebApp;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A line for each request, and nothing that a client could make of it.
@Timeout(60)
class AccessLogTest {
    @TempDir
    Path folder;

    private List<String> lines(AccessLog log, String... requests) throws Exception {
        try (Site site = Site.of(WebApp.create()
                .install(log)
                .get("/stream", (request, response) -> {
                    var body = response.start();
                    body.write("12345");
                    body.finish();
                })
                .get("/{name}", (request, response) -> response.send("hello")))) {
            for (String request : requests) {
                site.raw(request + "\r\nHost: h\r\nConnection: close\r\n\r\n");
            }
        }
        return Files.readAllLines(folder.resolve("log"));
    }

    @Test
    @Tag("PL-50")
    void eachRequestIsALine() throws Exception {
        var lines = lines(
                AccessLog.to(folder.resolve("log")),
                "GET /a?secret=1 HTTP/1.1\r\nUser-Agent: me\r\nReferer: http://x/?secret=2\r\nAuthorization: Basic secret",
                "GET /stream HTTP/1.1",
                "GET /x/missing HTTP/1.1");
        assertThat(lines).hasSize(3);
        assertThat(lines.get(0))
                .matches("127\\.0\\.0\\.1 - - \\[\\d\\d/\\w{3}/\\d{4}:\\d\\d:\\d\\d:\\d\\d \\+0000]"
                        + " \"GET /a HTTP/1\\.1\" 200 5 \"http://x/\" \"me\"");
        assertThat(lines.get(1)).contains("\"GET /stream HTTP/1.1\" 200 5 ");
        assertThat(lines.get(2)).contains("\"GET /x/missing HTTP/1.1\" 404 ");
        assertThat(String.join("", lines)).doesNotContain("secret");
    }

    @Test
    @Tag("PL-50")
    void aRequestThatAnotherHookRefusesIsALineToo() throws Exception {
        try (Site site = Site.of(WebApp.create()
                .on(Event.HeadersParsed.class, event -> {
                    throw new HttpException(415, "no");
                })
                .install(AccessLog.to(folder.resolve("log"))))) {
            site.raw("GET /a HTTP/1.1\r\nHost: h\r\nUser-Agent: me\r\nConnection: close\r\n\r\n");
        }
        assertThat(folder.resolve("log")).content().contains(" \"GET /a HTTP/1.1\" 415 ", "\"me\"");
    }

    @Test
    @Tag("PL-50")
    void aLineMayBeJson() throws Exception {
        var lines = lines(AccessLog.to(folder.resolve("log")).inJson().withQuery(), "GET /a?b=%22 HTTP/1.1\r\nUser-Agent: \"<x>\"");
        assertThat(lines.getFirst())
                .startsWith("{\"time\":\"")
                .contains("\"client\":\"127.0.0.1\",\"method\":\"GET\",\"target\":\"/a?b=%22\",\"status\":200,\"bytes\":5,\"micros\":")
                .endsWith("\"whole\":true,\"agent\":\"\\\"\\u003cx\\u003e\\\"\"}");
    }

    @Test
    @Tag("PL-51")
    void nothingThatAClientSendsBeginsAnotherLine() throws Exception {
        var lines = lines(
                AccessLog.to(folder.resolve("log")),
                "GET /%22%20200%20%C2%85%E2%80%A8x HTTP/1.1\r\nUser-Agent: \" - \\ \tü");
        assertThat(lines).hasSize(1);
        assertThat(lines.getFirst()).contains("GET /\\x22 200 \\x85\\x2028x HTTP/1.1").contains("\"\\x22 - \\x5c \\x09ü\"");
    }

    @Test
    @Tag("PL-52")
    void whatTheDiskDoesNotTakeInTimeIsDroppedAndMissed() throws Exception {
        Lane slow = Lane.start("slow", 1, 10);
        CountDownLatch free = new CountDownLatch(1);
        slow.submit(() -> {
            free.await();
            return true;
        });
        LogLines log = new LogLines(folder.resolve("log"), Disk.on(slow), false);
        for (int i = 0; i < 2_000; i++) {
            log.add("x".repeat(999) + "\n"); // the first write waits, a mebibyte is gathered, the rest is dropped
        }
        assertThat(log.dropped()).isBetween(900L, 999L);
        free.countDown();
        log.await(Duration.ofSeconds(20));
        var lines = Files.readAllLines(folder.resolve("log"));
        assertThat(lines).hasSize((int) (2_000 - log.dropped() + 1)).contains("# " + log.dropped() + " lines were dropped");
        slow.close();
    }

    @Test
    @Tag("PL-52")
    void aFileThatCannotBeWrittenStopsNothing() throws Exception {
        LogLines log = new LogLines(folder.resolve("missing/log"), Disk.shared(), true);
        log.add("1\n");
        log.await(Duration.ofSeconds(20));
        assertThat(log.dropped()).isOne();
        Files.createDirectory(folder.resolve("missing"));
        log.add("2\n");
        log.await(Duration.ofSeconds(20));
        assertThat(folder.resolve("missing/log")).hasContent("2\n{\"dropped\":1}\n");
    }
}
