package dev.bellman.diagnostic;

import java.util.function.Predicate;

/// Somebody's decision that a finding shall not count.
///
/// @param rule the rule's id
/// @param reason why, in the words of whoever decided; empty when it was left out
/// @param place where the decision is written
/// @param covers whether a finding of the rule is one that was meant
public record Silence(String rule, String reason, Span place, Predicate<Diagnostic> covers) {}
