package dev.bellman.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bellman.cel.Expression;
import dev.bellman.cel.Expression.Compiled;
import dev.bellman.cel.Expression.Evaluation;
import dev.bellman.diagnostic.Diagnostic;
import dev.bellman.diagnostic.SourceText;
import dev.bellman.document.Node;
import dev.bellman.report.Findings;
import dev.bellman.report.Format;
import dev.bellman.report.Style;
import dev.bellman.schema.Kinds;
import dev.bellman.testing.Golden;
import dev.bellman.yaml.Yaml;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What `docs/cel.md` says is so: every line of CEL is true, and its worked examples come out as printed
/// (`-Dgolden=update` prints them).
class CelPageTest {
    private static final Path PAGE = Path.of("docs/cel.md");
    private static final Pattern BLOCK = Pattern.compile("```(\\w+)\n(.*?)```\n", Pattern.DOTALL);
    private static final Pattern EXAMPLE = Pattern.compile("(?<=\n)### .*?(?=\n##|\\z)", Pattern.DOTALL);

    /// The Service that the page's expressions speak of.
    private static final Node SERVICE =
            Yaml.parse(new SourceText("service.yaml", """
                    metadata: {name: customer, labels: {team: bank}}
                    spec: {type: NodePort, ports: [{port: 80}, {port: 443}]}
                    """)).documents().getFirst();

    @ParameterizedTest
    @MethodSource("expressions")
    void everyExpressionIsTrue(String text) {
        assertThat(Expression.compile(text, Set.of("object")))
                .isInstanceOfSatisfying(
                        Compiled.Ok.class,
                        compiled -> assertThat(compiled.expression().evaluate(Map.of("object", SERVICE)))
                                .isInstanceOfSatisfying(
                                        Evaluation.Value.class,
                                        value -> assertThat(value.value()).isEqualTo(true)));
    }

    @Test
    void everyKindIsNamed() throws IOException {
        assertThat(Files.readString(PAGE)).contains(Kinds.names());
    }

    @Test
    void theExamplesComeOutAsPrinted(@TempDir Path folder) throws IOException {
        String page = Files.readString(PAGE);
        List<String> examples =
                EXAMPLE.matcher(page).results().map(MatchResult::group).toList();

        String comesOut = EXAMPLE.matcher(page)
                .replaceAll(example -> Matcher.quoteReplacement(
                        run(example.group(), folder.resolve(String.valueOf(example.start())))));

        assertThat(examples).hasSize(3);
        assertThat(Golden.text(PAGE, comesOut)).isEqualTo(comesOut);
    }

    static List<String> expressions() throws IOException {
        return blocks(Files.readString(PAGE), "cel").stream()
                .flatMap(String::lines)
                .toList();
    }

    private static List<String> blocks(String text, String language) {
        return BLOCK.matcher(text)
                .results()
                .filter(block -> block.group(1).equals(language))
                .map(block -> block.group(2))
                .toList();
    }

    /// The example with what is printed about its files, each of which says its name in its first line.
    private static String run(String example, Path folder) {
        try {
            Files.createDirectories(folder);
            for (String file : blocks(example, "yaml")) {
                String name = file.substring(2, file.indexOf('\n'));
                Files.writeString(folder.resolve(name), file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String printed = printed(new RuleCase(folder).findings());
        return BLOCK.matcher(example)
                .replaceAll(block -> Matcher.quoteReplacement(
                        block.group(1).equals("text") ? "```text\n" + printed + "```\n" : block.group()));
    }

    /// Without what a folder of two files cannot have, and without the line that counts.
    private static String printed(Findings all) {
        List<Diagnostic> own = all.diagnostics().stream()
                .filter(finding -> !finding.rule().equals("class-missing"))
                .toList();
        Findings findings = new Findings(all.files(), all.objects(), own, List.of(), all.rules(), all.texts());
        List<String> lines = new ArrayList<>(
                Format.PRETTY.print(findings, Style.PLAIN, "").lines().toList());
        lines.removeLast();
        lines.removeLast();
        return String.join("\n", lines) + "\n";
    }
}
