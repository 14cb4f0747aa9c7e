package dev.bellman.cli;

import dev.bellman.diagnostic.Diagnostic;
import dev.bellman.diagnostic.SourceText;
import dev.bellman.report.Findings;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What was found at the merge base, so that only what a branch adds is reported.
///
/// A finding is the same when it says the same of the same object on the same line of text, wherever that line went, be
/// it to another file. One that is about no object stays in its file. So a finding that a change of another object
/// caused is new, though its own line is as it was.
final class Baseline {
    private final Map<Identity, Integer> known = new HashMap<>();

    private record Identity(String rule, String file, String object, String message, String line) {
        Identity inAnyFile() {
            return object.isEmpty() ? this : new Identity(rule, "", object, message, line);
        }
    }

    /// @param base null where none of the paths was there yet
    Baseline(@Nullable Findings base) {
        if (base != null) {
            base.diagnostics().forEach(finding -> known.merge(identity(finding, base), 1, Integer::sum));
        }
    }

    /// The findings of the head without those that were there before.
    Findings added(Findings head) {
        Map<Identity, Integer> left = new HashMap<>(known);
        // Those that stayed in their file come first: of a file and its copy the copy is what was added.
        List<Diagnostic> notHere = without(left, head.diagnostics(), finding -> identity(finding, head));
        Map<Identity, Integer> moved = new HashMap<>();
        left.forEach((identity, count) -> moved.merge(identity.inAnyFile(), count, Integer::sum));
        List<Diagnostic> added =
                without(moved, notHere, finding -> identity(finding, head).inAnyFile());
        return new Findings(head.files(), head.objects(), added, head.silenced(), head.rules(), head.texts());
    }

    /// The findings that are not among those that are left; what is among them is taken from there.
    private static List<Diagnostic> without(
            Map<Identity, Integer> left, List<Diagnostic> findings, Function<Diagnostic, Identity> identity) {
        List<Diagnostic> others = new ArrayList<>();
        for (Diagnostic finding : findings) {
            Identity same = identity.apply(finding);
            int count = left.getOrDefault(same, 0);
            if (count == 0) {
                others.add(finding);
            } else {
                left.put(same, count - 1);
            }
        }
        return others;
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
