package dev.bellman.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bellman.diagnostic.SourceText;
import dev.bellman.document.Mapping;
import dev.bellman.report.YamlText.Remarked;
import dev.bellman.yaml.Yaml;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class YamlTextTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "no",
                "0777",
                "1e3",
                "~",
                " a",
                "a: b",
                "a #b",
                "- a",
                "line\nline",
                "\u0085",
                "\u2028",
                "\u2029",
                "\ufeff",
                "\uffff",
                "\u0000",
                "\u007f",
                "tab\t",
                "\"quoted\\\"",
                "\ud83d\ude80"
            })
    void everyTextIsReadBackAsItWas(String text) {
        assertThat(read(YamlText.of(Map.of("a", text))).text("a")).isEqualTo(text);
    }

    @Property
    void anyTextIsReadBackAsItWas(@ForAll String text) {
        assertThat(read(YamlText.of(Map.of("a", text))).text("a")).isEqualTo(text.replaceAll("\\p{Cs}", "?"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\nb: c", "a\rb: c", "a\u0085b: c", "a\u2028b: c"})
    void aRemarkStaysOnItsLine(String remark) {
        Mapping read = read(YamlText.of(Map.of("list", List.of(new Remarked("item", remark)))));

        assertThat(read.entries()).hasSize(1);
        assertThat(read.get("list")).isNotNull();
    }

    private static Mapping read(String text) {
        Yaml.Parsed parsed = Yaml.parse(new SourceText("a.yaml", text));
        assertThat(parsed.diagnostics()).isEmpty();
        return (Mapping) parsed.documents().getFirst();
    }
}
