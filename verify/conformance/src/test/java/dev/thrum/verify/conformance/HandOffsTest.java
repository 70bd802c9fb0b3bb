package dev.thrum.verify.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.http.Http1;
import dev.thrum.json.Json;
import dev.thrum.kernel.Kernel;
import dev.thrum.loop.EventLoop;
import dev.thrum.net.Socket;
import dev.thrum.parallel.Parallel;
import dev.thrum.plugins.Forms;
import dev.thrum.promise.Promise;
import dev.thrum.route.Route;
import dev.thrum.scope.Scope;
import dev.thrum.system.Lane;
import dev.thrum.testing.FakeLoop;
import dev.thrum.tls.Tls;
import dev.thrum.web.WebApp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// Every public method that takes a callback says in `docs/threads.md` under which scope it runs, and has a test for it.
class HandOffsTest {
    private static final Path HOUSE = Path.of("../..").toAbsolutePath().normalize();
    private static final List<Class<?>> ROOMS = List.of(
            Scope.class, Promise.class, Kernel.class, Parallel.class, EventLoop.class, Socket.class, Lane.class,
            Tls.class, Http1.class, Route.class, WebApp.class, Forms.class, Json.class, FakeLoop.class);

    private final HandOffs handOffs;

    HandOffsTest() throws IOException {
        handOffs = new HandOffs(Files.readString(HOUSE.resolve("docs/threads.md")));
    }

    @Test
    void everyMethodThatTakesACallbackStandsInATableOfHandOffs() {
        var missing = new TreeSet<>(HandOffs.takingCallbacks(ROOMS));
        missing.removeAll(handOffs.named());

        assertThat(missing)
                .as("add these to docs/threads.md, section Hand-offs: with a test where the callback runs later or elsewhere")
                .isEmpty();
    }

    @Test
    void everyHandOffNamesATestThatExists() {
        assertThat(handOffs.named()).contains("EventLoop.after", "Promise.map", "Kernel.submit");
        assertThat(handOffs.problems(new Rules(HOUSE))).isEmpty();
    }

    @Test
    void aRowWithoutATestIsFound() {
        var page = new HandOffs("""

                ## Hand-offs
                | hand-off | scope | test |
                | `Thing.later`, `soon` | that of its maker | `HandOffsTest.noSuchTest` |
                | `Thing.never` | that of its maker | none |
                | `Thing.Part.now` | runs at once |
                <!-- end of hand-offs -->
                """);

        assertThat(page.named()).containsExactly("Thing.Part.now", "Thing.later", "Thing.never", "Thing.soon");
        assertThat(page.problems(new Rules(HOUSE)))
                .containsExactly(
                        "`Thing.later`, `soon` names a test that does not exist: HandOffsTest.noSuchTest",
                        "`Thing.never` names no test");
    }

    @Test
    void aMethodThatTakesACallbackIsFound() {
        assertThat(HandOffs.takingCallbacks(List.of(Scope.class)))
                .contains("Home.schedule", "Scope.onCancel", "Scope.run")
                .doesNotContain("Scope.cancel", "Scope.child");
    }
}
