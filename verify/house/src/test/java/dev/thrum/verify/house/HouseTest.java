package dev.thrum.verify.house;

import static dev.thrum.verify.house.Room.room;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleDescriptor.Builder;
import java.lang.module.ModuleDescriptor.Modifier;
import java.lang.module.ModuleDescriptor.Requires;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class HouseTest {
    private static final Table TABLE = new Table(List.of(
            room("cellar"),
            room("hall", "cellar").jdk("java.logging"),
            room("attic", "hall").libraries("info.picocli"),
            room("shed")));

    @Test
    void aHouseInOrderHasNoProblems() {
        assertThat(problems(
                        good("cellar"),
                        good("hall").requires("dev.thrum.cellar").requires("java.logging"),
                        good("attic").requires("dev.thrum.hall").requires("info.picocli")))
                .isEmpty();
    }

    @Test
    void aRoomMayRequireWhatIsFurtherBelow() {
        assertThat(problems(good("attic").requires("dev.thrum.cellar"))).isEmpty();
    }

    @Test
    void aRoomMustNotRequireOneAbove() {
        assertThat(problems(good("cellar").requires("dev.thrum.hall")))
                .containsExactly("dev.thrum.cellar requires dev.thrum.hall: the table allows only java.base");
    }

    @Test
    void aRoomMustNotRequireOneBeside() {
        assertThat(problems(good("hall").requires("dev.thrum.shed")))
                .containsExactly("dev.thrum.hall requires dev.thrum.shed:"
                        + " the table allows only dev.thrum.cellar, java.base, java.logging");
    }

    @Test
    void aRoomMustNotRequireALibraryTheTableDoesNotGrant() {
        assertThat(problems(good("cellar").requires("info.picocli")))
                .containsExactly("dev.thrum.cellar requires info.picocli: the table allows only java.base");
    }

    @Test
    void aGrantDoesNotReachTheRoomsAbove() {
        assertThat(problems(good("attic").requires("java.logging")))
                .singleElement()
                .asString()
                .startsWith("dev.thrum.attic requires java.logging:");
    }

    @Test
    void aLibraryAtCompileTimeIsALibrary() {
        assertThat(problems(good("cellar").requires(Set.of(Requires.Modifier.STATIC), "info.picocli")))
                .containsExactly("dev.thrum.cellar requires info.picocli: the table allows only java.base");
    }

    @Test
    void theAnnotationsMustBeGoneAtRunTime() {
        assertThat(problems(ModuleDescriptor.newModule("dev.thrum.cellar")
                        .requires("org.jspecify")
                        .exports("dev.thrum.cellar")))
                .containsExactly("dev.thrum.cellar requires org.jspecify at run time: it must be static");
    }

    @Test
    void aRoomMustNotHaveASecondPackage() {
        assertThat(problems(good("cellar").packages(Set.of("dev.thrum.cellar.internal"))))
                .containsExactly("dev.thrum.cellar has a second package: dev.thrum.cellar.internal");
    }

    @Test
    void aRoomMustNotExportASecondPackage() {
        assertThat(problems(good("cellar").exports("dev.thrum.wine")))
                .containsExactly(
                        "dev.thrum.cellar has a second package: dev.thrum.wine",
                        "dev.thrum.cellar exports dev.thrum.wine: a room exports its own package only");
    }

    @Test
    void aRoomMustExportItsPackage() {
        assertThat(problems(ModuleDescriptor.newModule("dev.thrum.cellar").packages(Set.of("dev.thrum.cellar"))))
                .containsExactly("dev.thrum.cellar does not export its package");
    }

    @Test
    void aRoomMustNotExportToAFriend() {
        assertThat(problems(ModuleDescriptor.newModule("dev.thrum.cellar")
                        .exports("dev.thrum.cellar", Set.of("dev.thrum.hall"))))
                .containsExactly(
                        "dev.thrum.cellar exports dev.thrum.cellar to dev.thrum.hall:"
                                + " rooms meet through public API alone",
                        "dev.thrum.cellar does not export its package");
    }

    @Test
    void aRoomMustNotOpenItsPackage() {
        assertThat(problems(good("cellar").opens("dev.thrum.cellar", Set.of("info.picocli"))))
                .containsExactly(
                        "dev.thrum.cellar is open to reflection: rooms meet through public API alone");
    }

    @Test
    void aRoomMustNotBeAnOpenModule() {
        assertThat(problems(ModuleDescriptor.newModule("dev.thrum.cellar", Set.of(Modifier.OPEN))
                        .exports("dev.thrum.cellar")))
                .containsExactly(
                        "dev.thrum.cellar is open to reflection: rooms meet through public API alone");
    }

    @Test
    void aRoomMustNotBeEmpty() {
        assertThat(problems(ModuleDescriptor.newModule("dev.thrum.cellar")))
                .contains("dev.thrum.cellar is empty: it has no type in the package dev.thrum.cellar");
    }

    @Test
    void aRoomMustStandInTheTable() {
        assertThat(problems(good("stable"))).containsExactly("dev.thrum.stable is not in the table of rooms");
    }

    @Test
    void roomsMustNotFormACycle() {
        assertThat(problems(
                        good("cellar").requires("dev.thrum.attic"),
                        good("hall").requires("dev.thrum.cellar"),
                        good("attic").requires("dev.thrum.hall")))
                .contains("a cycle: dev.thrum.cellar → dev.thrum.attic → dev.thrum.hall → dev.thrum.cellar");
    }

    private static Builder good(String name) {
        return ModuleDescriptor.newModule("dev.thrum." + name)
                .requires(Set.of(Requires.Modifier.STATIC, Requires.Modifier.TRANSITIVE), "org.jspecify")
                .exports("dev.thrum." + name);
    }

    private static List<String> problems(Builder... rooms) {
        return House.problems(
                TABLE, Stream.of(rooms).map(Builder::build).toList());
    }
}
