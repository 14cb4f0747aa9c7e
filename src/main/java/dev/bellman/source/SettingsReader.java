package dev.bellman.source;

import dev.bellman.diagnostic.Diagnostic;
import dev.bellman.diagnostic.Nearest;
import dev.bellman.diagnostic.Severity;
import dev.bellman.diagnostic.SeverityChange;
import dev.bellman.diagnostic.Silence;
import dev.bellman.diagnostic.SourceText;
import dev.bellman.diagnostic.Span;
import dev.bellman.document.Mapping;
import dev.bellman.document.Node;
import dev.bellman.document.Scalar;
import dev.bellman.document.Sequence;
import dev.bellman.source.Settings.Inventory;
import dev.bellman.yaml.Yaml;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/// Reads `.bellman.yaml`. Everything that is wrong with it is a finding, and what was understood holds all the same.
final class SettingsReader {
    private static final List<String> KEYS =
            List.of("inventory", "exclude", "calicoVersion", "clusterCIDR", "rules", "silence");
    private static final List<String> SILENCE_KEYS = List.of("rule", "reason", "file", "object");
    private static final List<String> SEVERITIES = List.of("error", "warning", "info", "off");

    /// As findings name an object.
    private static final Pattern OBJECT = Pattern.compile("\\S+ [^\\s/]+(/[^\\s/]+)?");

    private final SourceText source;
    private final Path folder;
    private final Path workingFolder;
    private final boolean mayBeIdle;
    private final List<Diagnostic> findings = new ArrayList<>();

    private SettingsReader(SourceText source, Path folder, Path workingFolder, boolean mayBeIdle) {
        this.source = source;
        this.folder = folder;
        this.workingFolder = workingFolder;
        this.mayBeIdle = mayBeIdle;
    }

    /// @param workingFolder what relative names of files in findings are relative to
    /// @param mayBeIdle whether silences may be about files that are not read this time
    static Settings read(SourceText source, Path folder, Path workingFolder, boolean mayBeIdle) {
        SettingsReader reader = new SettingsReader(source, folder, workingFolder, mayBeIdle);
        Yaml.Parsed parsed = Yaml.parse(source);
        reader.findings.addAll(parsed.diagnostics());
        if (parsed.documents().isEmpty()) {
            return reader.settings(new Mapping(List.of(), Span.ofFile(source.file())));
        }
        parsed.documents().stream()
                .skip(1)
                .forEach(more -> reader.report(more, "settings are one document", "put them into the first one"));
        Node root = parsed.documents().getFirst();
        if (root instanceof Mapping mapping) {
            return reader.settings(mapping);
        }
        reader.report(root, "settings must be a mapping", known(KEYS));
        return reader.settings(new Mapping(List.of(), root.span()));
    }

    private Settings settings(Mapping root) {
        checkKeys(root, KEYS);
        List<Inventory> inventory = texts(root, "inventory").stream()
                .map(scalar -> new Inventory(string(scalar), scalar.span()))
                .toList();
        List<String> exclude = texts(root, "exclude").stream()
                .filter(this::isGlob)
                .map(SettingsReader::string)
                .toList();
        return new Settings(
                folder,
                source,
                inventory,
                exclude,
                text(root, "calicoVersion"),
                text(root, "clusterCIDR"),
                severities(root),
                silences(root),
                findings);
    }

    private void checkKeys(Mapping mapping, List<String> known) {
        for (Mapping.Entry entry : mapping.entries()) {
            if (!known.contains(entry.name())) {
                report(
                        entry.key(),
                        "unknown setting `" + entry.name() + "`",
                        Nearest.to(entry.name(), known).help(known(known)));
            }
        }
    }

    private static String known(List<String> keys) {
        return "settings are " + String.join(", ", keys);
    }

    private @Nullable Scalar text(Mapping mapping, String key) {
        Node node = mapping.get(key);
        if (node == null || isText(node)) {
            return (Scalar) node;
        }
        report(node, "`" + key + "` must be a string", node instanceof Scalar ? "put it in quotes" : "");
        return null;
    }

    private static boolean isText(Node node) {
        return node instanceof Scalar scalar && scalar.value() instanceof String;
    }

    private static String string(Scalar scalar) {
        return String.valueOf(scalar.value());
    }

    /// A list of strings; one string will do.
    private List<Scalar> texts(Mapping mapping, String key) {
        Node node = mapping.get(key);
        List<Node> items =
                node instanceof Sequence sequence ? sequence.items() : node == null ? List.of() : List.of(node);
        List<Scalar> texts = new ArrayList<>();
        for (Node item : items) {
            if (isText(item)) {
                texts.add((Scalar) item);
            } else {
                report(item, "`" + key + "` must be a string or a list of strings", "");
            }
        }
        return texts;
    }

    private boolean isGlob(Scalar pattern) {
        try {
            new Exclusion(folder, List.of(string(pattern)));
            return true;
        } catch (PatternSyntaxException e) {
            report(pattern, "not a glob: " + e.getDescription(), "such as `charts/**`");
            return false;
        }
    }

    private List<SeverityChange> severities(Mapping root) {
        List<SeverityChange> changes = new ArrayList<>();
        Node rules = root.get("rules");
        if (rules == null) {
            return changes;
        }
        if (!(rules instanceof Mapping mapping)) {
            report(rules, "`rules` must be a mapping from rules to severities", "such as `unused-class: off`");
            return changes;
        }
        for (Mapping.Entry entry : mapping.entries()) {
            String word = word(entry.value());
            if (word == null) {
                report(entry.value(), "a severity must be a string", "one of " + Nearest.series(SEVERITIES));
            } else if (SEVERITIES.contains(word)) {
                changes.add(new SeverityChange(
                        entry.name(), Severity.find(word), entry.key().span()));
            } else {
                report(
                        entry.value(),
                        "`" + word + "` is no severity: " + Nearest.series(SEVERITIES),
                        Nearest.to(word, SEVERITIES).help(""));
            }
        }
        return changes;
    }

    /// YAML reads `off` as false.
    private static @Nullable String word(Node node) {
        Object value = node instanceof Scalar scalar ? scalar.value() : null;
        return value == null ? null : Boolean.FALSE.equals(value) ? "off" : String.valueOf(value);
    }

    private List<Silence> silences(Mapping root) {
        List<Silence> silences = new ArrayList<>();
        Node list = root.get("silence");
        if (list == null) {
            return silences;
        }
        if (!(list instanceof Sequence sequence)) {
            report(list, "`silence` must be a list", "of mappings with rule, reason, and file or object");
            return silences;
        }
        for (Node item : sequence.items()) {
            if (item instanceof Mapping mapping) {
                silence(mapping, silences);
            } else {
                report(item, "a silence must be a mapping", "with rule, reason, and file or object");
            }
        }
        return silences;
    }

    private void silence(Mapping mapping, List<Silence> silences) {
        checkKeys(mapping, SILENCE_KEYS);
        Scalar rule = text(mapping, "rule");
        Scalar reason = text(mapping, "reason");
        Scalar file = text(mapping, "file");
        Scalar object = text(mapping, "object");
        if (mapping.get("rule") == null) {
            report(mapping, "a silence must say its `rule`", "");
        }
        if (object != null && !OBJECT.matcher(string(object)).matches()) {
            report(
                    object,
                    "`" + string(object) + "` names no object",
                    "write it as `KIND NAME` or `KIND NAMESPACE/NAME`");
            return;
        }
        boolean broken = (file == null && mapping.get("file") != null)
                || (object == null && mapping.get("object") != null)
                || (file != null && !isGlob(file));
        if (rule == null || broken) {
            return;
        }
        Predicate<Diagnostic> covers = _ -> true;
        if (file != null) {
            Exclusion files = new Exclusion(folder, List.of(string(file)));
            covers = finding -> files.excludes(absolute(finding.span().file()));
        }
        if (object != null) {
            String name = string(object);
            covers = covers.and(finding -> finding.object().equals(name));
        }
        silences.add(new Silence(
                string(rule), reason == null ? "" : string(reason).strip(), rule.span(), covers, mayBeIdle));
    }

    private Path absolute(String file) {
        return workingFolder.resolve(file).toAbsolutePath().normalize();
    }

    private void report(Node node, String message, String help) {
        findings.add(new Diagnostic("bad-settings", Severity.ERROR, message, help, node.span(), ""));
    }
}
