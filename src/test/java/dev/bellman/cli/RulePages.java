package dev.bellman.cli;

import dev.bellman.diagnostic.Diagnostic;
import dev.bellman.report.Findings;
import dev.bellman.report.Format;
import dev.bellman.report.Style;
import dev.bellman.rule.Catalogue;
import dev.bellman.rule.Rule;
import dev.bellman.rule.Rule.Condition;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Writes the reference of rules: from the catalogue what they are, from their cases what they look like.
final class RulePages {
    static final Path FOLDER = Path.of("docs/rules");

    private static final int WIDTH = 120;
    private static final Catalogue RULES = Catalogue.builtIn();

    private RulePages() {}

    /// Every file of the reference by its name.
    static Map<String, String> all() {
        Map<String, String> pages = new LinkedHashMap<>();
        pages.put("README.md", contents());
        RULES.ids().forEach(id -> pages.put(id + ".md", page(RULES.get(id))));
        return pages;
    }

    private enum Group {
        READING(
                "What could not be read",
                "Nothing could be made of a text, or of what people said about findings. These findings say that something"
                        + " was not checked, so their severity cannot be changed and they cannot be silenced."),
        DEFINITION(
                "One object, by the definition of its kind",
                "As the API server checks it. Only what Git declares is checked: what the cluster has, it accepted."),
        OBJECT("One object, by CEL", "An expression over the object; its page shows it."),
        BINDING("A policy and a Service that it selects, by CEL", "An expression over both and the policy's class."),
        CODE("Objects together", "What takes more than an object or two to see, and rules of your own.");

        private final String title;
        private final String text;

        Group(String title, String text) {
            this.title = title;
            this.text = text;
        }

        static Group of(Rule rule) {
            return switch (rule.check()) {
                case Rule.Reading _ -> READING;
                case Rule.Definition _ -> DEFINITION;
                case Rule.OnObjects _ -> OBJECT;
                case Rule.OnBindings _ -> BINDING;
                case Rule.Code _ -> CODE;
            };
        }
    }

    private static String contents() {
        StringBuilder page = new StringBuilder("# Rules\n\n");
        page.append(
                wrapped(
                        "Everything that `bellman lint` looks for. Each page says why, shows manifests with the mistake and"
                                + " what is printed about it, and the same manifests mended. Rules of your own: [CEL](../cel.md)."));
        page.append("""

                ## Severities and silences

                An error makes `bellman lint` exit with 1; a warning or an info does with `--fail-on`. Where a rule is wrong for
                you, say so in `.bellman.yaml`:

                ```yaml
                rules:
                  local-single-next-hop: info # error, warning, info or off
                silence:
                - rule: shared-address
                  reason: the two answer on different ports, by agreement with the mail team
                  file: teams/mail/** # or object: ServiceAdvertisementPolicy mail/smtp, or both, or neither
                ```

                or beside the line that it is about. A comment on a line of its own speaks of the next line, any other of the
                line that it ends; `ignore-file` speaks of the whole file. Several rules have commas between them, and a
                reason is required:

                ```yaml
                  trafficPolicy: Local # bellman:ignore local-single-next-hop a second replica comes with the new rack
                ```

                A silence that nothing answers to is [a finding itself](unused-silence.md).
                """);
        for (Group group : Group.values()) {
            page.append("\n## ").append(group.title).append("\n\n").append(wrapped(group.text));
            page.append("\n| rule | severity | finds |\n|---|---|---|\n");
            RULES.ids().stream()
                    .map(RULES::get)
                    .filter(rule -> Group.of(rule) == group)
                    .forEach(rule -> page.append("| [%s](%s.md) | %s | %s |\n"
                            .formatted(rule.id(), rule.id(), rule.severity().word(), rule.summary())));
        }
        return page.toString();
    }

    private static String page(Rule rule) {
        StringBuilder page = new StringBuilder("# " + rule.id() + "\n\n");
        page.append(wrapped("**" + rule.severity().word() + "**: " + rule.summary() + "."));
        page.append('\n').append(wrapped(rule.rationale()));
        page.append('\n').append(wrapped("What to do: " + rule.help() + "."));
        example(page, rule);
        Condition condition = condition(rule);
        if (condition != null) {
            page.append("\n## How it is checked\n\n")
                    .append(wrapped(about(rule) + " complies when this [CEL](../cel.md) expression is true:"))
                    .append("\n```\n")
                    .append(wrapped(condition.expression()))
                    .append("```\n");
        }
        settings(page, rule);
        return page.toString();
    }

    private static @Nullable Condition condition(Rule rule) {
        return switch (rule.check()) {
            case Rule.OnObjects about -> about.condition();
            case Rule.OnBindings about -> about.condition();
            case Rule.Reading _, Rule.Definition _, Rule.Code _ -> null;
        };
    }

    private static String about(Rule rule) {
        return rule.check() instanceof Rule.OnObjects about
                ? "A " + String.join(" or ", about.kinds()) + ", the variable `object`,"
                : "A `policy` with a `service` that it selects and its `class`";
    }

    private static void example(StringBuilder page, Rule rule) {
        List<RuleCase> cases = RuleCase.in(RuleCasesTest.CASES.resolve(rule.id()), "fires");
        RuleCase first = cases.getFirst();
        RuleCase mended = new RuleCase(first.folder().resolveSibling("clean"));
        page.append("\n## Example\n");
        first.files().forEach(file -> listing(page, first, file));
        page.append("\n`bellman lint` finds:\n\n").append(found(first));
        page.append("\nMended:\n");
        mended.files().stream().filter(file -> isNew(first, mended, file)).forEach(file -> listing(page, mended, file));
        first.files().stream()
                .filter(file ->
                        !Files.exists(mended.folder().resolve(first.folder().relativize(file))))
                .forEach(file ->
                        page.append("\nwithout `%s`.\n".formatted(first.folder().relativize(file))));
        if (cases.size() > 1) {
            page.append("\n## More examples\n");
            cases.stream().skip(1).forEach(one -> page.append('\n').append(found(one)));
        }
    }

    private static boolean isNew(RuleCase before, RuleCase after, Path file) {
        Path old = before.folder().resolve(after.folder().relativize(file));
        try {
            return !Files.exists(old) || Files.mismatch(old, file) >= 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void listing(StringBuilder page, RuleCase one, Path file) {
        String name = one.folder().relativize(file).toString();
        String note = name.startsWith("inventory/") ? ", the cluster's state" : "";
        String text;
        try {
            text = Files.readString(file);
        } catch (MalformedInputException e) {
            text = latin1(file);
            note = ", in ISO 8859-1";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        boolean links = name.equals(RuleCase.LINKS);
        page.append(links ? "\nSymbolic links:\n\n" : "\n`" + name + "`" + note + ":\n\n")
                .append(links ? "```text\n" : "```yaml\n")
                .append(text)
                .append("```\n");
    }

    private static String latin1(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// What is printed about the rule, without what else there may be, and without the line that counts.
    private static String found(RuleCase one) {
        Findings all = one.findings();
        List<Diagnostic> own = all.diagnostics().stream()
                .filter(finding -> finding.rule().equals(one.rule()))
                .toList();
        Findings findings = new Findings(all.files(), all.objects(), own, List.of(), all.rules(), all.texts());
        String printed = Format.PRETTY.print(findings, Style.PLAIN, "");
        List<String> lines = new ArrayList<>(printed.lines().toList());
        while (!lines.getLast().isEmpty()) {
            lines.removeLast();
        }
        return "```text\n" + String.join("\n", lines) + "```\n";
    }

    private static void settings(StringBuilder page, Rule rule) {
        page.append("\n## Severity and silences\n\n");
        if (rule.isObligatory()) {
            page.append(wrapped("Always an " + rule.severity().word()
                    + ", which cannot be silenced: it means that something was not checked."));
            return;
        }
        page.append("In `.bellman.yaml`:\n\n```yaml\nrules:\n  ")
                .append(rule.id())
                .append(": off # or error, warning, info\n```\n");
        if (!rule.id().equals("unused-silence")) {
            page.append(
                            "\nOr in a comment on the line before, or at the end of the line:\n\n```yaml\n# bellman:ignore ")
                    .append(rule.id())
                    .append(" the reason why\n```\n");
        }
        page.append("\nMore: [severities and silences](README.md#severities-and-silences).\n");
    }

    /// Paragraphs as people wrap them.
    static String wrapped(String text) {
        StringBuilder wrapped = new StringBuilder();
        int column = 0;
        for (String word : Objects.requireNonNull(text).strip().split("\\s+")) {
            if (column > 0 && column + 1 + word.length() > WIDTH) {
                wrapped.append('\n');
                column = 0;
            }
            wrapped.append(column > 0 ? " " : "").append(word);
            column += word.length() + (column > 0 ? 1 : 0);
        }
        return wrapped.append('\n').toString();
    }
}
