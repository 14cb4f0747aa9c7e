package dev.bellman.netfilter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bellman.address.Family;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Whether a kernel delivers to some ports is told by what belongs to them, and by nothing else.
class DeliveryTest {
    private static final NodeSettings SETTINGS = NodeSettings.of(Family.IPV4, List.of(), List.of());

    private final List<ServicePort> ports = new Fleet(1, 12)
            .ports(Family.IPV4).stream().filter(ServicePort::hasReadyEndpoint).toList();
    private final ServicePort port = ports.getFirst();
    private final SavedRules kernel = kernelOf(ports);

    @Test
    void aKernelThatHoldsTheRulesOfAllDeliversToEach() {
        assertThat(ports).hasSizeGreaterThan(2).allMatch(one -> isIn(kernel, one));
        assertThat(Delivery.isIn(kernel, ports, SETTINGS)).isTrue();
    }

    @Test
    void aKernelThatKnowsNothingOfAPortDoesNotDeliverToIt() {
        assertThat(isIn(SavedRules.NONE, port)).isFalse();
        SavedRules ofOthers = kernelOf(ports.subList(1, ports.size()));
        assertThat(isIn(ofOthers, port)).isFalse();
        assertThat(isIn(ofOthers, ports.get(1))).isTrue();
        assertThat(Delivery.isIn(ofOthers, ports, SETTINGS)).isFalse();
    }

    @Test
    void eachOfItsChainsHasToBeAsItShould() {
        List<String> own = PortRules.of(port, SETTINGS, false).chains.stream()
                .map(Chain::name)
                .toList();

        assertThat(own).isNotEmpty().allSatisfy(chain -> {
            assertThat(isIn(with(chain, List.of("-A " + chain + " -j RETURN")), port))
                    .isFalse();
            assertThat(isIn(with(chain, List.of("-A " + chain + " -j RETURN")), ports.get(1)))
                    .isTrue();
        });
    }

    @Test
    void whatLeadsIntoItsChainsHasToBeThereAmongOthers() {
        List<String> services = new ArrayList<>(kernel.of(Table.NAT).getOrDefault(FixedRules.SERVICES, List.of()));
        services.addFirst("-A KUBE-SERVICES -d 203.0.113.1/32 -j RETURN");
        assertThat(isIn(with(FixedRules.SERVICES, services), port)).isTrue();

        services.removeIf(line -> line.contains(" -d " + port.clusterIp() + "/32 "));
        assertThat(isIn(with(FixedRules.SERVICES, services), port)).isFalse();
        assertThat(isIn(with(FixedRules.SERVICES, services), ports.get(1))).isTrue();
    }

    private static boolean isIn(SavedRules kernel, ServicePort port) {
        return Delivery.isIn(kernel, List.of(port), SETTINGS);
    }

    private static SavedRules kernelOf(List<ServicePort> ports) {
        return RulesChange.between(SavedRules.NONE, Wanted.of(ServiceRules.of(ports, SETTINGS)))
                .after();
    }

    private SavedRules with(String chain, List<String> lines) {
        Map<Table, Map<String, List<String>>> tables = new EnumMap<>(Table.class);
        tables.putAll(kernel.chains());
        Map<String, List<String>> chains = new HashMap<>(kernel.of(Table.NAT));
        chains.put(chain, lines);
        tables.put(Table.NAT, chains);
        return new SavedRules(tables);
    }
}
