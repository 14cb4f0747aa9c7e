package dev.bellman.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bellman.testing.AuditLog;
import dev.bellman.testing.AuditLog.Right;
import dev.bellman.testing.Json;
import dev.bellman.testing.KubeApiServer;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/// What service accounts may do, and have done.
///
/// @param namespace of the accounts
record Rights(KubeApiServer server, String namespace) {
    /// What the roles of an account say, right by right.
    SortedSet<Right> granted(String name) {
        SortedSet<Right> granted = new TreeSet<>();
        List<JsonNode> rules = new ArrayList<>();
        for (String kind : List.of("clusterrole", "role")) {
            Json.parse(server.kubectl("get", kind, "-n", namespace, "-o", "json")
                            .stdout())
                    .path("items")
                    .forEach(role -> {
                        if (role.at("/metadata/name").asText().equals(name)) {
                            role.path("rules").forEach(rules::add);
                        }
                    });
        }
        for (JsonNode rule : rules) {
            for (JsonNode group : rule.path("apiGroups")) {
                for (JsonNode resource : rule.path("resources")) {
                    for (JsonNode verb : rule.path("verbs")) {
                        granted.add(new Right(
                                verb.asText(),
                                group.asText() + "/" + resource.asText(),
                                rule.at("/resourceNames/0").asText()));
                    }
                }
            }
        }
        return granted;
    }

    /// What an account has made use of, with names only where its rights have them.
    SortedSet<Right> used(AuditLog audit, String account, SortedSet<Right> granted) {
        SortedSet<Right> used = new TreeSet<>();
        audit.usedBy(account).stream()
                // Everybody may ask what he may.
                .filter(right -> !right.resource().startsWith("authorization.k8s.io/"))
                .forEach(right ->
                        used.add(granted.contains(right) ? right : new Right(right.verb(), right.resource(), "")));
        return used;
    }

    /// Whether an account may do something, as the API server decides it.
    ///
    /// @param what `verb group/resource[/subresource] [namespace [name]]`
    boolean mayDo(String account, String what) {
        String[] words = what.split(" ", -1);
        String[] steps = words[1].split("/", -1);
        JsonNode answer = Json.parse(server.send(
                        "POST", "/apis/authorization.k8s.io/v1/subjectaccessreviews", "application/json", """
                        {"apiVersion": "authorization.k8s.io/v1", "kind": "SubjectAccessReview", "spec": {
                          "user": "%s",
                          "groups": ["system:serviceaccounts", "system:serviceaccounts:%s", "system:authenticated"],
                          "resourceAttributes": {"verb": "%s", "group": "%s", "resource": "%s", "subresource": "%s",
                            "namespace": "%s", "name": "%s"}}}
                        """.formatted(
                                        account,
                                        namespace,
                                        words[0],
                                        steps[0],
                                        steps[1],
                                        steps.length > 2 ? steps[2] : "",
                                        words.length > 2 ? words[2] : "",
                                        words.length > 3 ? words[3] : ""))
                .body());
        assertThat(answer.at("/status").has("allowed")).as(answer.toString()).isTrue();
        return answer.at("/status/allowed").asBoolean();
    }
}
