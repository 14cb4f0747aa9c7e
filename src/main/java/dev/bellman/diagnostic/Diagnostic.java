package dev.bellman.diagnostic;

import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One finding.
///
/// @param rule the rule's id, such as `local-needs-external-service`
/// @param message what is wrong: lower case, no full stop, stands on its own
/// @param help what to do about it; empty when there is nothing to add
/// @param span the smallest text that is wrong
/// @param object the object concerned as `Kind namespace/name`, or empty for a finding about a file
/// @param related other places that belong to it, in the order to show them
/// @param fix the one right answer, if there is exactly one
public record Diagnostic(
        String rule,
        Severity severity,
        String message,
        String help,
        Span span,
        String object,
        List<Related> related,
        @Nullable Fix fix)
        implements Comparable<Diagnostic> {
    private static final Comparator<Diagnostic> ORDER = Comparator.comparing(Diagnostic::span)
            .thenComparing(Diagnostic::severity)
            .thenComparing(Diagnostic::rule)
            .thenComparing(Diagnostic::message)
            .thenComparing(Diagnostic::object);

    public Diagnostic {
        related = List.copyOf(related);
    }

    public Diagnostic(String rule, Severity severity, String message, String help, Span span, String object) {
        this(rule, severity, message, help, span, object, List.of(), null);
    }

    public Diagnostic withSeverity(Severity other) {
        return new Diagnostic(rule, other, message, help, span, object, related, fix);
    }

    public Diagnostic withRelated(List<Related> places) {
        return new Diagnostic(rule, severity, message, help, span, object, places, fix);
    }

    public Diagnostic withFix(@Nullable Fix answer) {
        return new Diagnostic(rule, severity, message, help, span, object, related, answer);
    }

    /// By place, then by severity: the order of every report.
    @Override
    public int compareTo(Diagnostic other) {
        return ORDER.compare(this, other);
    }
}
