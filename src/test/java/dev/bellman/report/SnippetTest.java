package dev.bellman.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bellman.diagnostic.SourceText;
import dev.bellman.diagnostic.Span;
import dev.bellman.report.Style.Ink;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class SnippetTest {
    @Property
    void theMarkIsUnderExactlyTheTextMeant(
            @ForAll @CharRange(from = '!', to = '~') @StringLength(min = 1, max = 500) String line,
            @ForAll @IntRange(max = 499) int from,
            @ForAll @IntRange(min = 1, max = 80) int length) {
        int start = from % line.length();
        int end = Math.min(line.length(), start + length);
        Span span = new Span("a", 1, start + 1, 1, end + 1);

        List<String> shown = print(line, span).lines().toList();

        String marks = shown.get(2);
        assertThat(shown.get(1).substring(marks.indexOf('^'), marks.lastIndexOf('^') + 1))
                .isEqualTo(line.substring(start, end));
    }

    @Test
    void aFileThatIsShorterThanTheSpanDoesNotMatter() {
        assertThat(print("abc", new Span("a", 7, 9, 7, 12))).contains("7 |\n").contains("^");
    }

    @Test
    void aWideCharacterHasAWideMark() {
        assertThat(print("漢字", Span.at("a", 1, 2))).endsWith("|   ^^\n");
    }

    private static String print(String text, Span span) {
        StringBuilder out = new StringBuilder();
        new Snippet(new SourceText("a", text), span, 1, '^', Ink.ERROR, "").appendTo(out, Style.PLAIN);
        return out.toString();
    }
}
