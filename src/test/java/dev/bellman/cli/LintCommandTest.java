package dev.bellman.cli;

import static dev.bellman.cli.Sandbox.CLASS;
import static dev.bellman.cli.Sandbox.WRONG;
import static dev.bellman.cli.Sandbox.json;
import static dev.bellman.cli.Sandbox.namespace;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bellman.report.Format;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Path;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.xml.sax.InputSource;

/// `bellman lint` as its user meets it, whatever it checks.
class LintCommandTest {
    private Sandbox box;

    @BeforeEach
    void sandbox(@TempDir Path folder) throws IOException {
        box = new Sandbox(folder.toRealPath());
        box.write("clean.yaml", namespace("shop"))
                .write("warning.yaml", "# bellman:ignore missing-field why\n" + CLASS)
                .write("error.yaml", WRONG)
                .write("nothing.yaml", "a: 1\n");
    }

    @ParameterizedTest
    @CsvSource({
        "clean.yaml, error, 0",
        "clean.yaml, info, 0",
        "clean.yaml, never, 0",
        "warning.yaml, error, 0",
        "warning.yaml, warning, 1",
        "warning.yaml, info, 1",
        "warning.yaml, never, 0",
        "error.yaml, error, 1",
        "error.yaml, warning, 1",
        "error.yaml, never, 0",
        "nothing.yaml, error, 2",
        "nothing.yaml, never, 2",
        "nowhere.yaml, never, 2",
    })
    void theExitCodeSaysHowItEnded(String file, String failOn, int code) {
        for (Format format : Format.values()) {
            Run run = box.run("lint", "--fail-on", failOn, "-f", format.word(), "@/" + file);
            assertThat(run.code()).as("%s %s", format, run).isEqualTo(code);
        }
        if (failOn.equals("error")) {
            assertThat(box.run("lint", "@/" + file).code()).isEqualTo(code);
        }
    }

    @Test
    void theKeysOfJsonAreThoseThatWerePromised() {
        box.write("second.yaml", WRONG.replace("Shop", "shop"));
        JsonNode json = json(box.run("lint", "-f", "json", "@"));

        assertThat(names(json)).containsExactly("version", "summary", "findings");
        assertThat(json.get("version").asInt()).isEqualTo(1);
        assertThat(names(json.get("summary"))).containsExactly("files", "objects", "errors", "warnings");
        assertThat(json.get("summary").toString()).isEqualTo("{\"files\":5,\"objects\":3,\"errors\":2,\"warnings\":1}");
        assertThat(json.get("findings")).hasSize(3).allSatisfy(finding -> {
            assertThat(names(finding))
                    .containsExactly(
                            "rule", "severity", "message", "help", "file", "line", "column", "object", "related");
            assertThat(finding.get("severity").asText()).isIn("error", "warning", "info");
            assertThat(finding.get("related"))
                    .allSatisfy(
                            related -> assertThat(names(related)).containsExactly("file", "line", "column", "message"));
        });
        assertThat(json.at("/findings/0/object").asText()).isEqualTo("Namespace Shop");
        assertThat(json.at("/findings/1/related/0/message").asText()).isEqualTo("the first one is here");
    }

    private static List<String> names(JsonNode object) {
        return object.propertyStream().map(java.util.Map.Entry::getKey).toList();
    }

    @ParameterizedTest
    @EnumSource(Format.class)
    void everyFormatNamesThePlace(Format format) throws Exception {
        String out = box.run("lint", "-f", format.word(), "@").out();

        assertThat(out).contains("invalid-metadata", "error.yaml", "4");
        switch (format) {
            case JSON, SARIF ->
                assertThat(new com.fasterxml.jackson.databind.ObjectMapper().readTree(out))
                        .isNotEmpty();
            case JUNIT ->
                assertThat(DocumentBuilderFactory.newInstance()
                                .newDocumentBuilder()
                                .parse(new InputSource(new StringReader(out)))
                                .getElementsByTagName("failure")
                                .getLength())
                        .isPositive();
            case PRETTY -> assertThat(out).contains("error.yaml:4:9", "4 |   name: Shop\n", "^^^^");
            case CONCISE -> assertThat(out).contains("error.yaml:4:9: error[invalid-metadata] ");
            case GITHUB -> assertThat(out).contains("::error file=error.yaml,line=4,");
        }
    }

    @Test
    void severalFormatsAreWrittenInOneRun() throws IOException {
        Run run = box.run(
                "lint",
                "-f",
                "concise",
                "-f",
                "json=@/out/a.json",
                "--format=sarif=@/out/a.sarif",
                "-f",
                "junit=@/out/a.xml",
                "-f",
                "github=@/out/a.txt",
                "@/error.yaml");

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.out()).hasLineCount(1).startsWith("error.yaml:4:9: ");
        assertThat(run.err()).isEmpty();
        assertThat(box.read("out/a.json")).isEqualTo(unclean("json"));
        assertThat(box.read("out/a.sarif")).isEqualTo(unclean("sarif"));
        assertThat(box.read("out/a.xml")).isEqualTo(unclean("junit"));
        assertThat(box.read("out/a.txt")).isEqualTo(unclean("github"));
    }

    private String unclean(String format) {
        return Run.of("lint", "-f", format, box.path("error.yaml").toString()).out();
    }

    @Test
    void twoRunsSayTheSame() {
        for (Format format : Format.values()) {
            assertThat(box.run("lint", "-f", format.word(), "gitops-examples/broken"))
                    .isEqualTo(box.run("lint", "-f", format.word(), "gitops-examples/broken"));
        }
    }

    @Test
    void theFileIsNamedAsReachedFromTheArgument() {
        String relative = Path.of("").toAbsolutePath().relativize(box.folder()).toString();

        assertThat(Run.of("lint", "-f", "concise", relative).out()).contains(relative + "/error.yaml:4:9: ");
        assertThat(Run.of("lint", "-f", "concise", relative + "/").out()).contains(relative + "/error.yaml:4:9: ");
        assertThat(Run.of("lint", "-f", "concise", "./" + relative + "/./error.yaml")
                        .out())
                .contains("./" + relative + "/./error.yaml:4:9: ");
        assertThat(Run.of("lint", "-f", "concise", "./gitops-examples/broken").out())
                .startsWith("./gitops-examples/broken/");
        assertThat(Run.of("lint", "-f", "concise", ".").out()).startsWith("./");
    }

    @ParameterizedTest
    @ValueSource(strings = {"lint", "compile", "routes", "completion"})
    void theHelpShowsExamples(String command) {
        Run run = Run.of(command, "--help");

        assertThat(run.code()).isZero();
        assertThat(run.err()).isEmpty();
        assertThat(run.out())
                .startsWith("Usage: bellman " + command)
                .contains("\nExamples:\n")
                .containsPattern("\n  .*bellman " + command + " ")
                .doesNotContain("%n", "null");
        assertThat(run.out().lines()).allMatch(line -> line.length() <= 100);
        assertThat(Run.of(command, "-h")).isEqualTo(run);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "lint",
                "compile",
                "routes",
                "compile @",
                "lint --fail-on sometimes @",
                "lint -f yaml @",
                "routes -f sarif @",
                "lint --revision @",
                "lint --color maybe @",
                "lint --unknown @",
                "routes --without",
                "compile -o",
                "lint -f json= @",
                "lint -f json -f sarif @",
                "lint -f json=a -f sarif=a @",
                "routes --calico-version x @",
            })
    void aWrongCommandLineIsOneLineThatSaysWhereToLook(String line) {
        Run run = box.run(line.split(" "));

        assertThat(run.code()).as("%s", run).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err())
                .hasLineCount(1)
                .startsWith("bellman " + line.split(" ")[0] + ": ")
                .endsWith("; see bellman " + line.split(" ")[0] + " --help\n")
                .doesNotContain("internal error", "Exception");
    }

    @Test
    void anEmptyPathIsNotTheFolderOneStandsIn() {
        assertThat(box.run("lint", "")).isEqualTo(new Run(2, "", "bellman: a path is empty\n"));
    }

    @Test
    void aPathThatCannotBeOneIsOneLine() {
        Run run = box.run("lint", "a\0b");

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).hasLineCount(1).doesNotContain("internal error");
    }

    @Test
    void aQuietRunSaysNothingOfCleanFiles() {
        assertThat(box.run("lint", "-q", "@/clean.yaml")).isEqualTo(new Run(0, "", ""));
        assertThat(box.run("lint", "-q", "--fix", "@/clean.yaml")).isEqualTo(new Run(0, "", ""));
        assertThat(box.run("lint", "-q", "@/error.yaml").out()).contains("invalid-metadata");
    }
}
