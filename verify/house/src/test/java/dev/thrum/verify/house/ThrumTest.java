package dev.thrum.verify.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// The house as this build has it.
class ThrumTest {
    private final Reactor reactor = new Reactor(Path.of(System.getProperty("thrum.root")));

    @Test
    void everyRoomKeepsTheRules() throws IOException {
        assertThat(House.problems(
                        Table.THRUM,
                        reactor.rooms().stream().map(reactor::descriptor).toList()))
                .isEmpty();
    }

    @Test
    void everyRoomIsOnePackageOfSources() throws IOException {
        assertThat(reactor.rooms())
                .isNotEmpty()
                .allSatisfy(room -> assertThat(reactor.packages(room)).containsExactly("dev.thrum." + room));
    }

    @Test
    void everyRoomFolderIsBuilt() throws IOException {
        assertThat(reactor.rooms()).containsExactlyInAnyOrderElementsOf(reactor.roomFolders());
    }

    @Test
    void everyRoomIsBuiltBeforeItIsJudged() throws IOException {
        assertThat(reactor.rooms())
                .allSatisfy(room -> assertThat(reactor.builtBefore()).contains("thrum-" + room));
    }

    @Test
    void everyTestIsRun() throws IOException {
        assertThat(reactor.testsThatNobodyRuns()).isEmpty();
    }
}
