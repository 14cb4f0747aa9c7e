package dev.bellman.testing;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/// What an API server was asked, as it writes down itself.
public final class AuditLog {
    private final Path policy;
    private final Path log;

    private AuditLog(Path policy, Path log) {
        this.policy = policy;
        this.log = log;
    }

    public static AuditLog in(Path folder) throws IOException {
        Path policy = Files.writeString(folder.resolve("audit-policy.yaml"), """
                apiVersion: audit.k8s.io/v1
                kind: Policy
                # A watch is told of when it begins, everything else when it is over.
                rules:
                - {level: Metadata, userGroups: [system:serviceaccounts], verbs: [watch], omitStages: [RequestReceived]}
                - {level: Metadata, userGroups: [system:serviceaccounts], omitStages: [RequestReceived, ResponseStarted]}
                - {level: None}
                """);
        return new AuditLog(policy, folder.resolve("audit.log"));
    }

    /// What tells a [KubeApiServer] to write it.
    public String[] flags() {
        return new String[] {"--audit-policy-file=" + policy, "--audit-log-path=" + log, "--audit-log-mode=blocking"};
    }

    /// The rights that an account has made use of: `verb group/resource/subresource`, with ` of NAME` where the object
    /// was named. An apply that made its object took two.
    public SortedSet<Right> usedBy(String account) {
        SortedSet<Right> used = new TreeSet<>();
        requests(account).filter(request -> request.has("objectRef")).forEach(request -> {
            Right right = right(request);
            used.add(right);
            if (right.verb().equals("patch")
                    && request.at("/responseStatus/code").asInt() == 201) {
                used.add(new Right("create", right.resource(), right.name()));
            }
        });
        return used;
    }

    /// What an account was refused for want of a right.
    public List<String> refusedTo(String account) {
        return requests(account)
                .filter(request -> request.path("annotations")
                        .path("authorization.k8s.io/decision")
                        .asText()
                        .equals("forbid"))
                .map(request -> request.path("verb").asText() + " "
                        + request.path("requestURI").asText())
                .distinct()
                .toList();
    }

    private static Right right(JsonNode request) {
        JsonNode object = request.path("objectRef");
        String subresource = object.path("subresource").asText();
        return new Right(
                request.path("verb").asText(),
                object.path("apiGroup").asText() + "/" + object.path("resource").asText()
                        + (subresource.isEmpty() ? "" : "/" + subresource),
                object.path("name").asText());
    }

    private Stream<JsonNode> requests(String account) {
        try {
            return Json.parseAll(Files.readString(log)).stream()
                    .filter(request ->
                            request.path("user").path("username").asText().equals(account));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// @param name of the object, or empty
    public record Right(String verb, String resource, String name) implements Comparable<Right> {
        @Override
        public int compareTo(Right other) {
            return toString().compareTo(other.toString());
        }

        @Override
        public String toString() {
            return verb + " " + resource + (name.isEmpty() ? "" : " of " + name);
        }
    }
}
