package dev.thrum.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.loop.Signal;
import dev.thrum.scope.Registration;
import dev.thrum.system.DumpFiles;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class DumpCommandTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir
    Path temp;

    private int run(String... args) {
        return Thrum.run(
                List.of(args),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    private String said() {
        return err.toString(StandardCharsets.UTF_8);
    }

    @Test
    @Tag("C-6")
    void aProgramTellsWhereItsDumpIsAndWhatItSays() throws IOException {
        String pid = Long.toString(ProcessHandle.current().pid());
        try (Registration _ = DumpFiles.on(Signal.USR1, temp)) {
            assertThat(run("dump", pid)).isZero();
        }

        List<String> lines = out.toString(StandardCharsets.UTF_8).lines().toList();
        assertThat(lines.get(0)).startsWith(temp + "/thrum-" + pid).endsWith(".json");
        assertThat(lines.get(1)).startsWith(temp + "/thrum-" + pid).endsWith(".txt");
        assertThat(lines).contains("process", "  pid: " + pid, "who waits for whom: none");
        assertThat(Files.readString(Path.of(lines.get(0)))).contains("\"pid\": " + pid);
    }

    @Test
    @Tag("C-6")
    void aProcessThatDoesNotExistIsOneLine() {
        assertThat(run("dump", "999999999999")).isEqualTo(69);
        assertThat(said()).isEqualToIgnoringNewLines("thrum: there is no process 999999999999");
    }

    @Test
    @Tag("C-6")
    void aProcessThatWaitsForNoSignalIsLeftAlone() throws Exception {
        Process other = new ProcessBuilder("sleep", "60").start();
        try {
            assertThat(run("dump", Long.toString(other.pid()))).isEqualTo(69);
            assertThat(said().lines())
                    .singleElement()
                    .asString()
                    .contains("process " + other.pid() + " is no Thrum program that waits for a signal");
            assertThat(other.isAlive()).isTrue();
        } finally {
            other.destroyForcibly().waitFor();
        }
    }

    @Test
    @Tag("C-6")
    void whatIsNoNumberIsAMistake() {
        assertThat(run("dump")).isEqualTo(Thrum.USAGE);
        assertThat(run("dump", "photos")).isEqualTo(Thrum.USAGE);
        assertThat(run("dump", "1", "2")).isEqualTo(Thrum.USAGE);
        assertThat(said().lines())
                .containsExactly(
                        "thrum: dump needs the number of a process (see thrum help dump)",
                        "thrum: the number of a process must be a number: photos",
                        "thrum: dump takes no such argument: 2 (see thrum help dump)");
    }
}
