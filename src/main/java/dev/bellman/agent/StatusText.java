package dev.bellman.agent;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.Map;

/// A status as JSON.
final class StatusText {
    private static final JsonFactory FACTORY = new JsonFactory();

    private StatusText() {}

    static String of(Status status) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(text).useDefaultPrettyPrinter()) {
            write(json, status);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.append('\n').toString();
    }

    private static void write(JsonGenerator json, Status status) throws IOException {
        json.writeStartObject();
        json.writeNumberField("version", 1);
        json.writeStringField("node", status.node());
        json.writeBooleanField("ready", status.ready());
        json.writeBooleanField("inSync", status.inSync());
        strings(json, "inputProblems", status.inputProblems());
        json.writeObjectFieldStart("rules");
        json.writeStringField("mode", status.mode());
        for (Map.Entry<String, Status.Rules> rules : status.rules().entrySet()) {
            json.writeObjectFieldStart(rules.getKey());
            json.writeStringField("intended", rules.getValue().intended());
            json.writeStringField("programmed", rules.getValue().programmed());
            strings(json, "drift", rules.getValue().drift());
            json.writeEndObject();
        }
        json.writeEndObject();
        json.writeObjectFieldStart("routes");
        strings(json, "intended", status.intended());
        strings(json, "waiting", status.waiting());
        strings(json, "announced", status.speaker().announced());
        strings(json, "leaving", status.leaving());
        json.writeEndObject();
        json.writeArrayFieldStart("sessions");
        for (Speaker.Session session : status.speaker().sessions()) {
            json.writeStartObject();
            json.writeStringField("peer", session.peer());
            json.writeBooleanField("established", session.established());
            json.writeStringField("state", session.state());
            json.writeStringField("detail", session.detail());
            json.writeEndObject();
        }
        json.writeEndArray();
        strings(json, "errors", status.errors());
        json.writeEndObject();
    }

    private static void strings(JsonGenerator json, String name, Collection<?> values) throws IOException {
        json.writeArrayFieldStart(name);
        for (Object value : values) {
            json.writeString(value.toString());
        }
        json.writeEndArray();
    }
}
