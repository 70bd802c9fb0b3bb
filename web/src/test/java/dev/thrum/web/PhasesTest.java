package dev.thrum.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.loop.EventLoop;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What an application does before its first answer and after its last.
@Timeout(120)
class PhasesTest {
    private static final Listener ANY_PORT = Listener.http(0).withHost("127.0.0.1");
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final List<String> log = new CopyOnWriteArrayList<>();
    private final WebApp app = WebApp.create()
            .get("/", (request, response) -> response.send("x"))
            .onStart("one", LIMIT, () -> log.add("one"))
            .onStart("two", LIMIT, () -> log.add("two"))
            .onStop("three", LIMIT, () -> log.add("three"))
            .onStop("four", LIMIT, () -> log.add("four"));

    @Test
    @Tag("W-44")
    void phasesRunInTheirOrderBeforeTheFirstAnswerAndAfterTheLast() {
        app.install(new Plugin() {
            @Override
            public void install(WebApp owner) {}

            @Override
            public void started(Server server) {
                log.add("plugin");
            }

            @Override
            public void stopped(Server server) {
                log.add("end of plugin");
            }
        });
        try (Server _ = app.start(ANY_PORT)) {
            assertThat(log).containsExactly("one", "two", "plugin");
        }
        assertThat(log.subList(3, log.size())).containsExactly("end of plugin", "three", "four");
    }

    @Test
    @Tag("W-44")
    void aPhaseMayCloseTheServerWhichThenDoesNotStart() throws Exception {
        app.onStart("change of mind", LIMIT, () -> Server.current().orElseThrow().close());
        try (Server server = app.start(ANY_PORT)) {
            assertThat(server.isRunning()).isFalse();
            assertThat(server.life()).isEqualTo(Server.Life.CLOSED);
            server.join();
        }
        assertThat(log).containsExactly("one", "two", "three", "four");
    }

    @Test
    @Tag("W-44")
    void aPhaseThatFailsEndsTheStartBeforeAnythingListens() throws IOException {
        app.onStart("self-check", LIMIT, () -> {
            throw new IOException("unfit");
        });

        try (ServerSocket taken = new ServerSocket(0)) { // whoever listened there would fail otherwise
            assertThatThrownBy(() -> app.start(Listener.http(taken.getLocalPort())))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("start phase 'self-check' has failed: java.io.IOException: unfit");
        }
        assertThat(log).containsExactly("one", "two", "three", "four");
    }

    @Test
    @Tag("W-44")
    void aPhaseThatTakesTooLongIsInterruptedAndNobodyWaitsForIt() throws Exception {
        CountDownLatch interrupted = new CountDownLatch(1);
        app.onStart("eternal", Duration.ofMillis(20), () -> {
            try {
                new CountDownLatch(1).await();
            } finally {
                interrupted.countDown();
            }
        });

        assertThatThrownBy(() -> app.start(ANY_PORT))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("start phase 'eternal' has not ended within PT0.02S");
        interrupted.await();
    }

    @Test
    @Tag("W-44")
    void aLastPhaseThatFailsIsReportedAndTheOthersRun() {
        app.onStop("bad", LIMIT, () -> {
                    throw new IOException("as planned");
                })
                .onStop("five", LIMIT, () -> log.add("five"));

        app.start(ANY_PORT).close();

        assertThat(log).endsWith("three", "four", "five");
    }

    @Test
    @Tag("W-44")
    void aPhaseKnowsItsServerAndMayBlock() {
        app.onStart("look", LIMIT, () -> {
            log.add(Server.current().orElseThrow().name());
            assertThatThrownBy(EventLoop::current).isInstanceOf(IllegalStateException.class);
        });
        try (Server server = app.named("shop").start(ANY_PORT)) {
            assertThat(log).endsWith(server.name());
        }
    }

    @Test
    @Tag("W-44")
    void thePhasesOfAPluginGoWithIt() {
        final class Phased implements Plugin {
            @Override
            public void install(WebApp owner) {
                owner.onStart("p", LIMIT, () -> log.add("p")).onStop("q", LIMIT, () -> log.add("q"));
            }
        }

        app.install(new Phased()).uninstall(Phased.class).start(ANY_PORT).close();

        assertThat(log).containsExactly("one", "two", "three", "four");
    }

    @Test
    void aLimitIsPositiveAndADayAtMost() {
        assertThatThrownBy(() -> app.onStart("x", Duration.ZERO, () -> {}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("limit must be positive, and a day at most: PT0S");
        assertThatThrownBy(() -> app.onStop("x", Duration.ofDays(2), () -> {}))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
