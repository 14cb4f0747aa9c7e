package dev.bellman.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.bellman.diagnostic.Diagnostic;
import dev.bellman.testing.Golden;
import dev.bellman.testing.Json;
import dev.bellman.testing.Kubectl;
import dev.bellman.yaml.Spellings.Spelling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The real kubectl reads the same texts. `label --local` sends nothing anywhere.
class KubectlTest {
    /// Why a case is read otherwise than by kubectl.
    static final String DIFFERS = "differs-from-kubectl.txt";

    @TempDir
    private Path folder;

    /// `-Dgolden=update` writes what kubectl says into the table.
    @Test
    void theTableOfSpellingsSaysWhatKubectlReads() throws IOException {
        List<Spelling> spellings = Spellings.all();
        Path files = Files.createDirectory(folder.resolve("spellings"));
        for (int i = 0; i < spellings.size(); i++) {
            Files.writeString(files.resolve(i + ".yaml"), spellings.get(i).manifest(i));
        }
        Kubectl.Result result = read(files);
        Map<String, String> values = new HashMap<>();
        Json.parseAll(result.stdout())
                .forEach(object -> values.put(
                        object.at("/metadata/name").asText(),
                        object.has("value") ? object.get("value").toString() : "null"));
        List<Spelling> read = new ArrayList<>();
        for (int i = 0; i < spellings.size(); i++) {
            boolean refused = result.stderr().contains("/" + i + ".yaml");
            assertThat(values.containsKey(String.valueOf(i)))
                    .as("kubectl says either or of %s", spellings.get(i))
                    .isNotEqualTo(refused);
            read.add(new Spelling(spellings.get(i).text(), values.getOrDefault(String.valueOf(i), Spellings.ERROR)));
        }
        if (Golden.UPDATE) {
            Files.write(Spellings.FILE, read.stream().map(Spelling::toString).toList());
        }
        assertThat(read).isEqualTo(spellings);
    }

    /// Where kubectl refuses a text there must be a finding, and where it does not, the same documents.
    @ParameterizedTest
    @MethodSource("cases")
    void readsTheSameDocuments(Path kase) throws IOException {
        Kubectl.Result result = read(Cases.input(kase));
        Yaml.Parsed parsed = Cases.read(kase);
        boolean same = result.exitCode() != 0
                ? !parsed.diagnostics().isEmpty()
                : errors(parsed).isEmpty() && objects(parsed).equals(objects(result));

        assertThat(same)
                .as("%s%n%s%n%s%n%s", kase, parsed.diagnostics(), objects(parsed), result)
                .isEqualTo(!Files.exists(kase.resolve(DIFFERS)));
    }

    /// kubectl has no word against a key that is there twice, and takes the later one.
    private static List<Diagnostic> errors(Yaml.Parsed parsed) {
        return parsed.diagnostics().stream()
                .filter(finding -> !finding.rule().equals("duplicate-key"))
                .toList();
    }

    private static List<JsonNode> objects(Yaml.Parsed parsed) {
        return parsed.documents().stream().map(Json::of).toList();
    }

    private static List<JsonNode> objects(Kubectl.Result result) {
        List<JsonNode> objects = Json.parseAll(result.stdout());
        objects.forEach(object -> ((ObjectNode) object.get("metadata")).remove("labels"));
        return objects;
    }

    private Kubectl.Result read(Path path) {
        return Kubectl.withoutServer(folder).run("label", "--local", "-o", "json", "-f", path.toString(), "read=yes");
    }

    static List<Path> cases() {
        return Cases.all();
    }
}
