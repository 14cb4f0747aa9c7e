package dev.bellman.report;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.bellman.diagnostic.Diagnostic;
import dev.bellman.diagnostic.Severity;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Findings as a log of OASIS SARIF 2.1.0, within the limits of GitHub code scanning.
final class SarifReport {
    /// GitHub refuses a run with more.
    static final int MAX_RESULTS = 25_000;

    private static final String SCHEMA =
            "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

    private final JsonGenerator json;
    private final Findings findings;
    private final String version;
    private final List<RuleInfo> rules;
    private final Map<String, Integer> ruleIndex = new HashMap<>();

    private SarifReport(JsonGenerator json, Findings findings, String version) {
        this.json = json;
        this.findings = findings;
        this.version = version;
        this.rules = rules(findings);
        for (RuleInfo rule : rules) {
            ruleIndex.put(rule.id(), ruleIndex.size());
        }
    }

    static String print(Findings findings, String version) {
        return JsonText.of(json -> new SarifReport(json, findings, version).write());
    }

    /// The rules that are known, and those that only findings name.
    private static List<RuleInfo> rules(Findings findings) {
        Map<String, RuleInfo> byId = findings.rules().stream()
                .collect(Collectors.toMap(RuleInfo::id, rule -> rule, (first, _) -> first, TreeMap::new));
        Stream.concat(
                        findings.diagnostics().stream(),
                        findings.silenced().stream().map(Silenced::diagnostic))
                .forEach(found ->
                        byId.computeIfAbsent(found.rule(), id -> new RuleInfo(id, found.severity(), id, "", "", "")));
        return List.copyOf(byId.values());
    }

    private void write() throws IOException {
        List<SarifResult> results = results();
        int leftOut = findings.diagnostics().size() + findings.silenced().size() - results.size();
        json.writeStartObject();
        json.writeStringField("$schema", SCHEMA);
        json.writeStringField("version", "2.1.0");
        json.writeArrayFieldStart("runs");
        json.writeStartObject();
        writeTool();
        writeInvocation(leftOut);
        json.writeStringField("columnKind", "unicodeCodePoints");
        json.writeObjectFieldStart("originalUriBaseIds");
        json.writeObjectFieldStart(SarifResult.BASE);
        writeText("description", "the folder that bellman ran in");
        json.writeEndObject();
        json.writeEndObject();
        json.writeArrayFieldStart("results");
        for (SarifResult result : results) {
            result.write(json);
        }
        json.writeEndArray();
        json.writeEndObject();
        json.writeEndArray();
        json.writeEndObject();
    }

    /// By place; when there are too many, the worst of them.
    private List<SarifResult> results() {
        Fingerprints fingerprints = new Fingerprints(findings.texts());
        List<SarifResult> results = new ArrayList<>();
        for (Diagnostic diagnostic : findings.diagnostics()) {
            results.add(new SarifResult(diagnostic, index(diagnostic), fingerprints.next(diagnostic), null));
        }
        for (Silenced silenced : findings.silenced()) {
            Diagnostic diagnostic = silenced.diagnostic();
            results.add(
                    new SarifResult(diagnostic, index(diagnostic), fingerprints.next(diagnostic), silenced.reason()));
        }
        if (results.size() <= MAX_RESULTS) {
            return results;
        }
        return results.stream()
                .sorted(Comparator.comparing(SarifResult::isSuppressed)
                        .thenComparing(result -> result.diagnostic().severity()))
                .limit(MAX_RESULTS)
                .toList();
    }

    private int index(Diagnostic diagnostic) {
        return ruleIndex.getOrDefault(diagnostic.rule(), -1);
    }

    private void writeTool() throws IOException {
        json.writeObjectFieldStart("tool");
        json.writeObjectFieldStart("driver");
        json.writeStringField("name", "bellman");
        json.writeStringField("version", version);
        json.writeArrayFieldStart("rules");
        for (RuleInfo rule : rules) {
            write(rule);
        }
        json.writeEndArray();
        json.writeEndObject();
        json.writeEndObject();
    }

    private void write(RuleInfo rule) throws IOException {
        json.writeStartObject();
        json.writeStringField("id", rule.id());
        writeText("shortDescription", rule.summary().isEmpty() ? rule.id() : rule.summary());
        if (!rule.rationale().isEmpty()) {
            writeText("fullDescription", rule.rationale());
        }
        String help = Stream.of(rule.rationale(), rule.help())
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining("\n\n"));
        if (!help.isEmpty()) {
            json.writeObjectFieldStart("help");
            json.writeStringField("text", help);
            json.writeStringField("markdown", help);
            json.writeEndObject();
        }
        if (!rule.helpUri().isEmpty()) {
            json.writeStringField("helpUri", rule.helpUri());
        }
        json.writeObjectFieldStart("defaultConfiguration");
        json.writeStringField("level", level(rule.severity()));
        json.writeEndObject();
        json.writeEndObject();
    }

    private void writeInvocation(int leftOut) throws IOException {
        json.writeArrayFieldStart("invocations");
        json.writeStartObject();
        json.writeBooleanField("executionSuccessful", true);
        json.writeArrayFieldStart("toolExecutionNotifications");
        if (leftOut > 0) {
            writeNotification(leftOut + " findings are left out: a run holds " + MAX_RESULTS);
        }
        if (findings.nothingChecked()) {
            writeNotification(Summary.line(findings, Style.PLAIN));
        }
        json.writeEndArray();
        json.writeEndObject();
        json.writeEndArray();
    }

    private void writeNotification(String message) throws IOException {
        json.writeStartObject();
        json.writeStringField("level", "warning");
        writeText("message", message);
        json.writeEndObject();
    }

    private void writeText(String field, String text) throws IOException {
        json.writeObjectFieldStart(field);
        json.writeStringField("text", text);
        json.writeEndObject();
    }

    static String level(Severity severity) {
        return switch (severity) {
            case ERROR -> "error";
            case WARNING -> "warning";
            case INFO -> "note";
        };
    }
}
