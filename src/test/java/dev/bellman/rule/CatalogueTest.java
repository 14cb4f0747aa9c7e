package dev.bellman.rule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bellman.cel.Expression;
import dev.bellman.cel.Expression.Compiled;
import dev.bellman.cel.Precompiled;
import dev.bellman.diagnostic.SourceText;
import dev.bellman.document.Mapping;
import dev.bellman.document.Node;
import dev.bellman.document.Scalar;
import dev.bellman.document.Sequence;
import dev.bellman.rule.Rule.OnBindings;
import dev.bellman.rule.Rule.OnObjects;
import dev.bellman.schema.Kinds;
import dev.bellman.testing.Golden;
import dev.bellman.yaml.Yaml;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collector;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CatalogueTest {
    private static final Path MAIN = Path.of("src/main/java/dev/bellman");
    private static final Path RULES = Path.of("src/main/resources/rules");
    private static final Path INDEX = RULES.resolve("index.yaml");

    private static final Set<String> KEYS = Set.of(
            "id",
            "severity",
            "scope",
            "kinds",
            "summary",
            "expression",
            "message",
            "at",
            "related",
            "fix",
            "help",
            "rationale");

    /// How code says which rule a finding is of.
    private static final Pattern WORDS = Pattern.compile("\"([a-z][a-z0-9]*(?:-[a-z0-9]+)+)\"");
    /// Words of OpenAPI and its extensions that look like rules.
    private static final Pattern NO_RULE = Pattern.compile("date-time|(k8s|x)-.*");

    @Test
    void theIndexIsWhatTheFilesSay() throws IOException {
        String header = Files.readString(INDEX)
                .lines()
                .filter(line -> line.startsWith("#"))
                .collect(lines());
        String entries = files().stream()
                .map(file -> id(file) + ": [" + String.join(", ", kinds(read(file))) + "]")
                .collect(lines());
        assertThat(Golden.text(INDEX, header + entries)).isEqualTo(header + entries);
    }

    @ParameterizedTest
    @MethodSource("files")
    void aFileHasTheNameOfItsRule(Path file) {
        assertThat(read(file).text("id")).isEqualTo(id(file));
    }

    @ParameterizedTest
    @MethodSource("files")
    void aFileHasNoOtherKeys(Path file) {
        assertThat(read(file).entries()).extracting(Mapping.Entry::name).isSubsetOf(KEYS);
    }

    @ParameterizedTest
    @MethodSource("files")
    void textsReadAsTheyArePrinted(Path file) {
        Rule rule = Catalogue.builtIn().get(id(file));

        assertThat(List.of(rule.summary(), rule.help())).noneMatch(text -> text.endsWith(".") || text.isBlank());
        assertThat(rule.summary()).doesNotContain("\n").hasSizeLessThan(100);
        assertThat(rule.rationale()).endsWith(".");
    }

    @ParameterizedTest
    @MethodSource("files")
    void aRuleIsAboutKindsAndVariablesThatThereAre(Path file) {
        Mapping rule = read(file);
        Set<String> variables = kinds(rule).contains("binding") ? RuleSet.BINDING : RuleSet.OBJECT;

        switch (Catalogue.builtIn().get(id(file)).check()) {
            case OnObjects about -> assertThat(Kinds.names()).containsAll(about.kinds());
            case OnBindings _ -> assertThat(rule.get("kinds")).isNull();
            case Rule.Reading _, Rule.Definition _, Rule.Code _ ->
                assertThat(rule.entries())
                        .extracting(Mapping.Entry::name)
                        .containsExactlyInAnyOrder("id", "severity", "scope", "summary", "help", "rationale");
        }
        assertThat(Stream.concat(texts(rule.get("at")), texts(rule.get("related"))))
                .allMatch(path -> variables.contains(path.split("\\.", 2)[0]));
    }

    @ParameterizedTest
    @MethodSource("expressions")
    void everyExpressionCompiles(Precompiled.Source source) {
        assertThat(Expression.compile(source.text(), source.variables())).isInstanceOf(Compiled.Ok.class);
    }

    @Test
    void everyRuleInCodeIsInTheCatalogue() throws IOException {
        assertThat(words()).isSubsetOf(Catalogue.builtIn().ids());
    }

    @Test
    void everyRuleIsFoundBySomething() throws IOException {
        Set<String> code = Catalogue.builtIn().ids().stream()
                .filter(id -> switch (Catalogue.builtIn().get(id).check()) {
                    case OnObjects _, OnBindings _ -> false;
                    case Rule.Reading _, Rule.Definition _, Rule.Code _ -> true;
                })
                // A word alone says nothing of being a rule.
                .filter(id -> id.contains("-"))
                .collect(Collectors.toSet());

        assertThat(words()).containsAll(code);
    }

    private static Collector<CharSequence, ?, String> lines() {
        return Collectors.joining("\n", "", "\n");
    }

    static List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(RULES)) {
            return files.filter(file -> !file.equals(INDEX)).sorted().toList();
        }
    }

    static List<Precompiled.Source> expressions() {
        return Catalogue.builtIn().expressions();
    }

    private static String id(Path file) {
        return file.getFileName().toString().replace(".yaml", "");
    }

    private static Mapping read(Path file) {
        try {
            Yaml.Parsed parsed = Yaml.parse(new SourceText(file.toString(), Files.readString(file)));
            assertThat(parsed.diagnostics()).isEmpty();
            return (Mapping) parsed.documents().getFirst();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> kinds(Mapping rule) {
        return "binding".equals(rule.text("scope"))
                ? List.of("binding")
                : texts(rule.get("kinds")).toList();
    }

    private static Stream<String> texts(@Nullable Node node) {
        return switch (node) {
            case null -> Stream.empty();
            case Sequence sequence -> sequence.items().stream().flatMap(CatalogueTest::texts);
            case Scalar scalar -> Stream.of(String.valueOf(scalar.value()));
            case Mapping mapping -> throw new AssertionError(mapping);
        };
    }

    /// What the code that finds things calls rules.
    private static Set<String> words() throws IOException {
        Set<String> words = new TreeSet<>();
        for (String part : List.of("compile", "rule", "schema", "source", "yaml", "cli/Inspection.java")) {
            try (Stream<Path> files = Files.walk(MAIN.resolve(part))) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    WORDS.matcher(Files.readString(file))
                            .results()
                            .map(MatchResult::group)
                            .map(word -> word.substring(1, word.length() - 1))
                            .filter(word -> !NO_RULE.matcher(word).matches())
                            .forEach(words::add);
                }
            }
        }
        return words;
    }
}
