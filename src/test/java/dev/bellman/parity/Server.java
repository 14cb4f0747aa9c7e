package dev.bellman.parity;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.bellman.diagnostic.SourceText;
import dev.bellman.document.Manifest;
import dev.bellman.document.Mapping;
import dev.bellman.document.Node;
import dev.bellman.schema.Kinds;
import dev.bellman.schema.ResourceKind;
import dev.bellman.testing.KubeApiServer;
import dev.bellman.testing.Kubectl;
import dev.bellman.yaml.Yaml;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// What a real API server says of an object: what `kubectl create --dry-run=server --validate=strict` would,
/// without the process. The server reads the YAML itself, with the same library that kubectl reads it with.
final class Server {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final KubeApiServer server;
    private final Set<String> namespaces = ConcurrentHashMap.newKeySet();

    private Server(KubeApiServer server) {
        this.server = server;
    }

    /// @param message why not, or empty
    /// @param warnings what it has to say besides
    record Verdict(boolean accepted, String message, List<String> warnings) {
        /// What another cluster would answer otherwise: which addresses and ports there are, and which are taken.
        private static final List<String> OF_THE_CLUSTER = List.of(
                "provided IP is not in the valid range",
                "provided IP is already allocated",
                "provided network does not match the current range",
                "provided port is not in the valid range",
                "provided port is already allocated",
                "failed to allocate IP",
                "failed to allocate requested HealthCheck NodePort");

        boolean dependsOnTheCluster() {
            return OF_THE_CLUSTER.stream().anyMatch(message::contains);
        }
    }

    /// The shared server with Bellman's definitions.
    static Server shared() {
        return Shared.INSTANCE;
    }

    /// Another server, with Bellman's definitions.
    static Server of(KubeApiServer server) {
        server.serve(Path.of("crds"));
        return new Server(server);
    }

    private static final class Shared {
        static final Server INSTANCE = of(KubeApiServer.shared());
    }

    Verdict judge(String yaml) {
        Manifest manifest = manifest(yaml);
        ResourceKind kind = manifest == null ? null : Kinds.builtIn().find(manifest.apiVersion(), manifest.kind());
        if (manifest == null || kind == null) {
            return byKubectl(yaml);
        }
        String path = path(manifest, kind);
        Verdict verdict = create(path, "&dryRun=All", yaml);
        if (verdict.accepted() && yaml.contains("nodePort")) {
            // A dry run does not look whether a port can be had.
            verdict = create(path, "", yaml);
            if (verdict.accepted()) {
                server.send("DELETE", path + "/" + encoded(manifest.name()), "application/json", "");
            }
        }
        return verdict;
    }

    /// Where objects of the manifest's kind and namespace are.
    private String path(Manifest manifest, ResourceKind kind) {
        String path = (manifest.group().isEmpty() ? "/api/" : "/apis/") + manifest.apiVersion();
        if (kind.namespaced()) {
            String namespace = manifest.namespace().isEmpty() ? "default" : manifest.namespace();
            path += "/namespaces/" + existing(namespace);
        }
        return path + "/" + plural(manifest.kind());
    }

    private Verdict create(String path, String query, String yaml) {
        HttpResponse<String> response =
                server.send("POST", path + "?fieldValidation=Strict" + query, "application/yaml", yaml);
        if (response.statusCode() == 201) {
            return new Verdict(true, "", warnings(response));
        }
        Verdict refusal = new Verdict(false, message(response.body()), warnings(response));
        return switch (response.statusCode()) {
            // kubectl sends JSON, in which a key that was there twice is there once.
            case 400 -> refusal.message().contains("already set in map") ? byKubectl(yaml) : refusal;
            // 404: the namespace cannot even exist. 403: what admission has against it.
            case 403, 404, 422 -> refusal;
            default -> {
                if (!refusal.dependsOnTheCluster()) {
                    throw new IllegalStateException(response.statusCode() + " " + response.body());
                }
                yield refusal;
            }
        };
    }

    /// The program itself, for texts of which a request cannot be made: slow, but there are few.
    private Verdict byKubectl(String yaml) {
        try {
            Path file = Files.createTempFile("bellman-parity-", ".yaml");
            try {
                Files.writeString(file, yaml);
                Kubectl.Result result =
                        server.kubectl("create", "--dry-run=server", "--validate=strict", "-f", file.toString());
                return new Verdict(result.exitCode() == 0, result.stderr(), List.of());
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String existing(String namespace) {
        if (namespaces.add(namespace)) {
            // Refused where it is there already, and where it is misspelt, which is then the verdict.
            server.send(
                    "POST",
                    "/api/v1/namespaces",
                    "application/json",
                    JSON.createObjectNode()
                            .put("apiVersion", "v1")
                            .put("kind", "Namespace")
                            .set("metadata", JSON.createObjectNode().put("name", namespace))
                            .toString());
        }
        return encoded(namespace);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static @Nullable Manifest manifest(String yaml) {
        List<Node> documents = Yaml.parse(new SourceText("object.yaml", yaml)).documents();
        return documents.size() == 1 && documents.getFirst() instanceof Mapping root ? Manifest.of(root, false) : null;
    }

    /// A kind's name in a request's path.
    static String plural(String kind) {
        String name = kind.toLowerCase(Locale.ROOT);
        if (name.endsWith("y")) {
            return name.substring(0, name.length() - 1) + "ies";
        }
        return name.endsWith("s") ? name + "es" : name + "s";
    }

    private static List<String> warnings(HttpResponse<String> response) {
        return response.headers().allValues("Warning");
    }

    private static String message(String status) {
        try {
            return JSON.readTree(status).path("message").asText();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(status, e);
        }
    }
}
