package dev.bellman.report;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.bellman.diagnostic.Diagnostic;
import dev.bellman.diagnostic.Fix;
import dev.bellman.diagnostic.Related;
import dev.bellman.diagnostic.Span;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// One finding as a SARIF result.
///
/// @param reason why it is silenced, or null when it is not
record SarifResult(
        Diagnostic diagnostic,
        int ruleIndex,
        String fingerprint,
        @Nullable String reason) {
    static final String BASE = "%SRCROOT%";

    boolean isSuppressed() {
        return reason != null;
    }

    void write(JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("ruleId", diagnostic.rule());
        json.writeNumberField("ruleIndex", ruleIndex);
        json.writeStringField("level", SarifReport.level(diagnostic.severity()));
        writeText(json, "message", message());
        json.writeArrayFieldStart("locations");
        writeLocation(json, diagnostic.span(), diagnostic.object(), "");
        json.writeEndArray();
        if (!diagnostic.related().isEmpty()) {
            json.writeArrayFieldStart("relatedLocations");
            for (Related related : diagnostic.related()) {
                writeLocation(json, related.span(), "", related.message());
            }
            json.writeEndArray();
        }
        json.writeObjectFieldStart("partialFingerprints");
        json.writeStringField("primaryLocationLineHash", fingerprint);
        json.writeEndObject();
        Fix fix = diagnostic.fix();
        if (fix != null && !fix.edits().isEmpty() && diagnostic.span().hasText()) {
            write(json, fix);
        }
        if (reason != null) {
            writeSuppression(json, reason);
        }
        json.writeEndObject();
    }

    /// Viewers show nothing but the message, so what helps goes in too.
    private String message() {
        String message = diagnostic.message().isEmpty() ? diagnostic.rule() : diagnostic.message();
        return diagnostic.help().isEmpty() ? message : message + "\n" + diagnostic.help();
    }

    private static void writeLocation(JsonGenerator json, Span span, String object, String message) throws IOException {
        json.writeStartObject();
        if (span.hasText()) {
            json.writeObjectFieldStart("physicalLocation");
            writeArtifact(json, span);
            writeRegion(json, "region", span);
            json.writeEndObject();
        }
        String name = span.hasText() ? object : span.file();
        if (!name.isEmpty()) {
            json.writeArrayFieldStart("logicalLocations");
            json.writeStartObject();
            json.writeStringField("fullyQualifiedName", name);
            json.writeStringField("kind", "resource");
            json.writeEndObject();
            json.writeEndArray();
        }
        if (!message.isEmpty()) {
            writeText(json, "message", message);
        }
        json.writeEndObject();
    }

    private static void writeArtifact(JsonGenerator json, Span span) throws IOException {
        FileUri uri = FileUri.of(span.file());
        json.writeObjectFieldStart("artifactLocation");
        json.writeStringField("uri", uri.uri());
        if (uri.relative()) {
            json.writeStringField("uriBaseId", BASE);
        }
        json.writeEndObject();
    }

    private static void writeRegion(JsonGenerator json, String field, Span span) throws IOException {
        json.writeObjectFieldStart(field);
        json.writeNumberField("startLine", span.line());
        json.writeNumberField("startColumn", span.column());
        json.writeNumberField("endLine", span.endLine());
        json.writeNumberField("endColumn", span.endColumn());
        json.writeEndObject();
    }

    private void write(JsonGenerator json, Fix fix) throws IOException {
        json.writeArrayFieldStart("fixes");
        json.writeStartObject();
        writeText(json, "description", fix.description());
        json.writeArrayFieldStart("artifactChanges");
        json.writeStartObject();
        writeArtifact(json, diagnostic.span());
        json.writeArrayFieldStart("replacements");
        for (Fix.Edit edit : fix.edits()) {
            json.writeStartObject();
            writeRegion(json, "deletedRegion", edit.span());
            writeText(json, "insertedContent", edit.replacement());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
        json.writeEndArray();
        json.writeEndObject();
        json.writeEndArray();
    }

    private static void writeSuppression(JsonGenerator json, String reason) throws IOException {
        json.writeArrayFieldStart("suppressions");
        json.writeStartObject();
        json.writeStringField("kind", "external");
        json.writeStringField("status", "accepted");
        json.writeStringField("justification", reason);
        json.writeEndObject();
        json.writeEndArray();
    }

    private static void writeText(JsonGenerator json, String field, String text) throws IOException {
        json.writeObjectFieldStart(field);
        json.writeStringField("text", text);
        json.writeEndObject();
    }
}
