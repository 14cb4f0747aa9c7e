package dev.bellman.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bellman.diagnostic.Diagnostic;
import dev.bellman.report.Silenced;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The organisation's own rules: what is found with them and about them.
///
/// `rule-own/<case>/expected.txt` has every finding, with its help, and what was silenced. `-Dgolden=update` writes
/// what is found instead: read the diff.
class OwnRuleCasesTest {
    private static final Path CASES = Path.of("src/test/resources/rule-own");

    @ParameterizedTest
    @MethodSource("cases")
    void findsJustThis(RuleCase one) throws IOException {
        String found = one.findings().diagnostics().stream()
                        .map(OwnRuleCasesTest::withHelp)
                        .collect(Collectors.joining())
                + one.findings().silenced().stream()
                        .map(OwnRuleCasesTest::silenced)
                        .collect(Collectors.joining());

        assertThat(found).isEqualTo(one.expected(found)).isNotEmpty();
    }

    private static String withHelp(Diagnostic finding) {
        String help =
                finding.help().lines().map(line -> "  help: " + line + "\n").collect(Collectors.joining());
        return RuleCase.text(finding) + help;
    }

    private static String silenced(Silenced one) {
        return "silenced (" + one.reason() + "): " + RuleCase.text(one.diagnostic());
    }

    static List<RuleCase> cases() {
        return RuleCase.in(CASES, "");
    }
}
