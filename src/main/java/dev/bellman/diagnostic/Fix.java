package dev.bellman.diagnostic;

import java.util.List;

/// The one right answer to a finding, as edits of the text that was read.
///
/// @param description what the edit does, such as `write 10.49.0.0/16`
/// @param edits replacements that do not overlap, all in the file of the finding
public record Fix(String description, List<Edit> edits) {
    public Fix {
        edits = List.copyOf(edits);
    }

    public static Fix replace(Span span, String replacement) {
        return new Fix("write " + replacement, List.of(new Edit(span, replacement)));
    }

    /// Replaces the text of a span. An empty replacement deletes it.
    public record Edit(Span span, String replacement) {}
}
