package dev.bellman.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.bellman.diagnostic.Diagnostic;
import dev.bellman.diagnostic.Severity;
import dev.bellman.diagnostic.Span;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class SarifReportTest {
    private static final Schema SCHEMA = schema();

    @TestFactory
    Stream<DynamicTest> theOfficialSchemaAcceptsEveryCase() throws IOException {
        return Cases.all().stream()
                .map(folder -> DynamicTest.dynamicTest(folder.getFileName().toString(), () -> {
                    String sarif = Format.SARIF.print(Cases.read(folder), Style.PLAIN, "1.2.3");
                    assertThat(errors(sarif)).isEmpty();
                }));
    }

    @Test
    void theOfficialSchemaRefusesWhatIsNotSarif() {
        assertThat(errors("{\"version\":\"2.1.0\",\"runs\":[{\"tool\":{\"driver\":{\"name\":\"x\"}},\"resluts\":[]}]}"))
                .isNotEmpty();
    }

    @Test
    void everyResultPointsToTheRuleThatItNames() throws IOException {
        JsonNode run = run(Cases.read("a-policy-with-a-misspelled-class"));
        JsonNode rules = run.at("/tool/driver/rules");
        assertThat(run.get("results"))
                .isNotEmpty()
                .allSatisfy(
                        result -> assertThat(rules.get(result.get("ruleIndex").asInt())
                                        .get("id")
                                        .asText())
                                .isEqualTo(result.get("ruleId").asText()));
    }

    @Test
    void keepsTheWorstFindingsOfTooMany() throws IOException {
        List<Diagnostic> many = IntStream.rangeClosed(1, SarifReport.MAX_RESULTS + 5)
                .mapToObj(line -> finding(line > SarifReport.MAX_RESULTS ? Severity.ERROR : Severity.INFO, line))
                .toList();

        JsonNode run = run(findings(many));

        assertThat(run.get("results")).hasSize(SarifReport.MAX_RESULTS);
        assertThat(run.get("results"))
                .filteredOn(result -> result.get("level").asText().equals("error"))
                .hasSize(5);
        assertThat(run.at("/invocations/0/toolExecutionNotifications/0/message/text")
                        .asText())
                .startsWith("5 findings are left out");
    }

    @Test
    void aFindingKeepsItsFingerprintWhenItsLineMoves() throws IOException {
        Findings before = Cases.read("silenced-findings-count-for-nothing");
        Diagnostic one = before.silenced().getFirst().diagnostic();
        Diagnostic moved = new Diagnostic(
                one.rule(),
                one.severity(),
                one.message(),
                one.help(),
                new Span("class.yaml", 8, 11, 8, 23),
                one.object());
        var shifted = new dev.bellman.diagnostic.SourceText(
                "class.yaml", "# a comment\n" + before.texts().get("class.yaml").text());
        Findings after = new Findings(1, 1, List.of(moved), List.of(), List.of(), Map.of("class.yaml", shifted));

        assertThat(fingerprints(after)).isEqualTo(fingerprints(before));
    }

    @Test
    void findingsThatLookAlikeHaveFingerprintsOfTheirOwn() throws IOException {
        assertThat(fingerprints(findings(List.of(finding(Severity.ERROR, 1), finding(Severity.ERROR, 2)))))
                .doesNotHaveDuplicates()
                .hasSize(2);
    }

    private static Diagnostic finding(Severity severity, int line) {
        return new Diagnostic("r", severity, "m", "", Span.at("a.yaml", line, 1), "");
    }

    private static Findings findings(List<Diagnostic> diagnostics) {
        return new Findings(1, 1, diagnostics, List.of(), List.of(), Map.of());
    }

    private static List<String> fingerprints(Findings findings) throws IOException {
        return run(findings).get("results").findValuesAsText("primaryLocationLineHash");
    }

    private static JsonNode run(Findings findings) throws IOException {
        return new ObjectMapper().readTree(SarifReport.print(findings, "1.2.3")).at("/runs/0");
    }

    private static List<String> errors(String sarif) {
        return SCHEMA.validate(sarif, InputFormat.JSON).stream()
                .map(Object::toString)
                .toList();
    }

    private static Schema schema() {
        try {
            String text = Files.readString(Path.of("src/test/resources/report/sarif-schema-2.1.0.json"));
            return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_4)
                    .getSchema(text, InputFormat.JSON);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
