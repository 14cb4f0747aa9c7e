package dev.bellman.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.bellman.diagnostic.Diagnostic;
import dev.bellman.diagnostic.Fix;
import dev.bellman.diagnostic.Related;
import dev.bellman.diagnostic.Severity;
import dev.bellman.diagnostic.SourceText;
import dev.bellman.diagnostic.Span;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/// Whatever a manifest or a path holds, every machine format parses, and reads back as what was said.
class UnusualTextTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Property(tries = 300)
    void jsonReadsBackAsWritten(@ForAll("unusual") String text) throws Exception {
        JsonNode finding = JSON.readTree(utf8(JsonReport.print(findings(text)))).at("/findings/0");
        assertThat(finding.get("message").asText()).isEqualTo(whole(text));
        assertThat(finding.get("file").asText()).isEqualTo(whole(text));
        assertThat(finding.at("/related/0/message").asText()).isEqualTo(whole(text));
    }

    @Property(tries = 300)
    void sarifReadsBackAsWritten(@ForAll("unusual") String text) throws Exception {
        JsonNode run =
                JSON.readTree(utf8(SarifReport.print(findings(text), "1"))).at("/runs/0");
        JsonNode result = run.at("/results/0");
        assertThat(result.at("/message/text").asText()).startsWith(text.isEmpty() ? "r" : whole(text));
        assertThat(result.at("/locations/0/physicalLocation/artifactLocation/uri")
                        .asText())
                .matches("(file:///)?[A-Za-z0-9%._~/-]*");
        assertThat(run.at("/results/1/suppressions/0/justification").asText()).isEqualTo(whole(text));
    }

    @Property(tries = 300)
    void junitReadsBackWhatXmlCanHold(@ForAll("unusual") String text) throws Exception {
        byte[] bytes = utf8(JunitReport.print(findings(text)));
        Document document =
                DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new ByteArrayInputStream(bytes));
        Element failure = (Element) document.getElementsByTagName("failure").item(0);
        assertThat(failure.getAttribute("message")).isEqualTo(xml(text));
        assertThat(failure.getTextContent()).contains(xml(text));
    }

    @Property(tries = 300)
    void githubReadsOneCommandPerFinding(@ForAll("unusual") String text) {
        String printed = GithubReport.print(findings(text));
        assertThat(printed.lines()).hasSize(1);
        RunnerCommand command = RunnerCommand.parse(printed.strip());
        assertThat(command.properties().get("title")).isEqualTo("r");
        assertThat(command.data()).contains(github(text));
    }

    @Property(tries = 300)
    void nothingActsOnTheTerminal(@ForAll("unusual") String text) {
        for (Format format : List.of(Format.PRETTY, Format.CONCISE)) {
            assertThat(format.print(findings(text), Style.PLAIN, "1").codePoints())
                    .noneMatch(point -> point != '\n' && Character.isISOControl(point))
                    .noneMatch(point -> point >= 0x202A && point <= 0x202E);
        }
    }

    @Property(tries = 300)
    void theSameFindingsGiveTheSameBytes(@ForAll("unusual") String text) {
        for (Format format : Format.values()) {
            assertThat(format.print(findings(text), Style.ANSI, "1"))
                    .isEqualTo(format.print(findings(text), Style.ANSI, "1"));
        }
    }

    @Provide
    Arbitrary<String> unusual() {
        Arbitrary<String> pieces = Arbitraries.of(
                "\"",
                "'",
                "\n",
                "\r",
                "\r\n",
                "\t",
                "\0",
                "\u001b[31m",
                "\u0085",
                "\u2028",
                "\u202e",
                "\uFFFE",
                "\uD800",
                "\uDC00",
                "👩‍👩‍👧",
                "e\u0301",
                "]]>",
                "<!--",
                "&amp;",
                "::error::",
                "%0A",
                "%",
                ",",
                ":",
                ";",
                "=",
                "\\",
                "{0}",
                "/",
                "./",
                "漢",
                "plain text",
                " ");
        return Arbitraries.oneOf(pieces, Arbitraries.strings().ofMaxLength(20))
                .list()
                .ofMaxSize(8)
                .map(list -> String.join("", list));
    }

    private static Findings findings(String text) {
        String file = text.isEmpty() ? "f" : text;
        Span span = Span.at(text, 1, 1);
        Diagnostic diagnostic = new Diagnostic(
                "r",
                Severity.ERROR,
                text,
                text,
                span,
                text,
                List.of(new Related(Span.at(file, 2, 1), text)),
                Fix.replace(span, text));
        return new Findings(
                1,
                1,
                List.of(diagnostic),
                List.of(new Silenced(diagnostic, text)),
                List.of(new RuleInfo("r", Severity.ERROR, text, text, text, "")),
                Map.of(text, new SourceText(text, text)));
    }

    /// As the command line encodes it: a surrogate without its other half becomes a question mark.
    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String whole(String text) {
        return new String(utf8(text), StandardCharsets.UTF_8);
    }

    private static String xml(String text) {
        return replaced(
                text,
                point -> (point < 0x20 && "\t\n\r".indexOf(point) < 0)
                        || (point >= 0xD800 && point <= 0xDFFF)
                        || point == 0xFFFE
                        || point == 0xFFFF);
    }

    private static String replaced(String text, java.util.function.IntPredicate forbidden) {
        StringBuilder out = new StringBuilder();
        text.codePoints().forEach(point -> out.appendCodePoint(forbidden.test(point) ? 0xFFFD : point));
        return out.toString();
    }

    private static String github(String text) {
        StringBuilder out = new StringBuilder();
        text.codePoints()
                .forEach(point ->
                        out.appendCodePoint("\t\r\n".indexOf(point) >= 0 ? point : DisplayText.visible(point)));
        return out.toString();
    }

    /// A workflow command, read the way the runner reads it: properties split at commas, then unescaped one by one.
    private record RunnerCommand(Map<String, String> properties, String data) {
        static RunnerCommand parse(String line) {
            int end = line.indexOf("::", 2);
            String head = line.substring(2, end);
            Map<String, String> properties = new HashMap<>();
            for (String property : head.substring(head.indexOf(' ') + 1).split(",")) {
                String[] pair = property.split("=", 2);
                properties.put(
                        pair[0], unescape(pair[1], "%0D", "\r", "%0A", "\n", "%3A", ":", "%2C", ",", "%25", "%"));
            }
            return new RunnerCommand(
                    properties, unescape(line.substring(end + 2), "%0D", "\r", "%0A", "\n", "%25", "%"));
        }

        private static String unescape(String text, String... pairs) {
            String result = text;
            for (int i = 0; i < pairs.length; i += 2) {
                result = result.replace(pairs[i], pairs[i + 1]);
            }
            return result;
        }
    }
}
