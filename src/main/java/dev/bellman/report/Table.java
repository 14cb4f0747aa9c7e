package dev.bellman.report;

import dev.bellman.report.Style.Ink;
import java.util.List;

/// Rows of cells, aligned for a terminal.
///
/// A cell may have several lines, such as a list of next hops; the row is as high as its highest cell. Rows keep the
/// order they are given in.
///
/// @param header empty for a table without one
/// @param rows each with as many cells as the header
public record Table(List<String> header, List<List<String>> rows) {
    private static final String GAP = "  ";

    public Table {
        header = List.copyOf(header);
        rows = rows.stream().map(List::copyOf).toList();
        int columns = header.isEmpty() && !rows.isEmpty() ? rows.getFirst().size() : header.size();
        for (List<String> row : rows) {
            if (row.size() != columns) {
                throw new IllegalArgumentException("a row of " + row.size() + " cells in a table of " + columns);
            }
        }
    }

    /// The table as lines without trailing blanks, each ended by a newline; nothing for a table without rows.
    public String print(Style style) {
        if (rows.isEmpty()) {
            return "";
        }
        int[] widths = widths();
        StringBuilder out = new StringBuilder();
        if (!header.isEmpty()) {
            out.append(style.paint(Ink.FAINT, line(header, 0, widths))).append('\n');
        }
        for (List<String> row : rows) {
            int height = row.stream().mapToInt(cell -> lines(cell).size()).max().orElse(1);
            for (int i = 0; i < height; i++) {
                out.append(line(row, i, widths)).append('\n');
            }
        }
        return out.toString();
    }

    private int[] widths() {
        int[] widths = new int[rows.getFirst().size()];
        for (int column = 0; column < widths.length; column++) {
            widths[column] = header.isEmpty() ? 0 : DisplayText.width(header.get(column));
            for (List<String> row : rows) {
                for (String line : lines(row.get(column))) {
                    widths[column] = Math.max(widths[column], DisplayText.width(DisplayText.inline(line)));
                }
            }
        }
        return widths;
    }

    private static String line(List<String> row, int number, int[] widths) {
        StringBuilder out = new StringBuilder();
        for (int column = 0; column < widths.length; column++) {
            List<String> lines = lines(row.get(column));
            String text = number < lines.size() ? DisplayText.inline(lines.get(number)) : "";
            out.append(text)
                    .append(" ".repeat(widths[column] - DisplayText.width(text)))
                    .append(GAP);
        }
        return out.toString().stripTrailing();
    }

    private static List<String> lines(String cell) {
        return cell.lines().toList();
    }
}
