package dev.bellman.rule;

import dev.bellman.diagnostic.Diagnostic;
import dev.bellman.diagnostic.Nearest;
import dev.bellman.diagnostic.Severity;
import dev.bellman.diagnostic.SeverityChange;
import dev.bellman.diagnostic.Silence;
import dev.bellman.diagnostic.Span;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/// Applies what people have decided about findings: other severities, and silences.
///
/// What could not be read cannot be decided away, a silence without a reason has no effect, and one that nothing
/// answers to is a finding itself.
public final class Decisions {
    /// The rule about objects that are there more than once: all of them are judged.
    private static final String TWICE = "duplicate-object";

    private final RuleSet rules;
    private final boolean isWhole;
    private final Map<String, SeverityChange> severities = new HashMap<>();
    private final List<Silence> silences = new ArrayList<>();
    private final List<Diagnostic> about = new ArrayList<>();

    private Decisions(RuleSet rules, boolean isWhole) {
        this.rules = rules;
        this.isWhole = isWhole;
    }

    /// @param findings those that count
    /// @param silenced those that do not, with the silence
    public record Decided(List<Diagnostic> findings, List<Answered> silenced) {}

    /// A finding and the silence that covers it.
    public record Answered(Diagnostic finding, Silence silence) {}

    /// @param isWhole whether all was known that rules about several objects ask for
    public static Decided apply(
            List<Diagnostic> findings,
            List<SeverityChange> severities,
            List<Silence> silences,
            RuleSet rules,
            boolean isWhole) {
        Decisions decisions = new Decisions(rules, isWhole);
        severities.forEach(decisions::read);
        silences.forEach(decisions::read);
        return decisions.decide(findings);
    }

    private void read(SeverityChange change) {
        Rule rule = rules.find(change.rule());
        if (rule == null) {
            unknown(change.rule(), change.place());
        } else if (rule.isObligatory()) {
            obligatory(rule, change.place(), "have another severity");
        } else {
            severities.putIfAbsent(change.rule(), change);
        }
    }

    private void read(Silence silence) {
        Rule rule = rules.find(silence.rule());
        if (rule == null) {
            unknown(silence.rule(), silence.place());
        } else if (rule.isObligatory()) {
            obligatory(rule, silence.place(), "be silenced");
        } else if (silence.reason().isEmpty()) {
            report(
                    "silence-without-reason",
                    silence.place(),
                    "`" + silence.rule() + "` is silenced without a reason",
                    "");
        } else {
            silences.add(silence);
        }
    }

    private void unknown(String rule, Span place) {
        Set<String> known = new TreeSet<>(rules.catalogue().ids());
        known.addAll(rules.ownRules().keySet());
        String message = rule.isEmpty() ? "no rule is named here" : "there is no rule `" + rule + "`";
        report("unknown-rule", place, message, Nearest.to(rule, known).help(""));
    }

    private void obligatory(Rule rule, Span place, String what) {
        report(
                "unknown-rule",
                place,
                "`" + rule.id() + "` cannot " + what + ": it means that something was not checked at all",
                "correct what it finds, or exclude the file in `.bellman.yaml`");
    }

    private Decided decide(List<Diagnostic> findings) {
        Set<Silence> used = new HashSet<>();
        List<Diagnostic> counting = new ArrayList<>();
        List<Answered> silenced = new ArrayList<>();
        for (Diagnostic found : findings) {
            SeverityChange change = severities.get(found.rule());
            Silence silence = silences.stream()
                    .filter(one ->
                            one.rule().equals(found.rule()) && one.covers().test(found))
                    .findFirst()
                    .orElse(null);
            if (silence != null) {
                used.add(silence);
                silenced.add(new Answered(found, silence));
            } else if (change == null) {
                counting.add(found);
            } else if (change.severity() != null) {
                counting.add(found.withSeverity(change.severity()));
            }
        }
        // What could not be judged may be what a silence is there for.
        List<Diagnostic> errors = counting.stream()
                .filter(finding -> finding.severity() == Severity.ERROR)
                .toList();
        boolean isRead = errors.stream()
                .map(finding -> rules.find(finding.rule()))
                .noneMatch(rule ->
                        rule != null && rule.isObligatory() && !rule.id().equals(TWICE));
        silences.stream()
                .filter(silence -> isRead && !used.contains(silence) && !mayBeIdle(silence, errors.isEmpty()))
                .forEach(silence -> report(
                        "unused-silence",
                        silence.place(),
                        "nothing here is found by `" + silence.rule() + "`, so the silence is of no use",
                        ""));
        SeverityChange unused = severities.get("unused-silence");
        for (Diagnostic one : about) {
            if (unused == null || !one.rule().equals("unused-silence")) {
                counting.add(one);
            } else if (unused.severity() != null) {
                counting.add(one.withSeverity(unused.severity()));
            }
        }
        return new Decided(counting.stream().distinct().sorted().toList(), silenced);
    }

    /// A definition is about one object, which is judged whatever is known of others. Everything else is left out
    /// where an object that it is about is wrong, or not known.
    private boolean mayBeIdle(Silence silence, boolean isSound) {
        Rule rule = Objects.requireNonNull(rules.find(silence.rule()));
        boolean isJudged = switch (rule.check()) {
            case Rule.Definition _, Rule.Reading _ -> true;
            case Rule.OnObjects _ -> isSound;
            case Rule.OnBindings _, Rule.Code _ -> isSound && isWhole;
        };
        return silence.mayBeIdle() || !isJudged;
    }

    private void report(String id, Span place, String message, String help) {
        Rule rule = rules.catalogue().get(id);
        Severity severity = rule.severity();
        about.add(new Diagnostic(id, severity, message, help.isEmpty() ? rule.help() : help, place, ""));
    }
}
