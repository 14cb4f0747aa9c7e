package dev.bellman.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bellman.diagnostic.Diagnostic;
import dev.bellman.diagnostic.Related;
import dev.bellman.diagnostic.Span;
import dev.bellman.document.Mapping;
import dev.bellman.document.Node;
import dev.bellman.document.Scalar;
import dev.bellman.document.Sequence;
import dev.bellman.testing.Golden;
import dev.bellman.testing.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What is read of each case, with the place of every key and value. `-Dgolden=update` writes what is read instead:
/// read the diff.
class YamlCaseTest {
    @ParameterizedTest
    @MethodSource("cases")
    void readsWhatTheCaseSays(Path folder) throws IOException {
        String read = print(Cases.read(folder));
        Path expected = folder.resolve("out.txt");
        assertThat(read).isEqualTo(Golden.text(expected, read));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void everyFileOfACaseIsUsed(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .contains(Cases.input(folder).getFileName().toString(), "out.txt")
                    .isSubsetOf(Cases.input(folder).getFileName().toString(), "out.txt", KubectlTest.DIFFERS);
        }
    }

    static List<Path> cases() {
        return Cases.all();
    }

    private static String print(Yaml.Parsed parsed) {
        StringBuilder out = new StringBuilder();
        for (Node document : parsed.documents()) {
            out.append("document ").append(place(document.span())).append('\n');
            print(out, "  ", document);
        }
        for (Diagnostic finding : parsed.diagnostics()) {
            out.append(finding.rule())
                    .append(' ')
                    .append(place(finding.span()))
                    .append(' ')
                    .append(finding.message())
                    .append(finding.help().isEmpty() ? "" : "; " + finding.help())
                    .append('\n');
            for (Related related : finding.related()) {
                out.append("  ")
                        .append(place(related.span()))
                        .append(' ')
                        .append(related.message())
                        .append('\n');
            }
        }
        return out.toString();
    }

    private static void print(StringBuilder out, String indent, Node node) {
        switch (node) {
            case Mapping mapping ->
                mapping.entries()
                        .forEach(entry -> value(
                                out,
                                indent,
                                Json.of(new Scalar(
                                                entry.name(),
                                                entry.key().style(),
                                                entry.key().span())) + " "
                                        + place(entry.key().span()) + ":",
                                entry.value()));
            case Sequence sequence -> sequence.items().forEach(item -> value(out, indent, "-", item));
            case Scalar scalar -> out.append(indent).append(Json.of(scalar)).append('\n');
        }
    }

    private static void value(StringBuilder out, String indent, String before, Node value) {
        String shown = value instanceof Scalar ? Json.of(value).toString() : value.type();
        out.append(indent)
                .append(before)
                .append(' ')
                .append(shown)
                .append(' ')
                .append(place(value.span()))
                .append('\n');
        if (!(value instanceof Scalar)) {
            print(out, indent + "  ", value);
        }
    }

    private static String place(Span span) {
        String end = span.endColumn() == Integer.MAX_VALUE ? "end" : String.valueOf(span.endColumn());
        return "@" + span.line() + ":" + span.column() + "-" + span.endLine() + ":" + end;
    }
}
