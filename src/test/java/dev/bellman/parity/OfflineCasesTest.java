package dev.bellman.parity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bellman.diagnostic.Diagnostic;
import dev.bellman.diagnostic.Severity;
import dev.bellman.diagnostic.SourceText;
import dev.bellman.document.Manifest;
import dev.bellman.document.Mapping;
import dev.bellman.rule.RuleSet;
import dev.bellman.schema.Validation;
import dev.bellman.testing.Golden;
import dev.bellman.yaml.Yaml;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Every case of `crd` and `core`, without a server: the verdict in the file's name, and what is said where.
///
/// `expected.txt` has a line for each finding; `-Dgolden=update` rewrites it.
class OfflineCasesTest {
    private static final Path RESOURCES = Path.of("src/test/resources");

    @ParameterizedTest
    @MethodSource("files")
    void findsAnErrorExactlyInAnInvalidObject(Path file) {
        assertThat(findings(file).stream().anyMatch(finding -> finding.severity() == Severity.ERROR))
                .isEqualTo(!CaseFiles.isValid(file));
    }

    @ParameterizedTest
    @MethodSource("files")
    void pointsIntoTheFile(Path file) {
        int lines = (int) CaseFiles.read(file).lines().count();

        assertThat(findings(file))
                .allSatisfy(finding -> assertThat(finding.span().line()).isBetween(1, lines));
    }

    @ParameterizedTest
    @ValueSource(strings = {"crd", "core"})
    void findsWhatIsExpectedWhereItIsExpected(String name) throws IOException {
        Path folder = RESOURCES.resolve(name);
        List<String> lines = new ArrayList<>();
        CaseFiles.of(folder)
                .forEach(file -> findings(file)
                        .forEach(finding -> lines.add(
                                folder.relativize(file) + ":" + finding.span().line() + ":"
                                        + finding.span().column() + " " + finding.rule() + " " + finding.message())));
        Path expected = folder.resolve("expected.txt");
        if (Golden.UPDATE) {
            Files.write(expected, lines);
        }
        assertThat(lines).isEqualTo(Files.readAllLines(expected));
    }

    static Stream<Path> files() {
        return Stream.of("crd", "core").flatMap(name -> CaseFiles.of(RESOURCES.resolve(name)).stream());
    }

    private static List<Diagnostic> findings(Path file) {
        Yaml.Parsed parsed = Yaml.parse(new SourceText(file.toString(), CaseFiles.read(file)));
        List<Diagnostic> findings = new ArrayList<>(parsed.diagnostics());
        parsed.documents().forEach(document -> {
            Manifest manifest = Manifest.of((Mapping) document, false);
            findings.addAll(Validation.check(manifest));
            findings.addAll(RuleSet.builtIn().checkObjects(List.of(manifest)));
        });
        return findings.stream().sorted().toList();
    }
}
