package dev.bellman.cli;

import dev.bellman.diagnostic.Diagnostic;
import dev.bellman.diagnostic.SourceText;
import dev.bellman.report.Findings;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What was found at the merge base, so that only what a branch adds is reported.
///
/// A finding is the same when it says the same of the same object on the same line of text, wherever that line went in
/// its file. So a finding that a change of another object caused is new, though its own line is as it was.
final class Baseline {
    private final Map<Identity, Integer> known = new HashMap<>();

    private record Identity(String rule, String file, String object, String message, String line) {}

    /// @param base null where none of the paths was there yet
    Baseline(@Nullable Findings base) {
        if (base != null) {
            base.diagnostics().forEach(finding -> known.merge(identity(finding, base), 1, Integer::sum));
        }
    }

    /// The findings of the head without those that were there before.
    Findings added(Findings head) {
        Map<Identity, Integer> left = new HashMap<>(known);
        List<Diagnostic> added = new ArrayList<>();
        for (Diagnostic finding : head.diagnostics()) {
            Integer count = left.computeIfPresent(identity(finding, head), (_, before) -> before - 1);
            if (count == null || count < 0) {
                added.add(finding);
            }
        }
        return new Findings(head.files(), head.objects(), added, head.silenced(), head.rules(), head.texts());
    }

    private static Identity identity(Diagnostic finding, Findings in) {
        SourceText text = in.texts().get(finding.span().file());
        return new Identity(
                finding.rule(),
                finding.span().file(),
                finding.object(),
                finding.message(),
                text == null ? "" : text.line(finding.span().line()).strip());
    }
}
