package dev.thrum.verify.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What ApacheBench makes of a server under load. It speaks HTTP/1.0, where a connection stays only if both sides ask for it.
class ApacheBenchTest {
    private static Site site;

    @BeforeAll
    static void start() throws IOException {
        site = Site.start();
    }

    @AfterAll
    static void stop() throws IOException {
        site.close();
    }

    /// {@return what it prints when all went well}
    private static String ab(String path, String... options) throws Exception {
        List<String> command = new ArrayList<>(List.of("ab", "-q", "-s", "50"));
        command.addAll(List.of(options));
        command.add(site.url(path));
        Foreign ab = Foreign.run(command.toArray(String[]::new));
        assertThat(ab.exit()).as(ab.output()).isZero();
        assertThat(ab.output()).containsPattern("Failed requests: +0\n").doesNotContain("Write errors");
        return ab.output();
    }

    @Test
    void keepsItsConnections() throws Exception {
        assertThat(ab("/", "-k", "-n", "20000", "-c", "32"))
                .containsPattern("Complete requests: +20000\n")
                .containsPattern("Keep-Alive requests: +20000\n")
                .doesNotContain("Non-2xx");
    }

    @Test
    void hasAConnectionForEachRequest() throws Exception {
        assertThat(ab("/", "-n", "2000", "-c", "32"))
                .containsPattern("Complete requests: +2000\n")
                .doesNotContain("Non-2xx");
    }

    @Test
    void isContentWithTheHeadAlone() throws Exception {
        assertThat(ab("/", "-k", "-i", "-n", "2000", "-c", "8"))
                .containsPattern("Keep-Alive requests: +2000\n")
                .containsPattern("HTML transferred: +0 bytes");
    }

    @Test
    void readsStreamsThatEndWithTheirConnection() throws Exception {
        assertThat(ab("/stream", "-n", "2000", "-c", "8")).containsPattern("HTML transferred: +14000 bytes");
        assertThat(ab("/pieces", "-n", "20", "-c", "4")).containsPattern("HTML transferred: +100000000 bytes");
    }

    @Test
    void sendsBodies(@TempDir Path folder) throws Exception {
        Path small = Files.write(folder.resolve("small"), new byte[1_000]);

        assertThat(ab("/length", "-k", "-n", "2000", "-c", "8", "-p", small.toString(), "-T", "application/octet-stream"))
                .containsPattern("Keep-Alive requests: +2000\n")
                .containsPattern("HTML transferred: +20000 bytes")
                .doesNotContain("Non-2xx");
    }

    @Test
    void uploadsTenMebibytes() throws Exception {
        assertThat(ab("/upload", "-k", "-n", "8", "-c", "4", "-p", site.noise().toString(), "-T", "application/octet-stream"))
                .containsPattern("HTML transferred: +" + 8 * site.received().length() + " bytes")
                .doesNotContain("Non-2xx");
    }

    @Test
    void countsWhatIsWrong() throws Exception {
        assertThat(ab("/none", "-k", "-n", "500", "-c", "8")).containsPattern("Non-2xx responses: +500\n");
        assertThat(ab("/", "-k", "-m", "DELETE", "-n", "500", "-c", "8")).containsPattern("Non-2xx responses: +500\n");
    }
}
