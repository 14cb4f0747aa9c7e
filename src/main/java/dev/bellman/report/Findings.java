package dev.bellman.report;

import dev.bellman.diagnostic.Diagnostic;
import dev.bellman.diagnostic.Severity;
import dev.bellman.diagnostic.SourceText;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Everything that one check found, whoever prints it.
///
/// @param files how many files were read
/// @param objects how many objects were checked
/// @param diagnostics by place
/// @param silenced findings that count for nothing, by place
/// @param rules the rules that took part, by id
/// @param texts the files read, by the name that spans use; one that is missing is reported without a snippet
public record Findings(
        int files,
        int objects,
        List<Diagnostic> diagnostics,
        List<Silenced> silenced,
        List<RuleInfo> rules,
        Map<String, SourceText> texts) {
    public Findings {
        diagnostics = diagnostics.stream().sorted().toList();
        silenced = silenced.stream().sorted().toList();
        rules = rules.stream().sorted(Comparator.comparing(RuleInfo::id)).toList();
        texts = Collections.unmodifiableMap(new TreeMap<>(texts));
    }

    public int count(Severity severity) {
        return (int) diagnostics.stream()
                .filter(diagnostic -> diagnostic.severity() == severity)
                .count();
    }

    /// How many findings have the one right answer at hand.
    public int fixes() {
        return (int) diagnostics.stream()
                .filter(diagnostic -> diagnostic.fix() != null)
                .count();
    }

    /// Whether there was nothing to judge, which must not pass for "all is well". An error does not pass anyway.
    public boolean nothingChecked() {
        return objects == 0 && count(Severity.ERROR) == 0;
    }
}
