package dev.bellman.gitops;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bellman.testing.Shell;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// A health check as Argo CD runs it: Lua 5.1 with the global `obj`, and of the libraries only the language's own and
/// `table`.
final class HealthScript {
    private static final String HARNESS = """
            local script = assert(loadfile(arg[1]))
            local show = print
            obj = %s
            getmetatable("").__index = nil
            for _, library in ipairs({"string", "math", "io", "os", "debug", "coroutine", "print"}) do
              _G[library] = nil
            end
            local health = script()
            show(health.status)
            show(health.message)
            """;

    private HealthScript() {}

    /// @param status one of Argo CD's: Healthy, Progressing, Degraded, Suspended
    record Health(String status, String message) {
        @Override
        public String toString() {
            return status + " " + message;
        }
    }

    static Health of(Path script, JsonNode object) {
        try {
            Path program = Files.createTempFile("bellman-health-", ".lua");
            try {
                Files.writeString(program, HARNESS.formatted(lua(object)));
                List<String> lines = Shell.run(Map.of(), List.of("lua5.1", program.toString(), script.toString()))
                        .output()
                        .lines()
                        .toList();
                return new Health(lines.getFirst(), String.join("\n", lines.subList(1, lines.size())));
            } finally {
                Files.delete(program);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// A value in Lua's own spelling: lists count from 1, and null is nothing.
    private static String lua(JsonNode value) {
        return switch (value.getNodeType()) {
            case OBJECT ->
                value.properties().stream()
                        .map(field -> "[" + text(field.getKey()) + "]=" + lua(field.getValue()))
                        .collect(Collectors.joining(",", "{", "}"));
            case ARRAY -> value.valueStream().map(HealthScript::lua).collect(Collectors.joining(",", "{", "}"));
            case STRING -> text(value.asText());
            case NUMBER, BOOLEAN -> value.asText();
            case NULL, MISSING -> "nil";
            case BINARY, POJO -> throw new IllegalArgumentException(value.toString());
        };
    }

    private static String text(String text) {
        return "\""
                + text.replace("\\", "\\\\")
                        .replace("\"", "\\\"")
                        .replace("\n", "\\n")
                        .replace("\r", "\\r") + "\"";
    }
}
