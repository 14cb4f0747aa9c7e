package dev.bellman.schema;

import dev.bellman.cel.Expression;
import dev.bellman.cel.Expression.Compiled;
import dev.bellman.document.Mapping;
import dev.bellman.document.Node;
import dev.bellman.document.Scalar;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// One entry of `x-kubernetes-validations`.
final class ValidationRule {
    /// How nearly every rule about an optional field starts. Without the field all of it is true, and to find that out
    /// takes no evaluation.
    private static final Pattern ABOUT_FIELD = Pattern.compile("!has\\(self\\.([.\\w]+)\\) \\|\\| [^?]*");

    private final String expression;
    private final String message;
    private final @Nullable String fieldPath;
    private final boolean blamesLast;
    private final String @Nullable [] field;

    /// Compiled when it is first needed. Two threads may both do it, to the same effect.
    private volatile @Nullable Expression compiled;

    private ValidationRule(String expression, String message, @Nullable String fieldPath, boolean blamesLast) {
        this.expression = expression;
        this.message = message;
        this.fieldPath = fieldPath;
        this.blamesLast = blamesLast;
        Matcher about = ABOUT_FIELD.matcher(expression);
        this.field = about.matches() ? about.group(1).split("\\.", -1) : null;
    }

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
                expression.strip(), message == null ? "" : message.strip(), source.text("fieldPath"), blamesLast);
    }

    /// True of `self` when the value complies.
    String text() {
        return expression;
    }

    /// What is wrong when it does not; empty when the definition gives none.
    String message() {
        return message;
    }

    /// The field to blame, such as `.spec.cidr`, or null.
    @Nullable
    String fieldPath() {
        return fieldPath;
    }

    /// Whether to blame what the expression looked at last, such as the one bad item of a list: only in Bellman's own
    /// definitions (`x-bellman-blames-last`).
    boolean blamesLast() {
        return blamesLast;
    }

    /// Whether the value complies because it lacks the field that the rule is about.
    boolean isIdle(Node self) {
        return field != null && self instanceof Mapping && self.at(field) == null;
    }

    Expression expression() {
        Expression known = compiled;
        if (known == null) {
            if (!(Expression.compile(expression, Set.of("self")) instanceof Compiled.Ok(Expression fresh))) {
                throw new IllegalStateException("a definition's rule does not compile: " + expression);
            }
            known = fresh;
            compiled = known;
        }
        return known;
    }
}
