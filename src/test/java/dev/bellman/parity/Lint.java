package dev.bellman.parity;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.bellman.cli.Bellman;
import dev.bellman.cli.Terminal;
import dev.bellman.rule.Catalogue;
import dev.bellman.rule.Rule;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// What `bellman lint` says of one object by itself. Findings about how it fits to others are left out, since the API
/// server never looks at others.
final class Lint {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Lint() {}

    /// The errors in a text, as `line:column rule message`.
    static List<String> errors(String yaml) {
        List<String> errors = new ArrayList<>();
        for (JsonNode finding : findings(yaml)) {
            if (finding.path("severity").asText().equals("error")
                    && isAboutOneObject(finding.path("rule").asText())) {
                errors.add(finding.path("line").asInt() + ":"
                        + finding.path("column").asInt() + " "
                        + finding.path("rule").asText() + " "
                        + finding.path("message").asText());
            }
        }
        return errors;
    }

    /// The rules that a text breaks, whatever their severity.
    static Set<String> rules(String yaml) {
        Set<String> rules = new TreeSet<>();
        findings(yaml).forEach(finding -> rules.add(finding.path("rule").asText()));
        return rules;
    }

    /// The words that a rule points to wherever it is broken, of JSON that has one line.
    static List<String> places(String json, String rule) {
        List<String> places = new ArrayList<>();
        for (JsonNode finding : findings(json)) {
            if (finding.path("rule").asText().equals(rule)) {
                String from = json.substring(finding.path("column").asInt() - 1);
                assertThat(from).startsWith("\"");
                places.add(from.substring(1, from.indexOf('"', 1)));
            }
        }
        return places;
    }

    private static JsonNode findings(String yaml) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Terminal terminal = new Terminal(
                new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8)),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                false,
                false,
                Map.of());
        int code = Bellman.run(terminal, "lint", "--format", "json", "-");
        if (code > 1) {
            throw new IllegalStateException("lint ended with " + code + ": " + err.toString(StandardCharsets.UTF_8));
        }
        return read(out.toString(StandardCharsets.UTF_8)).path("findings");
    }

    private static boolean isAboutOneObject(String rule) {
        return switch (Catalogue.builtIn().get(rule).check()) {
            case Rule.Reading _, Rule.Definition _, Rule.OnObjects _ -> true;
            case Rule.Code _, Rule.OnBindings _ -> false;
        };
    }

    private static JsonNode read(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(json, e);
        }
    }
}
