package dev.bellman.yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.bellman.diagnostic.Diagnostic;
import dev.bellman.diagnostic.SourceText;
import dev.bellman.document.Mapping;
import dev.bellman.document.Node;
import dev.bellman.document.Scalar;
import dev.bellman.document.Sequence;
import dev.bellman.testing.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class YamlTest {
    /// What never ends fails the test instead of hanging it. No measure of speed: all of these take well under a
    /// second.
    private static final Duration HANG = Duration.ofMinutes(2);

    @Test
    void aBillionLaughsEndAtOnce() {
        StringBuilder text = new StringBuilder("a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol, lol]\n");
        for (int i = 1; i < 60; i++) {
            String ten = ("*a" + (i - 1) + ", ").repeat(10);
            text.append("a%d: &a%d [%s]\n".formatted(i, i, ten));
        }

        Yaml.Parsed parsed = assertTimeoutPreemptively(HANG, () -> parse(text.toString()));

        assertThat(parsed.diagnostics()).extracting(Diagnostic::rule).containsExactly("alias-bomb");
    }

    @Test
    void aBillionLaughsOfMergesEndAtOnce() {
        StringBuilder text = new StringBuilder("a0: &a0 {k: 1}\n");
        for (int i = 1; i < 60; i++) {
            text.append("a%d: &a%d {x: *a%d, y: *a%d, <<: *a%d}\n".formatted(i, i, i - 1, i - 1, i - 1));
        }

        Yaml.Parsed parsed = assertTimeoutPreemptively(HANG, () -> parse(text.toString()));

        assertThat(parsed.diagnostics()).extracting(Diagnostic::rule).containsExactly("alias-bomb");
    }

    @Test
    void nestingWithoutEndEndsAtOnce() {
        Yaml.Parsed parsed = assertTimeoutPreemptively(HANG, () -> parse("[".repeat(100_000) + "\n---\na: 1\n"));

        assertThat(parsed.diagnostics())
                .extracting(Diagnostic::message)
                .containsExactly("nested more than 200 levels deep");
        assertThat(parsed.documents()).hasSize(1);
    }

    @Test
    void aMappingOfManyKeysTakesNoLongerThanItsText() {
        String text =
                IntStream.range(0, 100_000).mapToObj(i -> "k" + i + ": 1\n").collect(Collectors.joining());

        Yaml.Parsed parsed = assertTimeoutPreemptively(HANG, () -> parse(text + "k7: 2\n"));

        assertThat(parsed.diagnostics()).extracting(Diagnostic::rule).containsExactly("duplicate-key");
        assertThat(((Mapping) parsed.documents().getFirst()).entries()).hasSize(100_000);
    }

    /// Large enough to be parsed on several cores.
    @Test
    void theOrderOfManyDocumentsIsThatOfTheText() {
        String text = IntStream.range(0, 20_000)
                .mapToObj(i -> "---\nnumber: " + i + "\n" + (i % 1000 == 999 ? "---\n[\n" : ""))
                .collect(Collectors.joining());

        Yaml.Parsed parsed = parse(text);

        assertThat(parsed.documents().stream()
                        .map(document -> Json.of(document).get("number").asInt()))
                .isEqualTo(IntStream.range(0, 20_000).boxed().toList());
        assertThat(parsed.diagnostics()).hasSize(20).isSorted();
    }

    /// Whatever the text, there is an answer, and its places are in the text.
    @Property(tries = 2000)
    void anyTextIsReadOrFoundWrong(@ForAll("texts") String text) {
        SourceText source = new SourceText("a.yaml", text);
        Yaml.Parsed parsed = Yaml.parse(source);

        assertThat(parsed.diagnostics()).allSatisfy(finding -> {
            assertThat(finding.message()).isNotBlank();
            assertInside(source, finding.span().line(), finding.span().column());
        });
        parsed.documents().forEach(document -> assertPlaces(source, document));
    }

    @Provide
    Arbitrary<String> texts() {
        Arbitrary<String> pieces = Arbitraries.of(
                "a",
                "b",
                "\n",
                "\n",
                "  ",
                "- ",
                ": ",
                ":",
                "[",
                "]",
                "{",
                "}",
                ", ",
                "'",
                "\"",
                "# c",
                "---\n",
                "...\n",
                "&x ",
                "*x",
                "<<: ",
                "!!int ",
                "! ",
                "|\n",
                ">-\n",
                "\t",
                "\r\n",
                "😀",
                "\u0001",
                "\\",
                "? ",
                "%YAML 1.2\n",
                "12",
                "~",
                "bellman:ignore",
                "\u0085",
                "\uFEFF");
        return pieces.list().ofMaxSize(25).map(list -> String.join("", list));
    }

    /// Comments are only read for silences, and change nothing else.
    @Property(tries = 500)
    void commentsAndBlankLinesChangeNoValue(@ForAll("commented") List<String> lines) throws IOException {
        String plain = lines.stream()
                .filter(line -> !line.strip().startsWith("#") && !line.isBlank())
                .map(line -> line.replaceFirst(" +# bellman:ignore.*", ""))
                .collect(Collectors.joining("\n"));
        Yaml.Parsed expected = parse(plain + "\n");

        Yaml.Parsed parsed = parse(String.join("\n", lines) + "\n");

        assertThat(parsed.diagnostics()).isEmpty();
        assertThat(parsed.documents().stream().map(Json::of))
                .isEqualTo(expected.documents().stream().map(Json::of).toList());
        assertThat(parsed.comments())
                .hasSize((int) lines.stream().filter(line -> line.contains("#")).count())
                .allSatisfy(comment -> assertThat(lines.get(comment.span().line() - 1))
                        .satisfies(line -> assertThat(line.indexOf('#') + 1)
                                .isEqualTo(comment.span().column())))
                .allSatisfy(comment -> assertThat(comment.ownLine())
                        .isEqualTo(lines.get(comment.span().line() - 1).strip().startsWith("#")));
    }

    @Provide
    Arbitrary<List<String>> commented() throws IOException {
        List<String> base = Files.readAllLines(Path.of("gitops-examples/external-ips/teams/mail/smtp.yaml")).stream()
                .filter(line -> !line.contains("#"))
                .toList();
        Arbitrary<String> above =
                Arbitraries.of("", "", "", "  # bellman:ignore a-rule why", "# bellman:ignore b", "   ");
        Arbitrary<String> behind = Arbitraries.of("", "", "", " # bellman:ignore a-rule why");
        return Combinators.combine(
                        above.list().ofSize(base.size() + 1), behind.list().ofSize(base.size()))
                .as((aboves, behinds) -> {
                    List<String> lines = new ArrayList<>();
                    for (int i = 0; i < base.size(); i++) {
                        lines.add(aboves.get(i));
                        lines.add(base.get(i) + behinds.get(i));
                    }
                    lines.add(aboves.getLast());
                    return lines;
                });
    }

    private static void assertPlaces(SourceText source, Node node) {
        assertInside(source, node.span().line(), node.span().column());
        assertThat(node.span().endLine()).isGreaterThanOrEqualTo(node.span().line());
        switch (node) {
            case Mapping mapping ->
                mapping.entries().forEach(entry -> {
                    assertPlaces(source, entry.key());
                    assertPlaces(source, entry.value());
                });
            case Sequence sequence -> sequence.items().forEach(item -> assertPlaces(source, item));
            case Scalar _ -> {}
        }
    }

    private static void assertInside(SourceText source, int line, int column) {
        assertThat(line).isBetween(1, source.lines());
        String text = source.line(line);
        assertThat(column).isBetween(1, text.codePointCount(0, text.length()) + 1);
    }

    private static Yaml.Parsed parse(String text) {
        return Yaml.parse(new SourceText("a.yaml", text));
    }
}
