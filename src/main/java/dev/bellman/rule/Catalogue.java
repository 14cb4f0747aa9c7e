package dev.bellman.rule;

import dev.bellman.cel.Precompiled;
import dev.bellman.diagnostic.Severity;
import dev.bellman.document.Mapping;
import dev.bellman.document.Node;
import dev.bellman.document.Scalar;
import dev.bellman.document.Sequence;
import dev.bellman.rule.Rule.Check;
import dev.bellman.rule.Rule.Condition;
import dev.bellman.rule.Rule.OnBindings;
import dev.bellman.rule.Rule.OnObjects;
import dev.bellman.schema.Kinds;
import dev.bellman.yaml.Resource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The rules that Bellman ships, each in a file of its own (`rules/<id>.yaml` on the class path).
///
/// A file is read when its rule is first needed: most runs need few of them, and reading all would cost a cold start
/// more than checking does. The table of contents (`rules/index.yaml`) says which expressions there are to evaluate.
public final class Catalogue {
    private static final Catalogue BUILT_IN = new Catalogue();

    private final SortedMap<String, List<String>> kinds = new TreeMap<>();
    private final Map<String, Rule> read = new ConcurrentHashMap<>();

    private Catalogue() {
        for (Mapping.Entry entry : Resource.read("rules/index.yaml").entries()) {
            kinds.put(entry.name(), texts(entry.value()));
        }
    }

    public static Catalogue builtIn() {
        return BUILT_IN;
    }

    /// Every rule's id, sorted.
    public List<String> ids() {
        return List.copyOf(kinds.keySet());
    }

    public @Nullable Rule find(String id) {
        return kinds.containsKey(id) ? read.computeIfAbsent(id, Catalogue::read) : null;
    }

    /// @throws IllegalArgumentException if there is no such rule
    public Rule get(String id) {
        Rule rule = find(id);
        if (rule == null) {
            throw new IllegalArgumentException("no rule " + id);
        }
        return rule;
    }

    /// The CEL rules about objects of a kind, sorted by id.
    List<Rule> about(String kind) {
        return kinds.entrySet().stream()
                .filter(entry -> entry.getValue().contains(kind))
                .map(entry -> get(entry.getKey()))
                .toList();
    }

    /// The CEL rules about a policy and a service, sorted by id.
    List<Rule> aboutBindings() {
        return about("binding");
    }

    /// Every expression of a rule or of a definition that Bellman ships.
    public List<Precompiled.Source> expressions() {
        List<Precompiled.Source> sources = new ArrayList<>();
        Kinds.builtIn().expressions().forEach(text -> sources.add(new Precompiled.Source(text, Set.of("self"))));
        for (String id : ids()) {
            switch (get(id).check()) {
                case OnObjects about -> add(sources, about.condition(), RuleSet.OBJECT);
                case OnBindings about -> add(sources, about.condition(), RuleSet.BINDING);
                case Rule.Reading _, Rule.Definition _, Rule.Code _ -> {}
            }
        }
        return sources;
    }

    private static void add(List<Precompiled.Source> sources, Condition condition, Set<String> variables) {
        sources.add(new Precompiled.Source(condition.expression(), variables));
        if (condition.message() != null) {
            sources.add(new Precompiled.Source(condition.message(), variables));
        }
    }

    private static Rule read(String id) {
        Mapping file = Resource.read("rules/" + id + ".yaml");
        return new Rule(
                id,
                Severity.of(text(file, "severity")),
                text(file, "summary"),
                text(file, "help"),
                text(file, "rationale"),
                check(file));
    }

    private static Check check(Mapping file) {
        String scope = text(file, "scope");
        return switch (scope) {
            case "reading" -> new Rule.Reading();
            case "definition" -> new Rule.Definition();
            case "code" -> new Rule.Code();
            case "object" -> new OnObjects(texts(file.get("kinds")), condition(file));
            case "binding" -> new OnBindings(condition(file));
            default -> throw new IllegalStateException(file.span() + ": unknown scope " + scope);
        };
    }

    private static Condition condition(Mapping file) {
        return new Condition(
                text(file, "expression").strip(),
                file.text("message"),
                optional(file, "at"),
                texts(file.get("related")),
                optional(file, "fix").equals("mask"));
    }

    private static String text(Mapping file, String key) {
        String text = file.text(key);
        if (text == null) {
            throw new IllegalStateException(file.span() + ": no " + key);
        }
        return text;
    }

    private static String optional(Mapping file, String key) {
        String text = file.text(key);
        return text == null ? "" : text;
    }

    /// A list of texts; one text will do.
    private static List<String> texts(@Nullable Node node) {
        List<Node> items =
                node instanceof Sequence sequence ? sequence.items() : node == null ? List.of() : List.of(node);
        return items.stream()
                .map(item -> String.valueOf(((Scalar) item).value()))
                .toList();
    }
}
