package dev.assay.bulk;

import java.util.ArrayList;
import java.util.List;

/// A table of fixed-width text: the first column to the left, the others to the right.
public final class TextTable {

    private static final String GAP = "  ";

    private final List<String[]> rows = new ArrayList<>();

    public TextTable(String... header) {
        rows.add(header);
    }

    /// @param cells as many as the header has
    public void row(String... cells) {
        rows.add(cells);
    }

    public String render() {
        int columns = rows.getFirst().length;
        StringBuilder text = new StringBuilder();
        int[] widths = new int[columns];
        for (String[] row : rows) {
            for (int column = 0; column < columns; column++) {
                widths[column] = Math.max(widths[column], row[column].length());
            }
        }
        for (String[] row : rows) {
            StringBuilder line = new StringBuilder();
            for (int column = 0; column < columns; column++) {
                String padding = " ".repeat(widths[column] - row[column].length());
                line.append(column == 0 ? row[column] + padding : GAP + padding + row[column]);
            }
            text.append(line.toString().stripTrailing()).append(System.lineSeparator());
        }
        return text.toString();
    }
}
