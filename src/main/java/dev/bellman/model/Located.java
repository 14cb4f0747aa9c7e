package dev.bellman.model;

import dev.bellman.diagnostic.Span;

/// A value and where it was written.
public record Located<T>(T value, Span span) {}
