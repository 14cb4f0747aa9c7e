package dev.bellman.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bellman.diagnostic.Diagnostic;
import dev.bellman.diagnostic.Fix;
import dev.bellman.diagnostic.Severity;
import dev.bellman.diagnostic.SourceText;
import dev.bellman.diagnostic.Span;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FixerTest {
    private static final String FILE = "a.yaml";
    private static final SourceText TEXT = new SourceText(FILE, "a: 1\n😀b: 22\r\nc: 3\n");

    @TempDir
    private Path folder;

    @Test
    void editsAreCarriedOutWhateverTheirOrder() {
        assertThat(Fixer.apply(TEXT, List.of(replace(3, 4, 5, "x"), replace(1, 4, 5, "longer"), replace(2, 5, 7, "")))
                        .text())
                .isEqualTo("a: longer\n😀b: \r\nc: x\n");
    }

    @Test
    void ofOverlappingFixesTheFirstIsCarriedOut() {
        Fixer.Mended mended =
                Fixer.apply(TEXT, List.of(replace(2, 5, 7, "x"), replace(2, 6, 7, "y"), replace(1, 1, 2, "z")));

        assertThat(mended).isEqualTo(new Fixer.Mended("z: 1\n😀b: x\r\nc: 3\n", 2));
    }

    @Test
    void fixesThatTouchBothHold() {
        assertThat(Fixer.apply(TEXT, List.of(replace(2, 5, 6, "x"), replace(2, 6, 7, "y"))))
                .isEqualTo(new Fixer.Mended("a: 1\n😀b: xy\r\nc: 3\n", 2));
    }

    @Test
    void aFixIsCarriedOutAsAWholeOrNotAtAll() {
        Fix two = new Fix("both", List.of(edit(1, 4, 5, "x"), edit(2, 5, 7, "x")));

        assertThat(Fixer.apply(TEXT, List.of(replace(2, 5, 6, "y"), two)))
                .isEqualTo(new Fixer.Mended("a: 1\n😀b: y2\r\nc: 3\n", 1));
    }

    @Test
    void theSameFixOfTwoFindingsMendsBoth() {
        assertThat(Fixer.apply(TEXT, List.of(replace(1, 4, 5, "x"), replace(1, 4, 5, "x"))))
                .isEqualTo(new Fixer.Mended("a: x\n😀b: 22\r\nc: 3\n", 2));
    }

    @Test
    void insertionsAtOnePlaceDoNotMix() {
        assertThat(Fixer.apply(TEXT, List.of(replace(1, 4, 4, "x"), replace(1, 4, 4, "y")))
                        .count())
                .isEqualTo(1);
    }

    @Test
    void aFileThatHasChangedIsLeftAlone() throws IOException {
        Files.writeString(folder.resolve(FILE), TEXT.text() + "# more\n");

        assertThat(fix()).isZero();
        assertThat(folder.resolve(FILE)).content().isEqualTo(TEXT.text() + "# more\n");
    }

    @Test
    void aFileThatIsGoneIsAFailureInWordsAndTheOthersAreMended() throws IOException {
        Path other = Files.writeString(folder.resolve("b.yaml"), TEXT.text());

        Fixer.Result result = fixBoth();

        assertThat(result.failures())
                .containsExactly(folder.resolve(FILE) + " cannot be mended: there is no such file or folder");
        assertThat(result.mended()).isEqualTo(1);
        assertThat(other).content().startsWith("a: x\n");
    }

    @Test
    void nothingIsLeftBesideTheFile() throws IOException {
        Path file = Files.writeString(folder.resolve(FILE), TEXT.text());

        assertThat(fix()).isEqualTo(1);
        assertThat(file).content().startsWith("a: x\n");
        assertThat(folder).isDirectoryNotContaining(path -> !path.equals(file));
    }

    private Fixer.Result fixBoth() {
        List<Diagnostic> findings = List.of(finding(FILE), finding("b.yaml"));
        return Fixer.fix(findings, Map.of(FILE, TEXT, "b.yaml", TEXT), folder);
    }

    private static Diagnostic finding(String file) {
        return new Diagnostic("a-rule", Severity.ERROR, "wrong", "", Span.at(file, 1, 4), "")
                .withFix(Fix.replace(new Span(file, 1, 4, 1, 5), "x"));
    }

    private int fix() {
        Diagnostic finding = new Diagnostic("a-rule", Severity.ERROR, "wrong", "", Span.at(FILE, 1, 4), "")
                .withFix(replace(1, 4, 5, "x"));
        Diagnostic elsewhere = new Diagnostic("a-rule", Severity.ERROR, "wrong", "", Span.at("b.yaml", 1, 4), "")
                .withFix(replace(1, 4, 5, "x"));
        return Fixer.fix(List.of(finding, elsewhere), Map.of(FILE, TEXT), folder)
                .mended();
    }

    private static Fix replace(int line, int column, int end, String text) {
        return new Fix("write", List.of(edit(line, column, end, text)));
    }

    private static Fix.Edit edit(int line, int column, int end, String text) {
        return new Fix.Edit(new Span(FILE, line, column, line, end), text);
    }
}
