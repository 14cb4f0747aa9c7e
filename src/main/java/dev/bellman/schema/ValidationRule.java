package dev.bellman.schema;

import dev.bellman.cel.Shipped;
import dev.bellman.document.Mapping;
import dev.bellman.document.Scalar;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One entry of `x-kubernetes-validations`.
///
/// @param expression true of `self` when the value complies
/// @param message what is wrong when it does not; empty when the definition gives none
/// @param fieldPath the field to blame, such as `.spec.cidr`, or null
/// @param blamesLast whether to blame what the expression looked at last, such as the one bad item of a list: only in
///     Bellman's own definitions (`x-bellman-blames-last`)
record ValidationRule(
        Shipped expression, String message, @Nullable String fieldPath, boolean blamesLast) {
    /// @throws IllegalStateException for what Bellman's definitions do not use and it does not check
    static ValidationRule read(Mapping source) {
        String expression = source.text("rule");
        String message = source.text("message");
        if (expression == null || source.get("messageExpression") != null || expression.contains("oldSelf")) {
            throw new IllegalStateException(source.span() + ": a validation that Bellman does not check");
        }
        boolean blamesLast =
                source.get("x-bellman-blames-last") instanceof Scalar scalar && Boolean.TRUE.equals(scalar.value());
        return new ValidationRule(
                new Shipped(expression.strip(), Set.of("self")),
                message == null ? "" : message.strip(),
                source.text("fieldPath"),
                blamesLast);
    }
}
