package dev.bellman.chart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bellman.testing.Helm;
import dev.bellman.testing.KubeApiServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The chart on the oldest Kubernetes that it says it is for, as far as the API server of today can be that one: it
/// evaluates by the functions of CEL that were there then. It can go three minor versions back.
class OldestKubernetesIT {
    private static final String OLDEST = "1.32";
    private static final String POLICIES =
            "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies?dryRun=All";
    private static final String LATER = """
            apiVersion: admissionregistration.k8s.io/v1
            kind: ValidatingAdmissionPolicy
            metadata: {name: later}
            spec:
              matchConstraints:
                resourceRules:
                - {apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [configmaps]}
              validations:
              - expression: "[2, 1].sort() == [1, 2]"
            """;

    @Test
    void takesDefinitionsAndPolicies(@TempDir Path folder) throws IOException {
        assertThat(Files.readString(Path.of("helm/bellman/Chart.yaml")))
                .contains("kubeVersion: \">=" + OLDEST + ".0-0\"");
        assertThat(Files.readString(Path.of("helm/bellman/README.md"))).contains("Kubernetes " + OLDEST + " or newer");

        try (KubeApiServer server = KubeApiServer.start("--emulated-version=" + OLDEST)) {
            Helm helm = Helm.at(server, folder);
            helm.run("install", "bellman", "helm/bellman", "--namespace", "bellman-system", "--create-namespace")
                    .output();

            assertThat(server.kubectl("get", "validatingadmissionpolicies", "-o", "name")
                            .stdout())
                    .contains("/bellman-agent-own-plan", "/bgp-configuration-unmasked-cidr.bellman.dev");
            // Written for a function that came later, so that this server is known not to have it.
            assertThat(server.send("POST", POLICIES, "application/yaml", LATER).body())
                    .contains("undeclared reference to 'sort'");
        }
    }
}
