package dev.thrum.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Runs jcstress in a process of its own: a look in the normal build, at length with `-Pstress`.
class StressTest {
    private static final String OPTIONS = System.getProperty("thrum.jcstress.options", "-m sanity");
    private static final Path RESULTS = Path.of(System.getProperty("thrum.jcstress.results", "target"));

    @Test
    void nothingForbiddenIsSeen() throws IOException, InterruptedException {
        Path log = RESULTS.resolve("jcstress.log");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "org.openjdk.jcstress.Main",
                "-r",
                RESULTS.resolve("jcstress").toString()));
        command.addAll(List.of(OPTIONS.split(" ", -1)));
        Process process = new ProcessBuilder(command)
                .directory(RESULTS.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        assertThat(process.waitFor()).as("jcstress says in %s", log).isZero();
        assertThat(log)
                .content()
                .contains("Failed tests: No matches", "Error tests: No matches")
                .containsPattern("All remaining tests: [1-9]");
    }
}
