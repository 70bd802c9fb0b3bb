package dev.thrum.verify.house;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadmeTest {
    private final Path root = Path.of(System.getProperty("thrum.root"));
    private final Reactor reactor = new Reactor(root);

    @TempDir
    Path output;

    @Test
    void everyExampleCompiles() throws IOException {
        assertThat(Readme.examples(root.resolve("README.md")))
                .isNotEmpty()
                .allSatisfy(example -> assertThat(complaints(example)).isEmpty());
    }

    @Test
    void anExampleThatIsOutOfDateDoesNotCompile() throws IOException {
        assertThat(complaints(new Readme.Example("scope", "Scope.yesterday();\n")))
                .contains("cannot find symbol", "yesterday");
    }

    @Test
    void everyRoomHasASection() throws IOException {
        assertThat(Files.readAllLines(root.resolve("README.md")))
                .containsAll(reactor.rooms().stream().map("### "::concat).toList());
    }

    private String complaints(Readme.Example example) throws IOException {
        List<String> rooms = reactor.rooms();
        String classPath = rooms.stream()
                .map(room -> root.resolve(room, "target", "classes").toString())
                .collect(joining(File.pathSeparator));
        return example.complaints(rooms, classPath, output);
    }
}
