package dev.thrum.kernel;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.promise.Promise;
import dev.thrum.scope.Scope;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What a kernel that nobody closed means for its JVM: a process of its own.
class ExitTest {

    private static Path origin(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    private static Process unclosed(boolean daemon) throws IOException {
        String path = Stream.of(origin(Scope.class), origin(Promise.class), Path.of("target/classes"), Path.of("target/test-classes"))
                .map(Path::toString)
                .collect(Collectors.joining(File.pathSeparator));
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        path,
                        Unclosed.class.getName(),
                        String.valueOf(daemon))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    @Test
    @Tag("K-33.7")
    void aKernelThatIsNeverClosedLetsTheJvmExit() throws Exception {
        Process process = unclosed(true);
        assertThat(process.waitFor(60, SECONDS)).isTrue();
        assertThat(process.inputReader().readLine()).isEqualTo("main is over");
        assertThat(process.exitValue()).isZero();
    }

    @Test
    @Tag("K-33.8")
    void oneThatIsAskedToKeepsTheJvmUntilItsEndWhateverItsZombiesDo() throws Exception {
        Process process = unclosed(false);
        assertThat(process.inputReader().readLine()).isEqualTo("main is over");
        assertThat(process.waitFor(200, MILLISECONDS)).isFalse();
        process.outputWriter().write("end\n");
        process.outputWriter().flush();
        assertThat(process.waitFor(60, SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
    }
}
