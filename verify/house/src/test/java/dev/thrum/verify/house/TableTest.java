package dev.thrum.verify.house;

import static dev.thrum.verify.house.Room.room;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class TableTest {

    @Test
    void noRoomOfTheCoreMayHaveALibrary() {
        assertThat(Table.THRUM.rooms())
                .filteredOn(room -> Table.CORE.contains(room.name()))
                .hasSameSizeAs(Table.CORE)
                .allSatisfy(room -> assertThat(room.libraries()).isEmpty());
    }

    @Test
    void theCoreStandsOnTheCore() {
        assertThat(Table.THRUM.rooms())
                .filteredOn(room -> Table.CORE.contains(room.name()))
                .allSatisfy(room -> assertThat(Table.CORE).containsAll(room.on()));
    }

    @Test
    void theLoopAndTheKernelDoNotKnowEachOther() {
        assertThat(Table.THRUM.find("dev.thrum.loop")).hasValueSatisfying(loop -> assertThat(Table.THRUM.below(loop))
                .containsExactlyInAnyOrder("promise", "scope"));
        assertThat(Table.THRUM.find("dev.thrum.kernel")).hasValueSatisfying(kernel -> assertThat(
                        Table.THRUM.below(kernel))
                .containsExactlyInAnyOrder("promise", "scope"));
    }

    @Test
    void aTableCannotHoldACycle() {
        assertThatThrownBy(() -> new Table(List.of(room("hall", "attic"), room("attic", "hall"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("a room must stand above what it is on: ");
    }

    @Test
    void aTableHoldsARoomOnce() {
        assertThatThrownBy(() -> new Table(List.of(room("hall"), room("hall"))))
                .hasMessage("a room must stand in the table once: hall");
    }
}
