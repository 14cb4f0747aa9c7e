package dev.bellman.schema;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bellman.diagnostic.Diagnostic;
import dev.bellman.diagnostic.Fix;
import dev.bellman.diagnostic.Severity;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeprecationsTest {
    private static final String EXCLUDED = "node.kubernetes.io/exclude-from-external-load-balancers";

    @Test
    void warnsOfAValueThatHasAnotherName() {
        assertThat(service("{name: a}", "{ports: [{port: 80}], trafficDistribution: 'PreferClose'}"))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.rule()).isEqualTo("deprecated-field");
                    assertThat(finding.severity()).isEqualTo(Severity.WARNING);
                    assertThat(finding.message()).isEqualTo("`PreferClose` is deprecated since Kubernetes 1.34");
                    assertThat(finding.span().toString()).isEqualTo("a.yaml:4:50");
                    assertThat(finding.fix()).isEqualTo(Fix.replace(finding.span(), "'PreferSameZone'"));
                });
    }

    @Test
    void warnsOfAnAnnotationAtItsKey() {
        assertThat(service(
                        "{name: a, annotations: {service.kubernetes.io/topology-aware-hints: Auto}}",
                        "{ports: [{port: 80}]}"))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.span().toString()).isEqualTo("a.yaml:3:35");
                    assertThat(finding.fix())
                            .isEqualTo(Fix.replace(finding.span(), "service.kubernetes.io/topology-mode"));
                });
    }

    @Test
    void warnsOfALabelThatDoesNothing() {
        assertThat(node("{alpha.service-controller.kubernetes.io/exclude-balancer: 'true'}"))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.message())
                            .isEqualTo("`alpha.service-controller.kubernetes.io/exclude-balancer` is without effect "
                                    + "since Kubernetes 1.19");
                    assertThat(finding.fix()).isEqualTo(Fix.replace(finding.span(), EXCLUDED));
                });
    }

    @Test
    void neverWritesAKeyTwice() {
        assertThat(node("{alpha.service-controller.kubernetes.io/exclude-balancer: 'true', " + EXCLUDED + ": 'true'}"))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.help()).isEqualTo("remove it: `" + EXCLUDED + "` is there already");
                    assertThat(finding.fix()).isNull();
                });
    }

    @Test
    void saysNothingOfTheSuccessors() {
        assertThat(service(
                        "{name: a, annotations: {service.kubernetes.io/topology-mode: Auto}}",
                        "{ports: [{port: 80}], trafficDistribution: PreferSameZone}"))
                .isEmpty();
        assertThat(node("{" + EXCLUDED + ": 'true'}")).isEmpty();
    }

    private static List<Diagnostic> service(String metadata, String spec) {
        return Validation.check(Samples.manifest("""
                apiVersion: v1
                kind: Service
                metadata: %s
                spec: %s
                """.formatted(metadata, spec)));
    }

    private static List<Diagnostic> node(String labels) {
        return Validation.check(Samples.manifest("""
                apiVersion: v1
                kind: Node
                metadata: {name: a, labels: %s}
                """.formatted(labels)));
    }
}
