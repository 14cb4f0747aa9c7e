package dev.bellman.cli;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.bellman.cluster.ClusterKind;
import dev.bellman.cluster.ClusterWatch;
import dev.bellman.diagnostic.SourceText;
import dev.bellman.document.Manifest;
import dev.bellman.document.Mapping;
import dev.bellman.document.Node;
import dev.bellman.document.Scalar;
import dev.bellman.document.Sequence;
import dev.bellman.model.ClusterNode;
import dev.bellman.model.EndpointSlice;
import dev.bellman.model.ModelReader;
import dev.bellman.model.Service;
import dev.bellman.plan.NodePlanReader;
import dev.bellman.plan.NodeState;
import dev.bellman.yaml.Yaml;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The objects that an agent last went by, kept on disk as a List: for a start without an API server.
final class LastState {
    private static final JsonFactory JSON = new JsonFactory();

    private final Path file;

    LastState(Path runDir) {
        this.file = runDir.resolve("last-state.json");
    }

    /// @param plan with all its services, so that it is whole without its slices
    void write(ClusterWatch watch, Manifest plan, Manifest self) throws IOException {
        Path draft = file.resolveSibling(file.getFileName() + ".new");
        try (JsonGenerator json = JSON.createGenerator(draft.toFile(), JsonEncoding.UTF8)) {
            json.writeStartObject();
            json.writeStringField("apiVersion", "v1");
            json.writeStringField("kind", "List");
            json.writeArrayFieldStart("items");
            // These may be gone from the cluster, and are still gone by.
            write(json, plan.root());
            write(json, self.root());
            for (ClusterKind kind : List.of(ClusterKind.SERVICE, ClusterKind.ENDPOINT_SLICE)) {
                for (Manifest manifest : watch.manifests(kind)) {
                    write(json, manifest.root());
                }
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static void write(JsonGenerator json, Node node) throws IOException {
        switch (node) {
            case Mapping mapping -> {
                json.writeStartObject();
                for (Mapping.Entry entry : mapping.entries()) {
                    json.writeFieldName(entry.name());
                    write(json, entry.value());
                }
                json.writeEndObject();
            }
            case Sequence sequence -> {
                json.writeStartArray();
                for (Node item : sequence.items()) {
                    write(json, item);
                }
                json.writeEndArray();
            }
            case Scalar scalar -> {
                switch (scalar.value()) {
                    case String text -> json.writeString(text);
                    case Long number -> json.writeNumber(number);
                    case Double number -> json.writeNumber(number);
                    case Boolean bool -> json.writeBoolean(bool);
                    case null, default -> json.writeNull();
                }
            }
        }
    }

    /// @param plan the NodePlan of the state
    record Kept(NodeState state, Manifest plan) {}

    /// What was written last, or null if there is nothing that could be carried out.
    @Nullable
    Kept read(String node) {
        if (!Files.exists(file)) {
            return null;
        }
        List<Service> services = new ArrayList<>();
        List<EndpointSlice> slices = new ArrayList<>();
        Manifest plan = null;
        ClusterNode self = null;
        for (Manifest manifest : manifests()) {
            switch (manifest.kind()) {
                case "Service" -> services.add(ModelReader.service(manifest));
                case "EndpointSlice" -> {
                    EndpointSlice slice = ModelReader.slice(manifest);
                    if (slice != null) {
                        slices.add(slice);
                    }
                }
                case "NodePlan" -> plan = manifest.name().equals(node) ? manifest : plan;
                case "Node" -> self = manifest.name().equals(node) ? ModelReader.node(manifest) : self;
                default -> {}
            }
        }
        return plan == null || self == null
                ? null
                : new Kept(
                        new NodeState(NodePlanReader.read(plan), self, services, slices, Map.of(), version(plan)),
                        plan);
    }

    static NodeState.Version version(Manifest plan) {
        String hash = plan.root().text("spec", "hash");
        return new NodeState.Version(hash == null ? "" : hash, plan.generation());
    }

    private List<Manifest> manifests() {
        try {
            List<Manifest> found = new ArrayList<>();
            for (Node document : Yaml.parse(new SourceText(file.toString(), Files.readString(file)))
                    .documents()) {
                if (document.at("items") instanceof Sequence items) {
                    items.items().stream()
                            .filter(Mapping.class::isInstance)
                            .forEach(item -> found.add(Manifest.of((Mapping) item, true)));
                }
            }
            return found;
        } catch (IOException e) {
            return List.of();
        }
    }
}
