package dev.bellman.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bellman.diagnostic.Severity;
import dev.bellman.report.Findings;
import dev.bellman.rule.Catalogue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every rule finds what it is there for, at the right place, and nothing in the same manifests once they are mended.
///
/// `rule/<id>/fires*/` has the mistake and `expected.txt`, with the rule's findings to the letter;
/// `rule/<id>/clean*/` has it mended. `-Dgolden=update` writes what is found instead: read the diff.
class RuleCasesTest {
    static final Path CASES = Path.of("src/test/resources/rule");

    @ParameterizedTest
    @MethodSource("rules")
    void everyRuleHasItsCases(String rule) {
        assertThat(RuleCase.in(CASES.resolve(rule), "fires")).isNotEmpty();
        assertThat(RuleCase.in(CASES.resolve(rule), "clean")).isNotEmpty();
    }

    @Test
    void everyCaseHasItsRule() throws IOException {
        try (Stream<Path> folders = Files.list(CASES)) {
            assertThat(folders.map(folder -> folder.getFileName().toString())).hasSameElementsAs(rules());
        }
    }

    @ParameterizedTest
    @MethodSource("firing")
    void findsTheMistake(RuleCase one) throws IOException {
        String found = RuleCase.text(one.findings(), finding -> finding.rule().equals(one.rule()));

        assertThat(found).isEqualTo(one.expected(found)).isNotEmpty();
    }

    @ParameterizedTest
    @MethodSource("clean")
    void findsNothingOnceItIsMended(RuleCase one) {
        Findings findings = one.findings();

        assertThat(RuleCase.text(findings, _ -> true)).doesNotContain("[" + one.rule() + "]");
        assertThat(RuleCase.text(findings, finding -> finding.severity() == Severity.ERROR))
                .isEmpty();
        assertThat(findings.nothingChecked()).isFalse();
    }

    static List<String> rules() {
        return Catalogue.builtIn().ids();
    }

    static Stream<RuleCase> firing() {
        return cases("fires");
    }

    static Stream<RuleCase> clean() {
        return cases("clean");
    }

    private static Stream<RuleCase> cases(String prefix) {
        return rules().stream().flatMap(rule -> RuleCase.in(CASES.resolve(rule), prefix).stream());
    }
}
