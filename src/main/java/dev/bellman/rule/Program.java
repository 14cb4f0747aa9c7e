package dev.bellman.rule;

import dev.bellman.address.Cidr;
import dev.bellman.cel.Expression;
import dev.bellman.cel.Expression.Compiled;
import dev.bellman.cel.Expression.Evaluation;
import dev.bellman.cel.Expression.Problem;
import dev.bellman.cel.Shipped;
import dev.bellman.diagnostic.Diagnostic;
import dev.bellman.diagnostic.Fix;
import dev.bellman.diagnostic.Related;
import dev.bellman.diagnostic.Span;
import dev.bellman.document.Mapping;
import dev.bellman.document.Node;
import dev.bellman.document.Rewrite;
import dev.bellman.document.Scalar;
import dev.bellman.rule.Rule.Condition;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A rule with its compiled expression.
final class Program {
    private final Rule rule;
    private final Condition condition;
    private final Function<Map<String, Node>, Evaluation> expression;
    private final @Nullable Related origin;

    private Program(
            Rule rule,
            Condition condition,
            Function<Map<String, Node>, Evaluation> expression,
            @Nullable Related origin) {
        this.rule = rule;
        this.condition = condition;
        this.expression = expression;
        this.origin = origin;
    }

    /// A rule of the catalogue.
    static Program builtIn(Rule rule, Condition condition, Set<String> variables) {
        return new Program(rule, condition, new Shipped(condition.expression(), variables)::evaluate, null);
    }

    /// @param origin the AdvertisementRule that the rule was read from
    static Program own(Rule rule, Condition condition, Expression expression, Related origin) {
        return new Program(rule, condition, expression::evaluate, origin);
    }

    Rule rule() {
        return rule;
    }

    sealed interface Verdict {}

    record Complies() implements Verdict {}

    record Violates(Diagnostic finding) implements Verdict {}

    /// The expression has no answer for these objects.
    record NoAnswer(Problem problem) implements Verdict {}

    /// @param object what the finding is about, as `Kind namespace/name`
    /// @param asked the place to point to when the rule names none that exists, or null for what settled the result
    Verdict judge(Map<String, Node> variables, String object, @Nullable Span asked) {
        return switch (expression.apply(variables)) {
            case Evaluation.Failed failed -> new NoAnswer(failed.problem());
            case Evaluation.Value value when Boolean.TRUE.equals(value.value()) -> new Complies();
            case Evaluation.Value value
            when Boolean.FALSE.equals(value.value()) -> {
                Node settled = value.reads().decisive();
                yield new Violates(finding(variables, object, asked, settled == null ? name(variables) : settled));
            }
            case Evaluation.Value _ -> new NoAnswer(new Problem("it gives neither true nor false", 0));
        };
    }

    /// What stands for an object of which the expression read nothing.
    private static Node name(Map<String, Node> variables) {
        Node object = variables.values().iterator().next();
        return Objects.requireNonNullElse(object.at("metadata", "name"), object);
    }

    private Diagnostic finding(Map<String, Node> variables, String object, @Nullable Span asked, Node settled) {
        Span place = place(variables, asked, settled);
        List<Related> related = origin != null ? List.of(origin) : related(variables);
        Fix fix = condition.masksPrefix() ? masked(settled) : null;
        return new Diagnostic(rule.id(), rule.severity(), message(variables), rule.help(), place, object, related, fix);
    }

    /// The other place, if the objects have it: a field that somebody wrote, else one that has its default.
    private List<Related> related(Map<String, Node> variables) {
        Related byDefault = null;
        for (String path : condition.related()) {
            List<String> steps = steps(path);
            Node holder = at(variables, steps.subList(0, steps.size() - 1));
            Mapping.Entry entry = holder instanceof Mapping mapping ? mapping.entry(steps.getLast()) : null;
            if (holder == null || entry == null) {
                continue;
            }
            // A default has no text, and stands at the place of the mapping that lacks it.
            if (!entry.key().span().equals(holder.span())) {
                return List.of(new Related(entry.value().span(), "`" + entry.name() + "` is here"));
            }
            if (entry.value() instanceof Scalar scalar) {
                byDefault = new Related(
                        holder.span(), "`" + entry.name() + "` is left out here, which means " + scalar.value());
            }
        }
        return byDefault == null ? List.of() : List.of(byDefault);
    }

    private static @Nullable Node at(Map<String, Node> variables, List<String> steps) {
        Node node = variables.get(steps.getFirst());
        return node == null ? null : node.at(steps.subList(1, steps.size()));
    }

    private static List<String> steps(String path) {
        return List.of(path.split("\\.", -1));
    }

    private Span place(Map<String, Node> variables, @Nullable Span asked, Node settled) {
        if (!condition.at().isEmpty()) {
            return nearest(variables, condition.at()).span();
        }
        return asked == null ? settled.span() : asked;
    }

    /// The node at a path such as `policy.spec.trafficPolicy`, or the nearest one above it that exists.
    private static Node nearest(Map<String, Node> variables, String path) {
        List<String> steps = steps(path);
        Node node = Objects.requireNonNull(variables.get(steps.getFirst()), path);
        for (String step : steps.subList(1, steps.size())) {
            Node next = node instanceof Mapping mapping ? mapping.get(step) : null;
            if (next == null) {
                return node;
            }
            node = next;
        }
        return node;
    }

    private String message(Map<String, Node> variables) {
        if (condition.message() != null
                && Expression.compile(condition.message(), variables.keySet())
                        instanceof Compiled.Ok(Expression message)
                && message.evaluate(variables) instanceof Evaluation.Value said
                && said.value() instanceof String text) {
            return text;
        }
        return rule.summary();
    }

    private static @Nullable Fix masked(Node node) {
        Cidr cidr = node instanceof Scalar scalar && scalar.value() instanceof String text ? Cidr.parse(text) : null;
        return cidr == null ? null : Rewrite.of(node, cidr.masked().toString());
    }
}
