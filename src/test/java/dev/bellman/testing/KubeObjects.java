package dev.bellman.testing;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bellman.document.Manifest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The objects of an API server, asked without kubectl, which takes a tenth of a second each time.
public final class KubeObjects {
    private static final String BELLMAN = "/apis/bellman.dev/v1alpha1/";

    private static final Map<String, String> PATHS = Map.ofEntries(
            Map.entry("ServiceAdvertisementPolicy", BELLMAN + "%sserviceadvertisementpolicies"),
            Map.entry("AdvertisementClass", BELLMAN + "%sadvertisementclasses"),
            Map.entry("BGPSpeaker", BELLMAN + "%sbgpspeakers"),
            Map.entry("AdvertisementRule", BELLMAN + "%sadvertisementrules"),
            Map.entry("NodePlan", BELLMAN + "%snodeplans"),
            Map.entry("NodePlanSlice", BELLMAN + "%snodeplanslices"),
            Map.entry("Service", "/api/v1/%sservices"),
            Map.entry("Node", "/api/v1/%snodes"),
            Map.entry("Namespace", "/api/v1/%snamespaces"),
            Map.entry("Event", "/api/v1/%sevents"),
            Map.entry("EndpointSlice", "/apis/discovery.k8s.io/v1/%sendpointslices"),
            Map.entry("Lease", "/apis/coordination.k8s.io/v1/%sleases"),
            Map.entry("BGPConfiguration", "/apis/projectcalico.org/v3/%sbgpconfigurations"));

    private final KubeApiServer server;

    public KubeObjects(KubeApiServer server) {
        this.server = server;
    }

    /// Applies objects, on the server's side, as `tester`. What they say of their status is written, too.
    public void apply(String manifests) {
        for (Manifest manifest : Manifests.observed(manifests)) {
            String path = path(manifest.kind(), manifest.namespace(), manifest.name());
            String body = Json.of(manifest.root()).toString();
            check(path, server.send("PATCH", path + "?fieldManager=tester", "application/apply-patch+yaml", body));
            if (manifest.root().get("status") != null) {
                String status = path + "/status";
                check(status, server.send("PATCH", status, "application/merge-patch+json", body));
            }
        }
    }

    /// Merges fields into an object, as an ordinary update of `editor`.
    public void merge(String kind, String namespace, String name, String json) {
        String path = path(kind, namespace, name);
        check(path, server.send("PATCH", path + "?fieldManager=editor", "application/merge-patch+json", json));
    }

    /// Asks for an object to be deleted, which a finalizer may put off. One that is not there is left at that.
    public void delete(String kind, String namespace, String name) {
        String path = path(kind, namespace, name);
        HttpResponse<String> response = server.send("DELETE", path, "application/json", "");
        if (response.statusCode() != 404) {
            check(path, response);
        }
    }

    /// All objects of a kind; none where the kind is not served. Of Events only Bellman's own: the API server tells of
    /// cluster IPs that its repair loop finds not to be allocated yet, whenever it comes around.
    public List<JsonNode> list(String kind) {
        String path = PATHS.get(kind).formatted("");
        HttpResponse<String> response = server.send("GET", path, "application/json", "");
        if (response.statusCode() == 404) {
            return List.of();
        }
        List<JsonNode> items = new ArrayList<>();
        for (JsonNode item : Json.parse(check(path, response)).path("items")) {
            if (!kind.equals("Event") || item.at("/source/component").asText().equals("bellman")) {
                items.add(item);
            }
        }
        return items;
    }

    /// An object, or an empty one where it is not there.
    public JsonNode get(String kind, String namespace, String name) {
        String path = path(kind, namespace, name);
        HttpResponse<String> response = server.send("GET", path, "application/json", "");
        return response.statusCode() == 404 ? Json.parse("{}") : Json.parse(check(path, response));
    }

    /// `Status Reason` of a condition, or empty.
    public static String condition(JsonNode object, String type) {
        for (JsonNode condition : object.at("/status/conditions")) {
            if (condition.path("type").asText().equals(type)) {
                return condition.path("status").asText() + " "
                        + condition.path("reason").asText();
            }
        }
        return "";
    }

    private static String path(String kind, String namespace, String name) {
        return PATHS.get(kind).formatted(namespace.isEmpty() ? "" : "namespaces/" + namespace + "/") + "/" + name;
    }

    private static String check(String path, HttpResponse<String> response) {
        if (response.statusCode() >= 300) {
            throw new IllegalStateException(path + ": " + response.statusCode() + " " + response.body());
        }
        return response.body();
    }
}
