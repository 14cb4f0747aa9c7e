package dev.bellman.schema;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bellman.diagnostic.Diagnostic;
import dev.bellman.diagnostic.Severity;
import dev.bellman.diagnostic.SourceText;
import dev.bellman.document.Manifest;
import dev.bellman.document.Mapping;
import dev.bellman.yaml.Yaml;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every case of `crd/<kind>/{valid,invalid}-<what>.yaml`, whose verdicts were those of a real API server.
///
/// `expected.txt` has a line for each finding; `-Dgolden=update` rewrites it.
class CrdCasesTest {
    static final Path CASES = Path.of("src/test/resources/crd");
    private static final Path EXPECTED = CASES.resolve("expected.txt");

    @ParameterizedTest
    @MethodSource("valid")
    void findsNoErrorInAValidObject(Path file) {
        assertThat(findings(file)).noneMatch(finding -> finding.severity() == Severity.ERROR);
    }

    @ParameterizedTest
    @MethodSource("invalid")
    void findsAnErrorInAnInvalidObject(Path file) {
        assertThat(findings(file)).anyMatch(finding -> finding.severity() == Severity.ERROR);
    }

    @ParameterizedTest
    @MethodSource("invalid")
    void pointsIntoTheFile(Path file) throws IOException {
        int lines = Files.readAllLines(file).size();

        assertThat(findings(file))
                .allSatisfy(finding -> assertThat(finding.span().line()).isBetween(1, lines));
    }

    @Test
    void findsWhatIsExpectedWhereItIsExpected() throws IOException {
        List<String> lines = new ArrayList<>();
        invalid()
                .forEach(file -> findings(file)
                        .forEach(finding -> lines.add(
                                CASES.relativize(file) + ":" + finding.span().line() + ":"
                                        + finding.span().column() + " " + finding.rule() + " " + finding.message())));
        if ("update".equals(System.getProperty("golden"))) {
            Files.write(EXPECTED, lines);
        }
        assertThat(lines).isEqualTo(Files.readAllLines(EXPECTED));
    }

    static Stream<Path> valid() throws IOException {
        return files("valid-");
    }

    static Stream<Path> invalid() throws IOException {
        return files("invalid-");
    }

    private static Stream<Path> files(String prefix) throws IOException {
        try (Stream<Path> files = Files.walk(CASES)) {
            return files
                    .filter(file -> file.toString().endsWith(".yaml"))
                    .filter(file -> file.getFileName().toString().startsWith(prefix))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    private static List<Diagnostic> findings(Path file) {
        String text;
        try {
            text = Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Yaml.Parsed parsed = Yaml.parse(new SourceText(file.toString(), text));
        List<Diagnostic> findings = new ArrayList<>(parsed.diagnostics());
        parsed.documents()
                .forEach(document -> findings.addAll(Validation.check(Manifest.of((Mapping) document, false))));
        return findings;
    }
}
