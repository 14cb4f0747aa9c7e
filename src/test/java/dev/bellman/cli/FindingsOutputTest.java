package dev.bellman.cli;

import static dev.bellman.diagnostic.Severity.ERROR;
import static dev.bellman.diagnostic.Severity.INFO;
import static dev.bellman.diagnostic.Severity.WARNING;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bellman.diagnostic.Severity;
import dev.bellman.report.Format;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class FindingsOutputTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({
        "ERROR, error, 1", "ERROR, warning, 1", "ERROR, info, 1", "ERROR, never, 0",
        "WARNING, error, 0", "WARNING, warning, 1", "WARNING, info, 1", "WARNING, never, 0",
        "INFO, error, 0", "INFO, warning, 0", "INFO, info, 1", "INFO, never, 0"
    })
    void theMildestFailingSeverityDecidesInEveryFormat(Severity severity, String failOn, int code) {
        for (String format : Words.all(Format.class)) {
            assertThat(Run.check(Run.found(severity), "--fail-on", failOn, "--format", format)
                            .code())
                    .as(format)
                    .isEqualTo(code);
        }
    }

    @ParameterizedTest
    @EnumSource(Format.class)
    void nothingCheckedIsNeverClean(Format format) {
        Run run = Run.check(Run.nothingChecked(), "--fail-on", "never", "--quiet", "--format", format.word());
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.out() + run.err()).contains("nothing was checked");
    }

    @Test
    void aCleanRunIsClean() {
        assertThat(Run.check(Run.found())).isEqualTo(new Run(0, "no findings in 1 file, 1 object\n", ""));
    }

    @Test
    void aQuietCleanRunSaysNothing() {
        assertThat(Run.check(Run.found(), "--quiet")).isEqualTo(new Run(0, "", ""));
    }

    @Test
    void aQuietRunStillGivesMachinesTheirReport() {
        assertThat(Run.check(Run.found(), "--quiet", "--format", "json").out()).contains("\"version\": 1");
    }

    @Test
    void nothingButTheReportIsOnStdout() {
        Run run = Run.check(Run.found(ERROR), "--format", "json");
        assertThat(run.out()).startsWith("{").endsWith("}\n");
        assertThat(run.err()).isEmpty();
    }

    @Test
    void severalFormatsAreWrittenAtOnce() throws IOException {
        Path sarif = folder.resolve("deep/down/out.sarif");
        Run run = Run.check(
                Run.found(WARNING), "-f", "concise", "-f", "sarif=" + sarif, "-f", "junit=" + folder.resolve("j.xml"));
        assertThat(run).isEqualTo(new Run(0, "a.yaml:1:1: warning[some-rule] a message\n", ""));
        assertThat(sarif).content().contains("\"2.1.0\"");
        assertThat(folder.resolve("j.xml")).content().startsWith("<?xml");
    }

    @Test
    void aReportInAFileIsSummedUpOnStderr() {
        Run run = Run.check(Run.found(INFO), "--format", "json=" + folder.resolve("out.json"));
        assertThat(run).isEqualTo(new Run(0, "", "1 info in 1 file, 1 object\n"));
    }

    @Test
    void aReportReplacesTheOldOneAndLeavesNothingElse() throws IOException {
        Path report = Files.writeString(folder.resolve("out.json"), "old");
        Run.check(Run.found(), "--format", "json=" + report);
        assertThat(report).content().startsWith("{");
        assertThat(folder).isDirectoryContaining(report::equals).isDirectoryNotContaining(path -> !path.equals(report));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(report)))
                .startsWith("rw-r");
    }

    @Test
    void aReportThatCannotBeWrittenIsAFailureWithoutADraftLeftBehind() throws IOException {
        Path inTheWay = Files.writeString(folder.resolve("file"), "");
        Run run = Run.check(Run.found(), "--format", "json=" + inTheWay.resolve("out.json"));
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).startsWith("bellman: cannot write ").hasLineCount(1);
        assertThat(folder).isDirectoryNotContaining(path -> !path.equals(inTheWay));
    }

    @Test
    void anUnknownFormatIsAnsweredWithTheList() {
        assertThat(Run.check(Run.found(), "--format", "xml"))
                .isEqualTo(
                        new Run(
                                2,
                                "",
                                "bellman check: format 'xml' is none of pretty, concise, json, sarif, junit, github; see bellman check --help\n"));
    }

    @Test
    void onlyOneFormatCanGoToStdout() {
        Run run = Run.check(Run.found(), "--format", "json", "--format", "sarif");
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("only one format can go to stdout").contains("--format sarif=FILE");
    }

    @Test
    void coloursAreForTerminalsOnly() {
        assertThat(Run.check(Map.of(), true, Run.found(ERROR)).out()).contains("\u001b[1;31m");
        assertThat(Run.check(Map.of(), false, Run.found(ERROR)).out()).doesNotContain("\u001b");
        assertThat(Run.check(Map.of("NO_COLOR", "1"), true, Run.found(ERROR)).out())
                .doesNotContain("\u001b");
        assertThat(Run.check(Map.of("NO_COLOR", ""), true, Run.found(ERROR)).out())
                .contains("\u001b");
        assertThat(Run.check(Map.of("TERM", "dumb"), true, Run.found(ERROR)).out())
                .doesNotContain("\u001b");
        assertThat(Run.check(Map.of("CLICOLOR_FORCE", "1"), false, Run.found(ERROR))
                        .out())
                .contains("\u001b");
        assertThat(Run.check(Map.of("CLICOLOR_FORCE", "0"), false, Run.found(ERROR))
                        .out())
                .doesNotContain("\u001b");
        assertThat(Run.check(Map.of(), true, Run.found(ERROR), "--color", "never")
                        .out())
                .doesNotContain("\u001b");
        assertThat(Run.check(Map.of("NO_COLOR", "1"), false, Run.found(ERROR), "--color", "always")
                        .out())
                .contains("\u001b");
    }

    @Test
    void machineFormatsHaveNoColourWhateverTheUserWants() {
        for (Format format : new Format[] {Format.JSON, Format.SARIF, Format.JUNIT, Format.GITHUB}) {
            assertThat(Run.check(Map.of(), true, Run.found(ERROR), "--color", "always", "--format", format.word())
                            .out())
                    .doesNotContain("\u001b");
        }
    }
}
