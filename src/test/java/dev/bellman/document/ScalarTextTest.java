package dev.bellman.document;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bellman.diagnostic.SourceText;
import dev.bellman.diagnostic.Span;
import dev.bellman.document.WrittenScalar.Written;
import dev.bellman.yaml.Yaml;
import java.util.Objects;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScalarTextTest {
    @Property
    void findsEveryCharacterOfAPlainString(@ForAll("words") String value, @ForAll long seed) {
        check(value, WrittenScalar.plain(value, new Random(seed)), Scalar.Style.PLAIN);
    }

    @Property
    void findsEveryCharacterBetweenSingleQuotes(@ForAll("lines") String value, @ForAll long seed) {
        check(value, WrittenScalar.singleQuoted(value, new Random(seed)), Scalar.Style.SINGLE_QUOTED);
    }

    @Property
    void findsEveryCharacterBetweenDoubleQuotes(@ForAll("anything") String value, @ForAll long seed) {
        check(value, WrittenScalar.doubleQuoted(value, new Random(seed)), Scalar.Style.DOUBLE_QUOTED);
    }

    @Property
    void findsEveryCharacterOfALiteralBlock(@ForAll("lines") String value, @ForAll long seed) {
        check(value, WrittenScalar.literal(value, new Random(seed)), Scalar.Style.LITERAL);
    }

    @Property
    void findsEveryCharacterOfAFoldedBlock(@ForAll("lines") String value, @ForAll long seed) {
        check(value, WrittenScalar.folded(value, new Random(seed)), Scalar.Style.FOLDED);
    }

    /// Letters and what quotes, escapes and code points make hard; no white space where lines begin or end.
    @Provide
    Arbitrary<String> lines() {
        Arbitrary<String> word = Arbitraries.strings()
                .withChars("abz09'\"\\#:[]{}|>&*!é€")
                .withChars("x")
                .ofMinLength(1)
                .ofMaxLength(6)
                .map(text -> text + (text.length() == 3 ? "\uD83D\uDE80" : ""));
        return sentences(word).map(text -> "(" + text);
    }

    @Provide
    Arbitrary<String> words() {
        Arbitrary<String> word =
                Arbitraries.strings().withChars("abz09é€().=&|").ofMinLength(1).ofMaxLength(6);
        return sentences(word).map(text -> "x" + text);
    }

    private static Arbitrary<String> sentences(Arbitrary<String> word) {
        Arbitrary<String> line = word.list()
                .ofMinSize(1)
                .ofMaxSize(6)
                .map(parts -> String.join(" ", parts).replace(": ", ":"));
        return line.list().ofMinSize(1).ofMaxSize(4).map(parts -> String.join("\n", parts));
    }

    @Provide
    Arbitrary<String> anything() {
        return Arbitraries.strings()
                .withChars("ab \n'\"\\\té€")
                .ofMinLength(1)
                .ofMaxLength(30)
                .map(text -> text + "\uD83D\uDE80.");
    }

    private static void check(String value, Written written, Scalar.Style style) {
        SourceText source = new SourceText("rule.yaml", written.text());
        Scalar scalar = scalar(source);
        assertThat(scalar.value()).as(written.text()).isEqualTo(value);
        assertThat(scalar.style()).isEqualTo(style);
        int[] points = value.codePoints().toArray();
        for (int i = 0; i < points.length; i++) {
            if (WrittenScalar.isInk(points[i])) {
                assertThat(ScalarText.place(scalar, source, i))
                        .as("character %d of:%n%s", i, written.text())
                        .isEqualTo(source.spanAt(written.places().get(i)));
            }
        }
    }

    /// `^` stands for a line break; the place is that of the `@`.
    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "key: one @two~1:10",
                "key: one^  two^  @~3:3",
                "key: 'it''s @'~1:13",
                "key: \"a\\tb \\x41 @\"~1:17",
                "key: \"a\\^  @b\"~2:3",
                "key: \"a^^^  @b\"~4:3",
                "key: |^  one^  two @~3:7",
                "key: |+^^^  one^^  @^^^after: 1~6:3",
                "key: >^  one^  two^^  @~5:3",
                "key: >-^  one^    deeper^    still @^  back~4:11",
                "key: >^  one^  # no comment @~3:16",
                "key: | # a comment^  one @~2:7",
                "list:^- key: |^    one @~3:9",
                "\u00e9: 1^key: |^  \uD83D\uDE80 @~3:5",
            })
    void findsACharacter(String text, String place) {
        SourceText source = new SourceText("rule.yaml", text.replace('^', '\n'));
        Scalar scalar = scalar(source);
        String value = String.valueOf(scalar.value());

        Span found = ScalarText.place(scalar, source, value.codePointCount(0, value.indexOf('@')));

        assertThat(found.toString()).isEqualTo("rule.yaml:" + place);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {"key: one~1:9", "key: 'one'~1:10", "key: |^  one^after: 1~2:6", "key: >-^  one^^^after: 1~2:6"})
    void theEndFollowsTheLastCharacter(String text, String place) {
        SourceText source = new SourceText("rule.yaml", text.replace('^', '\n'));

        assertThat(ScalarText.place(scalar(source), source, 3)).hasToString("rule.yaml:" + place);
        assertThat(ScalarText.place(scalar(source), source, 1000)).hasToString("rule.yaml:" + place);
    }

    @Test
    void withoutItsTextItIsTheWholeString() {
        SourceText source = new SourceText("rule.yaml", "key: 'one'");
        Scalar scalar = scalar(source);

        assertThat(ScalarText.place(scalar, null, 2)).isEqualTo(scalar.span());
    }

    @Test
    void inAClusterItIsTheObject() {
        Span object = Span.ofObject("AdvertisementRule team-label");
        SourceText source = new SourceText(object.file(), "");

        assertThat(ScalarText.place(Scalar.of("one", object), source, 2)).isEqualTo(object);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "anchored: &a 'one @'^key: *a~2:6",
                "anchored: &a |^  one @^key: *a~3:6",
                "key: !!binary b25lIEA=~1:15"
            })
    void whereItCannotBeFoundItIsTheWholeString(String text, String place) {
        SourceText source = new SourceText("rule.yaml", text.replace('^', '\n'));
        Scalar scalar = scalar(source);

        assertThat(ScalarText.place(scalar, source, 4)).isEqualTo(scalar.span()).hasToString("rule.yaml:" + place);
    }

    private static Scalar scalar(SourceText source) {
        Mapping root = (Mapping) Yaml.parse(source).documents().getFirst();
        Node node = root.get("key");
        if (node == null) {
            node = ((Sequence) Objects.requireNonNull(root.get("list")))
                    .items()
                    .getFirst()
                    .at("key");
        }
        return (Scalar) Objects.requireNonNull(node);
    }
}
