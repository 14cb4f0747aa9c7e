package dev.bellman.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bellman.testing.Json;
import dev.bellman.yaml.Resource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/// Writes the reference of Bellman's own kinds: from their definitions what each field is, from an example what they
/// look like.
final class ResourcesPage {
    static final Path FILE = Path.of("docs/resources.md");

    private static final Path EXAMPLES = Path.of("src/test/resources/kinds");

    /// The kinds that people write, in the order in which a reader meets them.
    static final List<String> WRITTEN =
            List.of("ServiceAdvertisementPolicy", "AdvertisementClass", "BGPSpeaker", "AdvertisementRule");

    static final List<String> GENERATED = List.of("NodePlan", "NodePlanSlice");

    private static final Map<String, String> AUTHORS = Map.of(
            "ServiceAdvertisementPolicy", "whoever owns the services",
            "AdvertisementClass", "the platform team",
            "BGPSpeaker", "the platform team",
            "AdvertisementRule", "the platform team",
            "NodePlan", "[the operator](operator.md), or `bellman compile`",
            "NodePlanSlice", "[the operator](operator.md), or `bellman compile`");

    private static final Map<String, String> MORE = Map.of(
            "BGPSpeaker",
                    "A class whose `backend` is `Bird` is announced by the speakers of its nodes; one of Calico needs none.",
            "AdvertisementRule", "What an expression can read, and worked examples: [CEL](cel.md).",
            "NodePlan", "This is the one that `bellman compile` makes of the examples above, for one of two nodes.",
            "NodePlanSlice", "[Why there are slices](operator.md#many-services).");

    /// What a reader calls such a pattern, together with such a limit.
    private static final Map<String, String> FORMS = Map.of(
            "63 ^[a-z0-9]([-a-z0-9]*[a-z0-9])?$", "DNS label",
            "253 ^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$", "DNS subdomain",
            "63 ^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$", "label value");

    /// What a generated object says deeper than this matters to its agent alone.
    private static final int GENERATED_DEPTH = 2;

    private static final String SELECTOR = "selector";

    private static final String HEAD = "\n| field | value | default | meaning |\n|---|---|---|---|\n";

    private final SortedMap<String, JsonNode> definitions = definitions();
    private final StringBuilder page = new StringBuilder();
    private final Path scratch;

    /// What a label selector may say, which is the same wherever there is one.
    private @Nullable JsonNode selector;

    private ResourcesPage(Path scratch) {
        this.scratch = scratch;
    }

    /// @param scratch a folder that may be written to
    static String text(Path scratch) {
        ResourcesPage writer = new ResourcesPage(scratch);
        writer.introduction();
        WRITTEN.forEach(writer::written);
        writer.selectors();
        GENERATED.forEach(writer::generated);
        return writer.page.toString();
    }

    /// The files that a reader is shown, in an order in which they can be applied.
    static List<String> examples() {
        return WRITTEN.reversed().stream()
                .map(ResourcesPage::example)
                .map(Path::toString)
                .toList();
    }

    static String inventory() {
        return EXAMPLES.resolve("inventory").toString();
    }

    static Path example(String kind) {
        return EXAMPLES.resolve(kind.toLowerCase(Locale.ROOT) + ".yaml");
    }

    private void introduction() {
        page.append("# Custom resources\n\n");
        prose("What each kind is for, an example, and every field as its [definition](../crds) has it. All are"
                + " `bellman.dev/v1alpha1`, which may still change.");
        page.append("\n| kind | short | lives in | written by |\n|---|---|---|---|\n");
        Stream.concat(WRITTEN.stream(), GENERATED.stream()).forEach(this::overview);
        page.append('\n');
        prose(
                "The examples of the first four belong together, and `bellman lint` finds no fault in them. It holds a file"
                        + " against these definitions as the API server does, defaults and rules included, without a cluster and"
                        + " with the line that is wrong. Whole repositories: [gitops-examples](../gitops-examples). In a cluster"
                        + " `kubectl explain sap.spec.routes` tells what is told here.");
        page.append('\n');
        prose("In the tables `[]` stands for every item of a list and `KEY` for every key of a map. A field that is"
                + " *required* has to be there where the object around it is. A DNS label is 1 to 63 of `a-z`, `0-9` and"
                + " `-`, with no `-` first or last; a DNS subdomain is DNS labels with dots between, at most 253 characters"
                + " (RFC 1123); a label value is empty, or 1 to 63 letters, digits, `-`, `_` and `.`, with a letter or digit"
                + " first and last.");
    }

    private void overview(String kind) {
        JsonNode spec = definition(kind).path("spec");
        page.append("| [%s](#%s) | `%s` | %s | %s |\n"
                .formatted(
                        kind,
                        kind.toLowerCase(Locale.ROOT),
                        spec.at("/names/shortNames/0").asText(),
                        spec.path("scope").asText().equals("Namespaced") ? "a namespace" : "the cluster",
                        AUTHORS.get(kind)));
    }

    private void written(String kind) {
        JsonNode schema = begin(kind, read(example(kind)));
        JsonNode spec = schema.at("/properties/spec");
        page.append(HEAD);
        List<String> rules = new ArrayList<>();
        fields("spec", spec, Integer.MAX_VALUE, rules);
        rules(rules);
        status(schema);
    }

    private void generated(String kind) {
        JsonNode schema = begin(kind, kind.equals("NodePlan") ? plan() : read(example(kind)));
        page.append(HEAD);
        fields("spec", schema.at("/properties/spec"), GENERATED_DEPTH, new ArrayList<>());
        status(schema);
    }

    private JsonNode begin(String kind, String example) {
        JsonNode schema = definition(kind).at("/spec/versions/0/schema/openAPIV3Schema");
        page.append("\n## ").append(kind).append("\n\n");
        prose(description(kind, schema) + (MORE.containsKey(kind) ? " " + MORE.get(kind) : ""));
        page.append("\n```yaml\n").append(example).append("```\n");
        return schema;
    }

    private void selectors() {
        page.append("\n## Label selectors\n\n");
        prose("What a selector may say, of services, namespaces and nodes alike.");
        page.append(HEAD);
        List<String> rules = new ArrayList<>();
        if (selector == null) {
            throw new IllegalStateException("no kind has a selector");
        }
        constraints(SELECTOR, selector, rules);
        fields(SELECTOR, selector, Integer.MAX_VALUE, rules);
        rules(rules);
    }

    private void rules(List<String> rules) {
        if (!rules.isEmpty()) {
            page.append("\nWhat else has to hold:\n\n").append(String.join("", rules));
        }
    }

    /// Only what there is: the rest is for programs, and the operator's page says what conditions mean.
    private void status(JsonNode schema) {
        JsonNode status = schema.at("/properties/status");
        if (!status.isMissingNode()) {
            page.append('\n');
            prose("`status`: " + description("status", status) + " [Conditions](operator.md#conditions).");
            page.append("\n| field | meaning |\n|---|---|\n");
            status.path("properties")
                    .properties()
                    .forEach(field -> page.append("| `status.%s` | %s |\n"
                            .formatted(field.getKey(), cell(description(field.getKey(), field.getValue())))));
        }
    }

    /// @param rules what the fields have to comply with is added
    private void fields(String path, JsonNode schema, int depth, List<String> rules) {
        if (depth == 0) {
            return;
        }
        List<String> required = texts(schema.path("required"));
        schema.path("properties").properties().forEach(property -> {
            String name = property.getKey();
            field(path + "." + name, name, property.getValue(), required.contains(name), depth, rules);
        });
    }

    private void field(String path, String name, JsonNode schema, boolean required, int depth, List<String> rules) {
        boolean shared = name.equals(SELECTOR) && schema.at("/properties").has("matchLabels");
        row(path, shared ? "[label selector](#label-selectors)" : type(schema), required, schema);
        if (shared) {
            share(path, schema);
            return;
        }
        constraints(path, schema, rules);
        fields(path, schema, depth - 1, rules);
        within(path + "[]", schema.path("items"), depth - 1, rules);
        within(path + ".KEY", schema.path("additionalProperties"), depth - 1, rules);
    }

    /// What a list or a map holds: of objects the list's own row says enough.
    private void within(String path, JsonNode schema, int depth, List<String> rules) {
        if (schema.isMissingNode() || depth == 0) {
            return;
        }
        if (!schema.path("type").asText().equals("object")) {
            row(path, type(schema), false, schema);
        }
        constraints(path, schema, rules);
        fields(path, schema, depth, rules);
    }

    private void row(String path, String type, boolean required, JsonNode schema) {
        JsonNode fallback = schema.path("default");
        String missing = required ? "*required*" : "";
        page.append("| `%s` | %s | %s | %s |\n"
                .formatted(
                        path,
                        cell(type),
                        fallback.isValueNode() ? code(fallback.asText()) : missing,
                        cell(description(path, schema))));
    }

    private void share(String path, JsonNode schema) {
        if (selector != null && !rest(selector).equals(rest(schema))) {
            throw new IllegalStateException(path + " differs from other selectors, so the page must show it apart");
        }
        selector = schema;
    }

    /// All but the description, which says what is selected.
    private static List<JsonNode> rest(JsonNode selector) {
        return List.of(selector.path("properties"), selector.path("x-kubernetes-validations"));
    }

    private static void constraints(String path, JsonNode schema, List<String> rules) {
        schema.path("x-kubernetes-validations")
                .forEach(rule -> rules.add(
                        "- `%s`: %s\n".formatted(path, rule.path("message").asText())));
    }

    private static String type(JsonNode schema) {
        if (schema.has("enum")) {
            return "`" + String.join("`, `", texts(schema.path("enum"))) + "`";
        }
        return switch (schema.path("type").asText()) {
            case "integer" ->
                schema.required("minimum").asText() + " to "
                        + schema.required("maximum").asText();
            case "boolean" -> "`true`, `false`";
            case "string" -> string(schema);
            case "array" -> list(schema);
            case "object" ->
                schema.has("additionalProperties") ? "map" + count(schema, "Properties", "keys") : "object";
            default -> throw new IllegalStateException("nobody knows how to name this type: " + schema);
        };
    }

    private static String string(JsonNode schema) {
        String pattern = schema.path("pattern").asText();
        String form = FORMS.get(schema.path("maxLength").asText() + " " + pattern);
        if (form != null) {
            return form;
        }
        String text = "text" + count(schema, "Length", "characters");
        if (pattern.equals("\\S")) {
            return text + ", not blank";
        }
        return pattern.isEmpty() ? text : text + ", matching " + code(pattern);
    }

    private static String list(JsonNode schema) {
        String list = "list" + count(schema, "Items", "items");
        return switch (schema.path("x-kubernetes-list-type").asText()) {
            case "set" -> list + ", no two alike";
            case "map" -> {
                List<String> keys = texts(schema.path("x-kubernetes-list-map-keys"));
                yield list + ", no two with the same `" + String.join("` and `", keys) + "`";
            }
            default -> list;
        };
    }

    /// How many there may be, with a comma before.
    private static String count(JsonNode schema, String of, String what) {
        JsonNode least = schema.path("min" + of);
        JsonNode most = schema.path("max" + of);
        if (most.isMissingNode()) {
            return least.isMissingNode() ? "" : ", at least %s %s".formatted(least.asText(), what);
        }
        return least.isMissingNode()
                ? ", at most %s %s".formatted(most.asText(), what)
                : ", %s to %s %s".formatted(least.asText(), most.asText(), what);
    }

    private static List<String> texts(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }

    private static String description(String path, JsonNode schema) {
        String text = schema.path("description").asText().strip();
        if (text.isEmpty()) {
            throw new IllegalStateException(path + " has no description");
        }
        return text;
    }

    /// The definitions by kind.
    private static SortedMap<String, JsonNode> definitions() {
        SortedMap<String, JsonNode> definitions = new TreeMap<>();
        try (Stream<Path> files = Files.list(Path.of("crds"))) {
            files.map(file -> Json.of(Resource.parse(file.toString(), read(file))))
                    .forEach(definition ->
                            definitions.put(definition.at("/spec/names/kind").asText(), definition));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return definitions;
    }

    private JsonNode definition(String kind) {
        return Objects.requireNonNull(definitions.get(kind));
    }

    /// The plan of a node by the examples, as `bellman compile` writes it.
    private String plan() {
        List<String> command = new ArrayList<>(List.of("compile", "--quiet", "--inventory", inventory()));
        command.addAll(examples());
        command.addAll(List.of("--output", scratch.toString()));
        Run run = Run.of(command.toArray(String[]::new));
        if (run.code() != 0) {
            throw new IllegalStateException(run.toString());
        }
        return read(scratch.resolve("nodeplans/worker1.yaml")).replace(EXAMPLES + "/", "");
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void prose(String text) {
        page.append(RulePages.wrapped(text));
    }

    private static String code(String text) {
        return "`" + text + "`";
    }

    private static String cell(String text) {
        return text.replace("|", "\\|");
    }
}
