package dev.bellman.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.bellman.document.Mapping;
import dev.bellman.document.Node;
import dev.bellman.document.Scalar;
import dev.bellman.document.Sequence;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/// Documents as JSON, to compare them with what another reader made of the same text.
public final class Json {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private Json() {}

    public static JsonNode of(Node node) {
        return switch (node) {
            case Mapping mapping -> {
                ObjectNode object = NODES.objectNode();
                mapping.entries().forEach(entry -> object.set(entry.name(), of(entry.value())));
                yield object;
            }
            case Sequence sequence -> {
                ArrayNode array = NODES.arrayNode();
                sequence.items().forEach(item -> array.add(of(item)));
                yield array;
            }
            case Scalar scalar ->
                switch (scalar.value()) {
                    case String text -> NODES.textNode(text);
                    case Long number -> NODES.numberNode(number);
                    case Double number -> NODES.numberNode(number);
                    case Boolean bool -> NODES.booleanNode(bool);
                    case null, default -> NODES.nullNode();
                };
        };
    }

    public static JsonNode parse(String text) {
        try {
            return normal(MAPPER.readTree(text));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// One value after another.
    public static List<JsonNode> parseAll(String text) {
        List<JsonNode> all = new ArrayList<>();
        try (var values = MAPPER.readerFor(JsonNode.class).<JsonNode>readValues(text)) {
            values.forEachRemaining(value -> all.add(normal(value)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return all;
    }

    /// Without nulls in objects, which the API server drops, and with whole numbers as long as they fit.
    private static JsonNode normal(JsonNode node) {
        if (node.isObject()) {
            ObjectNode object = NODES.objectNode();
            node.properties().stream()
                    .filter(field -> !field.getValue().isNull())
                    .forEach(field -> object.set(field.getKey(), normal(field.getValue())));
            return object;
        }
        if (node.isArray()) {
            ArrayNode array = NODES.arrayNode();
            node.forEach(item -> array.add(normal(item)));
            return array;
        }
        if (node.isNumber()) {
            boolean whole = node.isIntegralNumber() && node.canConvertToLong();
            return whole ? NODES.numberNode(node.longValue()) : NODES.numberNode(node.doubleValue());
        }
        return node;
    }
}
