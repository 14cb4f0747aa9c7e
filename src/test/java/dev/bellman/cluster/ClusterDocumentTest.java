package dev.bellman.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bellman.diagnostic.Span;
import dev.bellman.document.Manifest;
import dev.bellman.document.Node;
import dev.bellman.document.Plain;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/// What is kept of an object, and what of it is held once.
class ClusterDocumentTest {
    private final SharedNodes shared = new SharedNodes();
    private final Keys keys = new Keys(Span.ofObject("EndpointSlice"));

    @Test
    void whatSlicesSayAlikeIsHeldOnceAndSaysTheSame() {
        Manifest one = slice("a", "10.48.0.1", "{ready: true, serving: true}");
        Manifest other = slice("b", "10.48.0.2", "{ready: true, serving: true}");
        Manifest unready = slice("c", "10.48.0.3", "{ready: false, serving: true}");

        assertThat(conditions(one)).isSameAs(conditions(other));
        assertThat(one.root().get("ports")).isSameAs(unready.root().get("ports"));
        assertThat(Plain.of(conditions(unready)))
                .isEqualTo(Plain.of(conditions(slice("d", "10.48.0.4", "{ready: false, serving: true}"))))
                .isNotEqualTo(Plain.of(conditions(one)));
        assertThat(one.span().file()).isEqualTo("EndpointSlice shop/a");
        assertThat(one.root().items("endpoints").getFirst().items("addresses"))
                .singleElement()
                .extracting(Node::span)
                .isEqualTo(one.span());
    }

    private static Node conditions(Manifest slice) {
        return Objects.requireNonNull(slice.root().items("endpoints").getFirst().at("conditions"));
    }

    private Manifest slice(String name, String address, String conditions) {
        return ClusterDocument.of(
                Serialization.unmarshal("""
                        apiVersion: discovery.k8s.io/v1
                        kind: EndpointSlice
                        metadata: {name: %s, namespace: shop, uid: u}
                        endpoints: [{addresses: [%s], conditions: %s}]
                        ports: [{name: http, port: 8080, protocol: TCP}]
                        """.formatted(name, address, conditions), GenericKubernetesResource.class),
                ClusterKind.ENDPOINT_SLICE,
                shared,
                keys);
    }
}
