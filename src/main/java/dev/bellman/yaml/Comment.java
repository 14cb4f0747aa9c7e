package dev.bellman.yaml;

import dev.bellman.diagnostic.Span;

/// A comment.
///
/// @param text without the `#`
/// @param ownLine whether nothing but the comment is on its line
public record Comment(String text, Span span, boolean ownLine) {}
