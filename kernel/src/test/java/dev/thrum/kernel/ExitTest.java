package dev.thrum.kernel;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What a kernel that nobody closed means for its JVM: a process of its own.
class ExitTest {

    private static Process unclosed(boolean daemon) throws IOException {
        return Forked.start(List.of(), Unclosed.class, String.valueOf(daemon));
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
