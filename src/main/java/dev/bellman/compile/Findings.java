package dev.bellman.compile;

import dev.bellman.diagnostic.Diagnostic;
import dev.bellman.diagnostic.Related;
import dev.bellman.diagnostic.Severity;
import dev.bellman.diagnostic.Span;
import dev.bellman.rule.Catalogue;
import dev.bellman.rule.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// Collects the findings of one compile. Severity and help come from the rule's file unless the caller knows better.
final class Findings {
    private final Catalogue catalogue;
    // A set, since two bindings of one policy can run into the very same mistake.
    private final Set<Diagnostic> found = new TreeSet<>();

    Findings(Catalogue catalogue) {
        this.catalogue = catalogue;
    }

    void report(String rule, Span span, String object, String message) {
        report(rule, span, object, message, List.of());
    }

    void report(String rule, Span span, String object, String message, List<Related> related) {
        Rule known = catalogue.get(rule);
        add(new Diagnostic(rule, known.severity(), message, known.help(), span, object, related, null));
    }

    void report(String rule, Severity severity, Span span, String object, String message, List<Related> related) {
        add(new Diagnostic(rule, severity, message, catalogue.get(rule).help(), span, object, related, null));
    }

    /// With a help text that knows more than the rule's own, such as the nearest known name.
    void reportWithHelp(String rule, Span span, String object, String message, String help, List<Related> related) {
        Rule known = catalogue.get(rule);
        add(new Diagnostic(
                rule, known.severity(), message, help.isEmpty() ? known.help() : help, span, object, related, null));
    }

    void add(Diagnostic diagnostic) {
        found.add(diagnostic);
    }

    List<Diagnostic> list() {
        return new ArrayList<>(found);
    }
}
