package dev.bellman.report;

import dev.bellman.report.Style.Ink;
import java.util.ArrayList;
import java.util.List;

/// The long story of a rule.
///
/// @param expression its CEL, or empty where it is code
/// @param obligatory whether neither settings nor silences may touch it
public record RuleExplanation(RuleInfo rule, String expression, boolean obligatory) {
    private static final int VERSION = 1;
    private static final int WIDTH = 96;

    public String pretty(Style style) {
        StringBuilder out = new StringBuilder();
        out.append(style.paint(Ink.of(rule.severity()), rule.severity().word() + "[" + rule.id() + "]"))
                .append(style.paint(Ink.STRONG, ": " + rule.summary()))
                .append("\n\n");
        paragraph(out, rule.rationale());
        if (!rule.help().isEmpty()) {
            paragraph(out, "What helps: " + rule.help() + ".");
        }
        if (!expression.isEmpty()) {
            out.append("It complies when:\n\n");
            expression.lines().forEach(line -> out.append("  ").append(line).append('\n'));
            out.append('\n');
        }
        if (obligatory) {
            paragraph(out, "It cannot be silenced: it means that something was not checked at all.");
        } else {
            out.append("In .bellman.yaml      rules: {").append(rule.id()).append(": warning}   # or info, or off\n");
            out.append("In the file           # bellman:ignore ")
                    .append(rule.id())
                    .append(" the reason\n");
        }
        return out.toString().stripTrailing() + "\n";
    }

    public String json() {
        return JsonText.of(json -> {
            json.writeStartObject();
            json.writeNumberField("version", VERSION);
            json.writeStringField("rule", rule.id());
            json.writeStringField("severity", rule.severity().word());
            json.writeStringField("summary", rule.summary());
            json.writeStringField("help", rule.help());
            json.writeStringField("rationale", rule.rationale());
            json.writeStringField("expression", expression);
            json.writeBooleanField("obligatory", obligatory);
            json.writeEndObject();
        });
    }

    private static void paragraph(StringBuilder out, String text) {
        if (text.isEmpty()) {
            return;
        }
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : List.of(text.strip().split("\\s+", -1))) {
            if (!line.isEmpty() && line.length() + 1 + word.length() > WIDTH) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : " ").append(word);
        }
        lines.add(line.toString());
        lines.forEach(one -> out.append(one).append('\n'));
        out.append('\n');
    }
}
