package dev.bellman.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bellman.diagnostic.SourceText;
import dev.bellman.diagnostic.Span;
import dev.bellman.document.Manifest;
import dev.bellman.document.Mapping;
import dev.bellman.plan.Cause;
import dev.bellman.plan.NodePlan;
import dev.bellman.plan.NodePlanReader;
import dev.bellman.plan.PlannedPeer;
import dev.bellman.plan.PlannedPrefix;
import dev.bellman.plan.PlannedService;
import dev.bellman.report.PlanObjects;
import dev.bellman.report.YamlText;
import dev.bellman.yaml.Yaml;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/// What the operator writes, an agent reads.
class NodePlanReaderTest {
    private static final Cause NOBODY = new Cause(Span.ofObject(""), null);

    @Property(tries = 300, seed = World.SEED)
    void aPlanThatIsWrittenAndReadBackIsTheSame(@ForAll long seed) {
        for (NodePlan plan : World.of(seed).compile().plan().nodePlans()) {
            String text = YamlText.of(PlanObjects.nodePlan(plan));
            Mapping root = (Mapping)
                    Yaml.parse(new SourceText("plan", text)).documents().getFirst();

            NodePlan read = NodePlanReader.read(Manifest.of(root, true));

            // Places are told in words, for people.
            assertThat(withoutPlaces(read)).isEqualTo(withoutPlaces(plan));
            assertThat(read.services())
                    .allSatisfy(
                            service -> assertThat(service.cause().toString()).isNotEmpty());
        }
    }

    private static NodePlan withoutPlaces(NodePlan plan) {
        return new NodePlan(
                plan.node(),
                plan.dataplane(),
                plan.prefixes().stream()
                        .map(one -> new PlannedPrefix(
                                one.cidr(), one.kind(), one.className(), one.backend(), one.attributes(), NOBODY))
                        .toList(),
                plan.services().stream()
                        .map(one -> new PlannedService(
                                one.namespace(),
                                one.name(),
                                one.className(),
                                one.backend(),
                                one.trafficPolicy(),
                                one.announceWhen(),
                                one.addresses(),
                                one.attributes(),
                                one.policies(),
                                one.collateral(),
                                NOBODY))
                        .toList(),
                plan.peers().stream()
                        .map(one -> new PlannedPeer(one.speaker(), one.localAsn(), one.peer(), NOBODY))
                        .toList());
    }
}
