package dev.bellman.schema;

import dev.bellman.diagnostic.Diagnostic;
import dev.bellman.diagnostic.Severity;
import dev.bellman.document.Mapping;
import dev.bellman.document.Rewrite;
import dev.bellman.document.Scalar;
import org.jspecify.annotations.Nullable;

/// Warns of what Kubernetes still takes although something else has its place, where there is one right successor.
///
/// - `trafficDistribution: PreferClose` of a Service is `PreferSameZone`, with the same meaning, since Kubernetes 1.34,
///   the first that knows the new name without a feature gate.
/// - The annotation `service.kubernetes.io/topology-aware-hints` of a Service is `service.kubernetes.io/topology-mode`
///   since Kubernetes 1.27, with the same values.
/// - The label `alpha.service-controller.kubernetes.io/exclude-balancer` of a Node is
///   `node.kubernetes.io/exclude-from-external-load-balancers` since Kubernetes 1.16, and without effect since 1.19.
final class Deprecations {
    private final Findings findings;

    Deprecations(Findings findings) {
        this.findings = findings;
    }

    void check(Mapping object, ResourceKind kind) {
        if (!kind.apiVersion().equals("v1")) {
            return;
        }
        switch (kind.kind()) {
            case "Service" -> {
                trafficDistribution(object);
                key(
                        object,
                        "annotations",
                        "service.kubernetes.io/topology-aware-hints",
                        "service.kubernetes.io/topology-mode",
                        "is deprecated since Kubernetes 1.27");
            }
            case "Node" ->
                key(
                        object,
                        "labels",
                        "alpha.service-controller.kubernetes.io/exclude-balancer",
                        "node.kubernetes.io/exclude-from-external-load-balancers",
                        "is without effect since Kubernetes 1.19");
            default -> {}
        }
    }

    private void trafficDistribution(Mapping object) {
        if (object.at("spec", "trafficDistribution") instanceof Scalar scalar && "PreferClose".equals(scalar.value())) {
            Diagnostic finding = warning(
                    scalar,
                    "`PreferClose` is deprecated since Kubernetes 1.34",
                    "write `PreferSameZone`, which means the same");
            findings.add(finding.withFix(Rewrite.of(scalar, "PreferSameZone")));
        }
    }

    private void key(Mapping object, String map, String old, String successor, String what) {
        Mapping.@Nullable Entry entry =
                object.at("metadata", map) instanceof Mapping mapping ? mapping.entry(old) : null;
        if (entry == null) {
            return;
        }
        String message = "`" + old + "` " + what;
        if (object.at("metadata", map, successor) == null) {
            Diagnostic finding = warning(entry.key(), message, "write `" + successor + "`");
            findings.add(finding.withFix(Rewrite.of(entry.key(), successor)));
        } else {
            findings.add(warning(entry.key(), message, "remove it: `" + successor + "` is there already"));
        }
    }

    private Diagnostic warning(Scalar place, String message, String help) {
        return new Diagnostic("deprecated-field", Severity.WARNING, message, help, place.span(), findings.object());
    }
}
