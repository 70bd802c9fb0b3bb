package dev.thrum.verify.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class MarkdownTableTest {

    @Test
    void namesStandLeftAndFiguresRight() {
        var table = new MarkdownTable("peer", "ns");
        table.row("thrum", "37");
        assertThat(table).hasToString("""
                | peer  | ns |
                | ----- | -: |
                | thrum | 37 |
                """);
    }

    @Test
    void aNarrowColumnIsStillARightOne() {
        var table = new MarkdownTable("peer", "B");
        table.row("thrum", "8");
        assertThat(table.toString()).contains("| -: |");
    }

    @Test
    void aRowOfTheWrongLengthIsAnError() {
        var table = new MarkdownTable("peer", "ns");
        assertThatThrownBy(() -> table.row("thrum")).hasMessage("a row must have 2 cells: [thrum]");
    }
}
