package dev.bellman.cel;

import dev.bellman.cel.Expression.Compiled;
import dev.bellman.cel.Expression.Evaluation;
import dev.bellman.document.Node;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// An expression that Bellman ships, so that it is known to compile.
///
/// It is compiled when it is first not plainly true of an object. The first compilation makes a cold run wait for the
/// whole engine, and most runs need none.
public final class Shipped {
    private final String text;
    private final Set<String> variables;
    private final Evident evident;

    /// Two threads may both compile it, to the same effect.
    private volatile @Nullable Expression compiled;

    public Shipped(String text, Set<String> variables) {
        this.text = text;
        this.variables = Set.copyOf(variables);
        this.evident = Evident.of(text, List.copyOf(this.variables));
    }

    public String text() {
        return text;
    }

    /// @throws IllegalStateException if it does not compile, which the build would have found
    public Evaluation evaluate(Map<String, Node> values) {
        return evident.isTrue(values)
                ? new Evaluation.Value(true, new Reads())
                : expression().evaluate(values);
    }

    private Expression expression() {
        Expression known = compiled;
        if (known == null) {
            if (!(Expression.compile(text, variables) instanceof Compiled.Ok(Expression fresh))) {
                throw new IllegalStateException("an expression that Bellman ships does not compile: " + text);
            }
            known = fresh;
            compiled = known;
        }
        return known;
    }
}
