package dev.bellman.plan;

import dev.bellman.diagnostic.Span;
import org.jspecify.annotations.Nullable;

/// Why a part of the plan is there: the line that makes the difference.
///
/// @param policy `namespace/name` of the policy that asked for it, or null where a class or the cluster itself did
public record Cause(Span span, @Nullable String policy) {
    /// `file:line:column`, with the policy's name if one asked.
    @Override
    public String toString() {
        return policy == null ? span.toString() : span + " (" + policy + ")";
    }
}
