package dev.bellman.report;

import dev.bellman.diagnostic.Diagnostic;
import dev.bellman.diagnostic.SourceText;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;

/// Tells findings apart by what they are about, so that a finding keeps its identity when lines move.
///
/// Rule, file, object and the text of the line go in, line numbers do not. Findings that are equal in all of these are
/// numbered in the order of the report.
final class Fingerprints {
    private final Map<String, SourceText> texts;
    private final Map<String, Integer> seen = new HashMap<>();

    Fingerprints(Map<String, SourceText> texts) {
        this.texts = texts;
    }

    /// Sixteen hexadecimal digits, a colon and a number from 1.
    String next(Diagnostic diagnostic) {
        SourceText text = texts.get(diagnostic.span().file());
        String line = text == null ? "" : text.line(diagnostic.span().line()).strip();
        String digest =
                digest(String.join("\0", diagnostic.rule(), diagnostic.span().file(), diagnostic.object(), line));
        return digest + ":" + seen.merge(digest, 1, Integer::sum);
    }

    private static String digest(String identity) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(identity.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
