package dev.thrum.verify.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// A table that reads well as text and renders as Markdown: first column to the left, figures to the right.
final class MarkdownTable {

    // Room for a dash and a colon.
    private static final int NARROWEST = 2;

    private final List<List<String>> rows = new ArrayList<>();

    MarkdownTable(String... header) {
        rows.add(List.of(header));
    }

    void row(String... cells) {
        if (cells.length != rows.getFirst().size()) {
            throw new IllegalArgumentException(
                    "a row must have " + rows.getFirst().size() + " cells: " + List.of(cells));
        }
        rows.add(List.of(cells));
    }

    @Override
    public String toString() {
        var lines = new ArrayList<String>();
        for (List<String> row : rows) {
            lines.add(line(row));
        }
        lines.add(1, rule());
        return String.join("\n", lines) + "\n";
    }

    private String line(List<String> cells) {
        var padded = new ArrayList<String>();
        for (int column = 0; column < cells.size(); column++) {
            String padding = " ".repeat(width(column) - cells.get(column).length());
            padded.add(column == 0 ? cells.get(column) + padding : padding + cells.get(column));
        }
        return padded.stream().collect(Collectors.joining(" | ", "| ", " |"));
    }

    private String rule() {
        var cells = new ArrayList<String>();
        for (int column = 0; column < rows.getFirst().size(); column++) {
            String dashes = "-".repeat(width(column) - (column == 0 ? 0 : 1));
            cells.add(column == 0 ? dashes : dashes + ":");
        }
        return cells.stream().collect(Collectors.joining(" | ", "| ", " |"));
    }

    private int width(int column) {
        int widest = rows.stream().mapToInt(row -> row.get(column).length()).max().orElseThrow();
        return Math.max(NARROWEST, widest);
    }
}
