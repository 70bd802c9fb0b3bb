package dev.thrum.verify.house;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReactorTest {
    @TempDir
    Path root;

    private Reactor reactor;

    @BeforeEach
    void build() throws IOException {
        write("pom.xml", "<project><module>hall</module><module>verify/house</module></project>");
        write("hall/src/main/java/module-info.java", "module dev.thrum.hall {}");
        write("hall/src/main/java/dev/thrum/hall/Door.java", "package dev.thrum.hall;");
        reactor = new Reactor(root);
    }

    @Test
    void examplesAndVerifyAreNoRooms() throws IOException {
        assertThat(reactor.rooms()).containsExactly("hall");
    }

    @Test
    void aFolderWithADescriptorIsARoomWhetherItIsBuiltOrNot() throws IOException {
        write("attic/src/main/java/module-info.java", "module dev.thrum.attic {}");
        assertThat(reactor.roomFolders()).containsExactlyInAnyOrder("hall", "attic");
    }

    @Test
    void aSecondPackageOfSourcesIsFound() throws IOException {
        write("hall/src/main/java/dev/thrum/hall/internal/Hinge.java", "package dev.thrum.hall.internal;");
        assertThat(reactor.packages("hall")).containsExactlyInAnyOrder("dev.thrum.hall", "dev.thrum.hall.internal");
    }

    @Test
    void aRoomThatIsNotCompiledHasNoDescriptor() {
        assertThatThrownBy(() -> reactor.descriptor("hall"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("hall has no module descriptor: ");
    }

    @Test
    void aTestWithoutTheNameOfOneIsFound() throws IOException {
        write("hall/src/test/java/dev/thrum/hall/DoorTest.java", "class DoorTest {\n    @Test\n    void opens() {}\n}");
        write("hall/src/test/java/dev/thrum/hall/Doors.java", "class Doors {\n    @Test\n    void open() {}\n}");
        write("hall/src/test/java/dev/thrum/hall/Hinges.java", "class Hinges {}");
        assertThat(reactor.testsThatNobodyRuns()).containsExactly(Path.of("hall/src/test/java/dev/thrum/hall/Doors.java"));
    }

    private void write(String file, String text) throws IOException {
        Path path = root.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }
}
