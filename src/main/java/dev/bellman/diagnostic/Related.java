package dev.bellman.diagnostic;

/// Another place that belongs to a finding, such as the policy that it conflicts with.
public record Related(Span span, String message) {}
