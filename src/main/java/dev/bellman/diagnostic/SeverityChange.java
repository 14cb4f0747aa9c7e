package dev.bellman.diagnostic;

import org.jspecify.annotations.Nullable;

/// Somebody's decision that a rule's findings weigh more or less than they do by default.
///
/// @param severity null to switch the rule off
/// @param place where the decision is written
public record SeverityChange(String rule, @Nullable Severity severity, Span place) {}
