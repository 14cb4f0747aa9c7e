package dev.bellman.compile;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.bellman.address.Cidr;
import dev.bellman.bird.Announced;
import dev.bellman.bird.BirdConfig;
import dev.bellman.model.AdvertisementClass.Backend;
import dev.bellman.model.ClusterNode;
import dev.bellman.model.Model;
import dev.bellman.plan.NodePlan;
import dev.bellman.plan.NodeState;
import dev.bellman.plan.Prediction.NodeRoutes;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Test;

/// What a node computes for itself is what the compiler predicts for it.
class AnnouncedPropertiesTest {
    @Test
    void nodesOfTheWorldsAnnounceSomething() {
        int prefixes = 0;
        int hosts = 0;
        for (long seed = 0; seed < 300; seed++) {
            Engine.Result result = bird(World.of(seed)).compile();
            for (NodePlan plan : result.plan().nodePlans()) {
                for (Cidr prefix : Announced.of(state(result, plan)).keySet()) {
                    if (prefix.single()) {
                        hosts++;
                    } else {
                        prefixes++;
                    }
                }
            }
        }

        assertThat(prefixes).isGreaterThan(100);
        assertThat(hosts).isGreaterThan(100);
    }

    @Property(tries = 500, seed = World.SEED)
    void nodesAnnounceWhatIsPredicted(@ForAll long seed) {
        assertAgreement(bird(World.of(seed)).compile());
    }

    @Property(tries = 300, seed = World.SEED)
    void alsoWhereSomethingIsWrong(@ForAll long seed) {
        assertAgreement(bird(World.of(seed).spoiled(new Random(seed))).compile());
    }

    @Property(tries = 300, seed = World.SEED)
    void nothingIsAnnouncedThatTheFilterWouldHoldBack(@ForAll long seed) {
        Engine.Result result = bird(World.of(seed)).compile();

        for (NodePlan plan : result.plan().nodePlans()) {
            NodeState state = state(result, plan);
            BirdConfig config = BirdConfig.of(state, Announced.of(state), _ -> null);
            String planned = config.main().replaceAll("(?s).*(define planned_ipv4.*?attribute).*", "$1");
            assertThat(planned.lines().filter(line -> line.startsWith("  ")).map(line -> line.replaceAll("[ ,]", "")))
                    .containsAll(Announced.of(state).keySet().stream()
                            .map(Cidr::toString)
                            .toList());
        }
    }

    /// An error somewhere holds a plan back, but never the label that takes a node out.
    @Property(tries = 300, seed = World.SEED)
    void anExcludedNodeAnnouncesNothingEvenByAnOlderPlan(@ForAll long seed) {
        Engine.Result result = bird(World.of(seed)).compile();

        for (NodePlan plan : result.plan().nodePlans()) {
            NodeState before = state(result, plan);
            ClusterNode node = before.node();
            ClusterNode excluded = new ClusterNode(
                    node.name(),
                    Map.of(ClusterNode.EXCLUDE_LABEL, ""),
                    node.internalIps(),
                    node.podCidrs(),
                    node.span());
            assertThat(Announced.of(new NodeState(plan, excluded, before.services(), before.slices(), Map.of())))
                    .isEmpty();
        }
    }

    private static void assertAgreement(Engine.Result result) {
        for (NodePlan plan : result.plan().nodePlans()) {
            NodeRoutes predicted = result.plan().prediction().nodes().stream()
                    .filter(node -> node.node().equals(plan.node()))
                    .findFirst()
                    .orElseThrow();
            assertThat(Announced.of(state(result, plan)).entrySet())
                    .as(plan.node())
                    .extracting(Map.Entry::getKey, Map.Entry::getValue)
                    .containsExactlyElementsOf(predicted.announcements().stream()
                            .map(one -> Tuple.tuple(one.prefix(), one.attributes()))
                            .toList());
        }
    }

    /// The prediction does not say which backend a route is of, so all are Bellman's own; and without plain
    /// BGPConfiguration, nothing of Calico's is left.
    private static World bird(World world) {
        return world.where(thing -> !thing.kind().equals("BGPConfiguration")).with(object -> {
            if (object.path("kind").asText().equals("AdvertisementClass")
                    && object.path("spec") instanceof ObjectNode spec) {
                spec.put("backend", Backend.BIRD.word());
            }
            return object;
        });
    }

    private static NodeState state(Engine.Result result, NodePlan plan) {
        Model model = result.model();
        ClusterNode node = model.nodes().stream()
                .filter(one -> one.name().equals(plan.node()))
                .findFirst()
                .orElseThrow();
        return new NodeState(plan, node, model.services(), model.slices(), Map.of());
    }
}
