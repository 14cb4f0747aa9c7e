package dev.bellman.report;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.bellman.diagnostic.Diagnostic;
import dev.bellman.diagnostic.Related;
import dev.bellman.diagnostic.Severity;
import dev.bellman.diagnostic.Span;
import java.io.IOException;

/// Bellman's own JSON. Its keys are a promise: every one is always there, and a change of meaning needs a new version.
final class JsonReport {
    private static final int VERSION = 1;

    private JsonReport() {}

    static String print(Findings findings) {
        return JsonText.of(json -> write(json, findings));
    }

    private static void write(JsonGenerator json, Findings findings) throws IOException {
        json.writeStartObject();
        json.writeNumberField("version", VERSION);
        json.writeObjectFieldStart("summary");
        json.writeNumberField("files", findings.files());
        json.writeNumberField("objects", findings.objects());
        json.writeNumberField("errors", findings.count(Severity.ERROR));
        json.writeNumberField("warnings", findings.count(Severity.WARNING));
        json.writeEndObject();
        json.writeArrayFieldStart("findings");
        for (Diagnostic diagnostic : findings.diagnostics()) {
            write(json, diagnostic);
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    static void write(JsonGenerator json, Diagnostic diagnostic) throws IOException {
        json.writeStartObject();
        json.writeStringField("rule", diagnostic.rule());
        json.writeStringField("severity", diagnostic.severity().word());
        json.writeStringField("message", diagnostic.message());
        json.writeStringField("help", diagnostic.help());
        writePlace(json, diagnostic.span());
        json.writeStringField("object", diagnostic.object());
        json.writeArrayFieldStart("related");
        for (Related related : diagnostic.related()) {
            json.writeStartObject();
            writePlace(json, related.span());
            json.writeStringField("message", related.message());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void writePlace(JsonGenerator json, Span span) throws IOException {
        json.writeStringField("file", span.file());
        json.writeNumberField("line", span.line());
        json.writeNumberField("column", span.column());
    }
}
