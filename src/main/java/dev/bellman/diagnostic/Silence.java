package dev.bellman.diagnostic;

import java.util.function.Predicate;

/// Somebody's decision that a finding shall not count.
///
/// @param rule the rule's id
/// @param reason why, in the words of whoever decided; empty when it was left out
/// @param place where the decision is written
/// @param covers whether a finding of the rule is one that was meant
/// @param mayBeIdle whether it may be about something that was not looked at, so that it is no mistake when it covers
///     nothing
public record Silence(String rule, String reason, Span place, Predicate<Diagnostic> covers, boolean mayBeIdle) {
    public Silence(String rule, String reason, Span place, Predicate<Diagnostic> covers) {
        this(rule, reason, place, covers, false);
    }
}
