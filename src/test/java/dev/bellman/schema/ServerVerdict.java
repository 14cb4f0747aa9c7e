package dev.bellman.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.bellman.document.Manifest;
import dev.bellman.document.Mapping;
import dev.bellman.document.Node;
import dev.bellman.document.Scalar;
import dev.bellman.document.Sequence;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;

/// What a real API server says of an object: the request that `kubectl create --dry-run=server --validate=strict`
/// sends, without the process.
///
/// @param accepted whether the server would take the object
/// @param message why not
record ServerVerdict(boolean accepted, String message) {
    private static final ObjectMapper JSON = new ObjectMapper();

    static ServerVerdict of(
            Manifest manifest, String plural, boolean namespaced, URI server, HttpClient client, String token)
            throws IOException, InterruptedException {
        String group = manifest.apiVersion().contains("/") ? "apis/" : "api/";
        String namespace = manifest.namespace().isEmpty() ? "default" : manifest.namespace();
        String path =
                group + manifest.apiVersion() + (namespaced ? "/namespaces/" + encoded(namespace) : "") + "/" + plural;
        HttpRequest request = HttpRequest.newBuilder(server.resolve("/" + path + "?dryRun=All&fieldValidation=Strict"))
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json(manifest.root()).toString()))
                .build();
        var response = client.send(request, BodyHandlers.ofString());
        String message = JSON.readTree(response.body()).path("message").asText();
        return switch (response.statusCode()) {
            case 200, 201 -> new ServerVerdict(true, "");
            // 404: the namespace, which is misspelt where a test spoils it.
            case 400, 404, 422 -> new ServerVerdict(false, message);
            default -> throw new IOException(response.statusCode() + " " + response.body());
        };
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    static JsonNode json(Node node) {
        JsonNodeFactory json = JsonNodeFactory.instance;
        return switch (node) {
            case Mapping mapping -> {
                ObjectNode object = json.objectNode();
                mapping.entries().forEach(entry -> object.set(entry.name(), json(entry.value())));
                yield object;
            }
            case Sequence sequence -> {
                ArrayNode array = json.arrayNode();
                sequence.items().forEach(item -> array.add(json(item)));
                yield array;
            }
            case Scalar scalar ->
                switch (scalar.value()) {
                    case String text -> json.textNode(text);
                    case Long whole -> json.numberNode(whole);
                    case Double real -> json.numberNode(real);
                    case Boolean flag -> json.booleanNode(flag);
                    case null, default -> json.nullNode();
                };
        };
    }
}
