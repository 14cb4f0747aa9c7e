package dev.bellman.parity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bellman.diagnostic.SourceText;
import dev.bellman.document.Mapping;
import dev.bellman.document.Sequence;
import dev.bellman.testing.Golden;
import dev.bellman.testing.Json;
import dev.bellman.yaml.Yaml;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The chart's admission policies are those of the rules. `-Dgolden=update` writes them, and what is said about them.
class AdmissionTemplatesTest {
    private static final Path TEMPLATES = Path.of("helm/bellman/templates/admission");
    private static final Path PAGE = Path.of("docs/admission.md");
    private static final Pattern READ = Pattern.compile("\\bobject\\.(metadata\\.)?\\w+");
    private static final Pattern ROWS = Pattern.compile("(?<=\n\\|---\\|---\\|---\\|\n)(\\|[^\n]*\n)*");

    @ParameterizedTest
    @MethodSource("policies")
    void aTemplateIsWhatItsRuleSays(AdmissionPolicy policy) throws IOException {
        Path file = TEMPLATES.resolve(policy.rule().id() + ".yaml");

        assertThat(Golden.text(file, policy.template())).isEqualTo(policy.template());
    }

    @Test
    void thereIsNoOtherTemplate() throws IOException {
        try (Stream<Path> files = Files.list(TEMPLATES)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(policies().stream()
                            .map(policy -> policy.rule().id() + ".yaml")
                            .toList());
        }
    }

    @Test
    void eachCanBeLeftOut() throws IOException {
        List<String> known = new ArrayList<>();
        Json.parse(Files.readString(Path.of("helm/bellman/values.schema.json")))
                .at("/properties/admission/properties/except/items/enum")
                .forEach(rule -> known.add(rule.asText()));

        assertThat(known)
                .containsExactlyElementsOf(
                        policies().stream().map(policy -> policy.rule().id()).toList());
    }

    /// What is folded over lines must read as it was.
    @ParameterizedTest
    @MethodSource("policies")
    void theExpressionIsTheRules(AdmissionPolicy policy) {
        Yaml.Parsed parsed = Yaml.parse(new SourceText("policy.yaml", policy.manifest()));
        assertThat(parsed.diagnostics()).isEmpty();
        Sequence validations = (Sequence) ((Mapping) parsed.documents().getFirst()).at("spec", "validations");

        assertThat(((Mapping) validations.items().getFirst()).text("expression"))
                .isEqualTo(policy.expression());
    }

    /// Helm takes two braces for its own.
    @ParameterizedTest
    @MethodSource("policies")
    void nothingOfARuleIsTakenForATemplate(AdmissionPolicy policy) {
        List<String> lines = policy.template().lines().toList();
        String body = String.join("\n", lines.subList(2, lines.size() - 1)) + "\n";

        assertThat(body.replace("{{ \"{{\" }}", "")).doesNotContain("{{");
        assertThat(body.replace("{{ \"{{\" }}", "{{")).isEqualTo(policy.manifest());
    }

    /// Only when one of these changes is an object judged again. A name never changes.
    @ParameterizedTest
    @MethodSource("policies")
    void aRuleReadsOnlyWhatMakesItBeAskedAgain(AdmissionPolicy policy) {
        assertThat(READ.matcher(policy.expression()).results().map(MatchResult::group))
                .isNotEmpty()
                .isSubsetOf("object.spec", "object.metadata.labels", "object.metadata.name");
    }

    /// An object that the cluster cannot do without is refused by nobody but the API server.
    @Test
    void nothingOfKubernetesItselfIsRefused() {
        assertThat(policies())
                .filteredOn(AdmissionPolicy::refuses)
                .flatMap(AdmissionPolicy::kinds)
                .doesNotContain("Service", "Node", "Namespace", "EndpointSlice");
    }

    @Test
    void thePageSaysWhatBecomesOfEveryRuleAboutOneObject() throws IOException {
        String rows = Stream.concat(
                        policies().stream().map(policy -> policy.rule().id()),
                        AdmissionPolicy.leftOut().keySet().stream())
                .map(id -> AdmissionPolicy.row(id) + "\n")
                .collect(Collectors.joining());
        String page = ROWS.matcher(Files.readString(PAGE)).replaceFirst(Matcher.quoteReplacement(rows));

        assertThat(page).contains(rows);
        assertThat(Golden.text(PAGE, page)).isEqualTo(page);
    }

    static List<AdmissionPolicy> policies() {
        return AdmissionPolicy.all();
    }
}
