package dev.thrum.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class AppLogTest {
    private final List<LogRecord> records = Collections.synchronizedList(new ArrayList<>());
    private final Logger logger = Logger.getLogger("dev.thrum.web");
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord line) {
            records.add(line);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    @BeforeEach
    void listen() {
        logger.addHandler(handler);
        logger.setUseParentHandlers(false);
    }

    @AfterEach
    void stop() {
        logger.removeHandler(handler);
        logger.setUseParentHandlers(true);
    }

    private static Server start(String name, Level level) {
        return WebApp.create()
                .named(name)
                .logLevel(level)
                .get("/say", (request, response) -> {
                    System.Logger log = Server.current().orElseThrow().logger();
                    log.log(Level.INFO, "for {0}", request.path());
                    log.log(Level.WARNING, "beware", new IllegalArgumentException("seen"));
                    response.send("said");
                })
                .get("/throw", (request, response) -> {
                    throw new IllegalStateException("as planned");
                })
                .start(Listener.http(0).withHost("127.0.0.1"));
    }

    @Test
    @Tag("W-104")
    void anApplicationLogsUnderItsNameFromItsLevelOn() throws Exception {
        try (Server loud = start("loud", Level.INFO);
                Server quiet = start("quiet", Level.WARNING)) {
            RawClient.get(loud.ports().getFirst(), "/say");
            RawClient.get(quiet.ports().getFirst(), "/say");

            assertThat(loud.logger().isLoggable(Level.INFO)).isTrue();
            assertThat(quiet.logger().isLoggable(Level.INFO)).isFalse();
        }
        assertThat(records)
                .extracting(line -> line.getLoggerName() + " " + line.getMessage())
                .containsExactly("dev.thrum.web.loud for {0}", "dev.thrum.web.loud beware", "dev.thrum.web.quiet beware");
    }

    @Test
    @Tag("W-104")
    void whatAHandlerThrowsIsInTheLogOfItsApplication() throws Exception {
        try (Server loud = start("loud", Level.INFO);
                Server mute = start("mute", Level.OFF)) {
            RawClient.get(mute.ports().getFirst(), "/throw");
            RawClient.get(loud.ports().getFirst(), "/throw");
        }
        assertThat(records).singleElement().satisfies(line -> {
            assertThat(line.getLoggerName()).isEqualTo("dev.thrum.web.loud");
            assertThat(line.getMessage()).startsWith("nobody handled an error on loop 'loud-0'").endsWith(", in GET /throw");
            assertThat(line.getThrown()).hasMessage("as planned");
        });
    }
}
