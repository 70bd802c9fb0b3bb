package dev.thrum.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ThrumTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @ParameterizedTest
    @ValueSource(strings = {"help", "--help", "-h"})
    void helpListsEveryCommand(String command) {
        assertThat(run(command)).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("usage: thrum COMMAND", "\n  demo ", "\n  dump ", "\n  help ", "\n  routes ", "\n  version ");
    }

    @Test
    void withoutACommandItHelps() {
        assertThat(run()).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).startsWith("usage: thrum COMMAND");
    }

    @ParameterizedTest
    @EnumSource(Topic.class)
    void helpExplainsEveryCommand(Topic topic) {
        assertThat(run("help", topic.command())).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).startsWith("usage: thrum " + topic.command());
    }

    @ParameterizedTest
    @ValueSource(strings = {"version", "--version", "-V"})
    void versionNamesTheBuildTheJdkAndTheRooms(String command) {
        assertThat(run(command)).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8))
                .containsSubsequence(
                        "thrum  ", "jdk    " + Runtime.version(), System.getProperty("java.home"), "rooms  ", "cli");
    }

    @Test
    void anUnknownCommandIsAnErrorInOneLine() {
        assertThat(run("dmeo")).isEqualTo(Thrum.USAGE);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .isEqualToIgnoringNewLines("thrum: unknown command: dmeo (thrum help lists the commands)");
    }

    @Test
    void anUnknownOptionIsAnErrorInOneLine() {
        assertThat(run("--prot")).isEqualTo(Thrum.USAGE);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .isEqualToIgnoringNewLines("thrum: unknown option: --prot (thrum help lists the commands)");
    }

    @Test
    void helpOnAnUnknownCommandIsAnError() {
        assertThat(run("help", "dmeo")).isEqualTo(Thrum.USAGE);
        assertThat(err.toString(StandardCharsets.UTF_8)).startsWith("thrum: unknown command: dmeo ");
    }

    @Test
    void anArgumentTooManyIsAnError() {
        assertThat(run("version", "--all")).isEqualTo(Thrum.USAGE);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .isEqualToIgnoringNewLines("thrum: version takes no such argument: --all (see thrum help version)");
    }

    @Test
    @Tag("C-5")
    void anUnknownApplicationIsAnErrorInOneLine() {
        assertThat(run("routes", "shpo")).isEqualTo(Thrum.USAGE);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .isEqualToIgnoringNewLines("thrum: unknown application: shpo (there is: )");
        assertThat(out.size()).isZero();
    }

    @Test
    void routesTakesOneApplication() {
        assertThat(run("routes", "a", "b")).isEqualTo(Thrum.USAGE);
        assertThat(err.toString(StandardCharsets.UTF_8)).startsWith("thrum: routes takes no such argument: b ");
    }

    @Test
    void theDemoIsTheLaunchersBusiness() {
        assertThat(run("demo")).isEqualTo(Thrum.USAGE);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("run ./thrum demo");
    }

    @Test
    void complaintsDoNotMixWithResults() {
        run("dmeo");
        assertThat(out.size()).isZero();
    }

    private int run(String... args) {
        return Thrum.run(List.of(args), new PrintStream(out, true, StandardCharsets.UTF_8), new PrintStream(
                err, true, StandardCharsets.UTF_8));
    }
}
