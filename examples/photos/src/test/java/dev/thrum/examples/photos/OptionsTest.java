package dev.thrum.examples.photos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OptionsTest {

    @Test
    void theDefaults() throws UsageException {
        assertThat(Options.parse()).isEqualTo(new Options(8000, Path.of("photos-data").toAbsolutePath(), 2, Optional.empty()));
    }

    @Test
    void allOfThem() throws UsageException {
        assertThat(Options.parse("--workers", "3", "--port", "9000", "--dir", "/a/b", "--access-log", "/c"))
                .isEqualTo(new Options(9000, Path.of("/a/b"), 3, Optional.of(Path.of("/c"))));
    }

    @Test
    void theLastPortLeavesRoomForFour() throws UsageException {
        assertThat(Options.parse("--port", "65532").port()).isEqualTo(65_532);
        assertWrong("--port must be 0..65532: 65533", "--port", "65533");
    }

    @Test
    void anUnknownOptionIsRefused() {
        assertWrong("unknown option: --prot (there are --port, --dir, --workers, --access-log)", "--prot", "1");
    }

    @Test
    void aWordThatIsNoOptionIsRefused() {
        assertWrong("unknown option: 8000 (there are --port, --dir, --workers, --access-log)", "8000");
    }

    @Test
    void aMissingValueIsRefused() {
        assertWrong("a value must follow --dir", "--port", "1", "--dir");
    }

    @Test
    void anOptionGivenTwiceIsRefused() {
        assertWrong("--port must be given once", "--port", "1", "--port", "2");
    }

    @Test
    void whatIsNoNumberIsRefused() {
        assertWrong("--workers must be 1..256: two", "--workers", "two");
        assertWrong("--workers must be 1..256: 0", "--workers", "0");
    }

    @Test
    void whatIsNoPathIsRefused() {
        assertThatThrownBy(() -> Options.parse("--dir", "a\0b"))
                .isInstanceOf(UsageException.class)
                .hasMessageStartingWith("--dir must be a path: ");
    }

    private static void assertWrong(String message, String... args) {
        assertThatThrownBy(() -> Options.parse(args)).isInstanceOf(UsageException.class).hasMessage(message);
    }
}
