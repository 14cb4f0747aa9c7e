package dev.bellman.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bellman.diagnostic.SourceText;
import dev.bellman.testing.Json;
import dev.bellman.yaml.Spellings.Spelling;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every spelling means what it means to kubectl, whose answers `KubectlTest` keeps true.
class YamlScalarsTest {
    @ParameterizedTest
    @MethodSource("spellings")
    void meansWhatKubectlReads(Spelling spelling) {
        Yaml.Parsed parsed = Yaml.parse(new SourceText("a.yaml", spelling.manifest(1)));
        if (spelling.value().equals(Spellings.ERROR)) {
            assertThat(parsed.diagnostics()).extracting("rule").contains("yaml-syntax");
            return;
        }
        assertThat(parsed.diagnostics()).isEmpty();
        assertThat(Json.of(parsed.documents().getFirst())).isEqualTo(expected(spelling));
    }

    private static JsonNode expected(Spelling spelling) {
        return Json.parse(
                "{\"apiVersion\":\"bellman.dev/v0\",\"kind\":\"Spelling\",\"metadata\":{\"name\":\"1\"},\"value\":"
                        + spelling.value() + "}");
    }

    static List<Spelling> spellings() {
        return Spellings.all();
    }
}
