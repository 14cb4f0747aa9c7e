package dev.bellman.schema;

import dev.bellman.document.Mapping;
import org.jspecify.annotations.Nullable;

/// One entry of `x-kubernetes-validations`.
///
/// @param expression true of `self` when the value complies
/// @param message what is wrong when it does not; empty when the definition gives none
/// @param messageExpression computes the message, and wins over it, or null
/// @param fieldPath the field to blame, such as `.spec.cidr`, or null
/// @param reason `FieldValueInvalid`, `FieldValueForbidden`, `FieldValueRequired` or `FieldValueDuplicate`
record ValidationRule(
        String expression,
        String message,
        @Nullable String messageExpression,
        @Nullable String fieldPath,
        String reason) {
    static ValidationRule read(Mapping source) {
        String expression = source.text("rule");
        String message = source.text("message");
        String reason = source.text("reason");
        return new ValidationRule(
                expression == null ? "" : expression.strip(),
                message == null ? "" : message.strip(),
                source.text("messageExpression"),
                source.text("fieldPath"),
                reason == null ? "FieldValueInvalid" : reason);
    }

    /// Whether it compares with the object's state before, which a single object does not have.
    boolean isTransition() {
        return expression.contains("oldSelf");
    }
}
