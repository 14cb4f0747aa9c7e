package dev.bellman.report;

import dev.bellman.diagnostic.Diagnostic;
import dev.bellman.diagnostic.SourceText;
import dev.bellman.digest.Sha256;
import java.util.HashMap;
import java.util.Map;

/// Tells findings apart by what they are about, so that a finding keeps its identity when lines move.
///
/// Rule, file, object and the text of the line go in, line numbers do not. Findings that are equal in all of these are
/// numbered in the order of the report.
final class Fingerprints {
    private static final int BYTES = 8;

    private final Map<String, SourceText> texts;
    private final Map<String, Integer> seen = new HashMap<>();

    Fingerprints(Map<String, SourceText> texts) {
        this.texts = texts;
    }

    /// Sixteen hexadecimal digits, a colon and a number from 1.
    String next(Diagnostic diagnostic) {
        SourceText text = texts.get(diagnostic.span().file());
        String line = text == null ? "" : text.line(diagnostic.span().line()).strip();
        String digest = Sha256.hex(
                String.join("\0", diagnostic.rule(), diagnostic.span().file(), diagnostic.object(), line), BYTES);
        return digest + ":" + seen.merge(digest, 1, Integer::sum);
    }
}
