package dev.bellman.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.bellman.diagnostic.Diagnostic;
import dev.bellman.diagnostic.Fix;
import dev.bellman.diagnostic.Related;
import dev.bellman.diagnostic.Severity;
import dev.bellman.diagnostic.SourceText;
import dev.bellman.diagnostic.Span;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/// The folders under `src/test/resources/report`: `findings.json` says what was found in the files of `in/`.
final class Cases {
    private static final Path ROOT = Path.of("src/test/resources/report");

    private Cases() {}

    static List<Path> all() throws IOException {
        try (Stream<Path> folders = Files.list(ROOT)) {
            return folders.filter(Files::isDirectory).sorted().toList();
        }
    }

    static Findings read(String name) throws IOException {
        return read(ROOT.resolve(name));
    }

    static Findings read(Path folder) throws IOException {
        JsonNode json =
                new ObjectMapper().readTree(folder.resolve("findings.json").toFile());
        List<Diagnostic> diagnostics = new ArrayList<>();
        List<Silenced> silenced = new ArrayList<>();
        for (JsonNode one : json.get("diagnostics")) {
            if (one.has("silenced")) {
                silenced.add(new Silenced(diagnostic(one), one.get("silenced").asText()));
            } else {
                diagnostics.add(diagnostic(one));
            }
        }
        return new Findings(
                json.get("files").asInt(),
                json.get("objects").asInt(),
                diagnostics,
                silenced,
                list(json.get("rules")).map(Cases::rule).toList(),
                texts(folder.resolve("in")));
    }

    private static Map<String, SourceText> texts(Path in) throws IOException {
        Map<String, SourceText> texts = new TreeMap<>();
        if (!Files.exists(in)) {
            return texts;
        }
        try (Stream<Path> files = Files.walk(in)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String name = in.relativize(file).toString();
                texts.put(name, new SourceText(name, Files.readString(file)));
            }
        }
        return texts;
    }

    private static Diagnostic diagnostic(JsonNode json) {
        JsonNode fix = json.get("fix");
        return new Diagnostic(
                json.get("rule").asText(),
                Severity.valueOf(json.get("severity").asText()),
                json.get("message").asText(),
                json.get("help").asText(),
                span(json.get("span")),
                json.get("object").asText(),
                list(json.path("related"))
                        .map(one -> new Related(
                                span(one.get("span")), one.get("message").asText()))
                        .toList(),
                fix == null ? null : fix(fix));
    }

    private static Fix fix(JsonNode json) {
        return new Fix(
                json.get("description").asText(),
                list(json.get("edits"))
                        .map(one -> new Fix.Edit(
                                span(one.get("span")), one.get("replacement").asText()))
                        .toList());
    }

    private static RuleInfo rule(JsonNode json) {
        return new RuleInfo(
                json.get("id").asText(),
                Severity.valueOf(json.get("severity").asText()),
                json.get("summary").asText(),
                json.get("help").asText(),
                json.get("rationale").asText(),
                json.get("helpUri").asText());
    }

    private static Span span(JsonNode json) {
        return new Span(
                json.get(0).asText(),
                json.get(1).asInt(),
                json.get(2).asInt(),
                json.get(3).asInt(),
                json.get(4).asInt());
    }

    private static Stream<JsonNode> list(JsonNode json) {
        return StreamSupport.stream(json.spliterator(), false);
    }
}
