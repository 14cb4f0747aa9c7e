package dev.bellman.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bellman.document.Node;
import dev.bellman.document.Plain;
import dev.bellman.testing.Manifests;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Equal nodes are held once.
class SharedNodesTest {
    private final SharedNodes shared = new SharedNodes();

    @Test
    void equalNodesAndEqualItemsOfThemAreTheSame() {
        Node one = spec("[{name: web, policies: [shop/web]}, {name: db}]");
        Node other = spec("[{name: web, policies: [shop/web]}, {name: db}]");
        Node longer = spec("[{name: web, policies: [shop/web]}, {name: db}, {name: mail}]");

        assertThat(shared.share(one)).isSameAs(shared.share(other)).isEqualTo(one);
        assertThat(items(shared.share(longer)).subList(0, 2))
                .usingElementComparator((a, b) -> a == b ? 0 : 1)
                .isEqualTo(items(shared.share(one)));
        assertThat(Plain.of(shared.share(longer))).isEqualTo(Plain.of(longer));
    }

    private static List<Node> items(Node spec) {
        return Manifests.observed("{kind: NodePlan, metadata: {uid: u}}")
                .getFirst()
                .root()
                .with("spec", spec)
                .items("spec", "services");
    }

    /// All on one line and in one file, so that places are equal, too.
    private static Node spec(String services) {
        return java.util.Objects.requireNonNull(
                Manifests.observed("{kind: NodePlan, metadata: {uid: u}, spec: {services: " + services + "}}")
                        .getFirst()
                        .root()
                        .get("spec"));
    }
}
