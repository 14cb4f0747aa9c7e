package dev.bellman.parity;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.bellman.testing.KubeApiServer;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// What `docs/cel.md` promises: an expression that passes here can be used in a ValidatingAdmissionPolicy. A real API
/// server evaluates every line of the page, and finds it true.
class CelPageParityTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern BLOCK = Pattern.compile("```cel\n(.*?)```\n", Pattern.DOTALL);
    private static final String POLICIES = "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies";
    private static final String NAMESPACE = "cel-page";
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final KubeApiServer server = KubeApiServer.shared();

    @Test
    void everyExpressionIsTrueInAnAdmissionPolicy() throws IOException {
        List<String> expressions = BLOCK.matcher(Files.readString(Path.of("docs/cel.md")))
                .results()
                .map((MatchResult block) -> block.group(1))
                .flatMap(String::lines)
                .toList();
        assertThat(expressions).hasSizeGreaterThan(30);
        send("/api/v1/namespaces", JSON.createObjectNode().set("metadata", named(NAMESPACE)));
        HttpResponse<String> kept = send(POLICIES, policy(expressions));
        assertThat(kept.statusCode()).as(kept.body()).isEqualTo(201);
        assertThat(send(POLICIES.replace("policies", "policybindings"), binding())
                        .statusCode())
                .isEqualTo(201);

        // The policy is in force as soon as it refuses what it should.
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (create(service("shop")).statusCode() != 422) {
            assertThat(System.nanoTime()).isLessThan(deadline);
        }
        HttpResponse<String> verdict = create(service("bank"));
        assertThat(verdict.statusCode()).as(verdict.body()).isEqualTo(201);
    }

    /// Refuses where an expression is false, and also where it has no answer.
    private static ObjectNode policy(List<String> expressions) {
        ObjectNode policy = JSON.createObjectNode();
        policy.set("metadata", named(NAMESPACE));
        ObjectNode spec = policy.putObject("spec").put("failurePolicy", "Fail");
        ObjectNode rule =
                spec.putObject("matchConstraints").putArray("resourceRules").addObject();
        rule.putArray("apiGroups").add("");
        rule.putArray("apiVersions").add("v1");
        rule.putArray("operations").add("CREATE");
        rule.putArray("resources").add("services");
        ArrayNode validations = spec.putArray("validations");
        validations.addObject().put("expression", "object.metadata.labels.team == 'bank'");
        expressions.forEach(expression ->
                validations.addObject().put("expression", expression).put("message", "false: " + expression));
        return policy;
    }

    private static ObjectNode binding() {
        ObjectNode binding = JSON.createObjectNode();
        binding.set("metadata", named(NAMESPACE));
        ObjectNode spec = binding.putObject("spec").put("policyName", NAMESPACE);
        spec.putArray("validationActions").add("Deny");
        spec.putObject("matchResources")
                .putObject("namespaceSelector")
                .putObject("matchLabels")
                .put("kubernetes.io/metadata.name", NAMESPACE);
        return binding;
    }

    /// The Service that the page's expressions speak of.
    private static ObjectNode service(String team) {
        ObjectNode service = JSON.createObjectNode();
        service.set("metadata", named("customer"));
        ((ObjectNode) service.get("metadata")).putObject("labels").put("team", team);
        ObjectNode spec = service.putObject("spec").put("type", "NodePort");
        ArrayNode ports = spec.putArray("ports");
        ports.addObject().put("name", "http").put("port", 80);
        ports.addObject().put("name", "https").put("port", 443);
        return service;
    }

    private static ObjectNode named(String name) {
        return JSON.createObjectNode().put("name", name);
    }

    private HttpResponse<String> create(ObjectNode service) {
        return send("/api/v1/namespaces/" + NAMESPACE + "/services?dryRun=All", service);
    }

    private HttpResponse<String> send(String path, Object body) {
        return server.send("POST", path, "application/json", body.toString());
    }
}
