package dev.bellman.cel;

import dev.bellman.cel.Expression.Compiled;
import dev.bellman.cel.Expression.Evaluation;
import dev.bellman.document.Mapping;
import dev.bellman.document.Node;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// An expression that Bellman ships, so that it is known to compile.
///
/// It is compiled when an object first needs it. Most objects need few, and the first compilation makes a cold run wait
/// for the whole engine.
public final class Shipped {
    /// How nearly every rule about an optional field starts. Without the field all of it is true, and to find that out
    /// takes no evaluation.
    private static final Pattern ABOUT_FIELD = Pattern.compile("!has\\((\\w+)\\.([.\\w]+)\\) \\|\\| [^?]*");

    private final String text;
    private final Set<String> variables;
    private final @Nullable Field field;

    /// Two threads may both compile it, to the same effect.
    private volatile @Nullable Expression compiled;

    /// The field that a whole expression is about.
    private record Field(String variable, List<String> path) {
        boolean isAbsent(Map<String, Node> values) {
            return values.get(variable) instanceof Mapping mapping && mapping.at(path) == null;
        }
    }

    public Shipped(String text, Set<String> variables) {
        this.text = text;
        this.variables = Set.copyOf(variables);
        Matcher about = ABOUT_FIELD.matcher(text);
        this.field = about.matches()
                ? new Field(about.group(1), List.of(about.group(2).split("\\.", -1)))
                : null;
    }

    public String text() {
        return text;
    }

    /// @throws IllegalStateException if it does not compile, which the build would have found
    public Evaluation evaluate(Map<String, Node> values) {
        return field != null && field.isAbsent(values)
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
