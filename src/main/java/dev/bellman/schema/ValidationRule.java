package dev.bellman.schema;

import dev.bellman.document.Mapping;
import org.jspecify.annotations.Nullable;

/// One entry of `x-kubernetes-validations`.
///
/// @param expression true of `self` when the value complies
/// @param message what is wrong when it does not; empty when the definition gives none
/// @param fieldPath the field to blame, such as `.spec.cidr`, or null
record ValidationRule(
        String expression, String message, @Nullable String fieldPath) {
    /// @throws IllegalStateException for what Bellman's definitions do not use and it does not check
    static ValidationRule read(Mapping source) {
        String expression = source.text("rule");
        String message = source.text("message");
        if (expression == null || source.get("messageExpression") != null || expression.contains("oldSelf")) {
            throw new IllegalStateException(source.span() + ": a validation that Bellman does not check");
        }
        return new ValidationRule(expression.strip(), message == null ? "" : message.strip(), source.text("fieldPath"));
    }
}
