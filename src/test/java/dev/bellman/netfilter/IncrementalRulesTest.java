package dev.bellman.netfilter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bellman.address.Family;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/// One who is asked after each of many changes answers as one who has just begun.
class IncrementalRulesTest {
    private static final String SEED = "20261128";

    @Property(tries = 20, seed = SEED)
    void rulesAreThoseThatAreMadeAtOnce(@ForAll long seed) {
        for (Family family : Family.values()) {
            NodeSettings settings = NodeSettings.of(family, List.of(), List.of());
            Fleet fleet = new Fleet(seed, 12);
            ServicePorts ports = new ServicePorts(family, Fleet.NODE);
            ServiceRules rules = new ServiceRules();
            WantedRules text = new WantedRules();
            SavedRules kernel = SavedRules.NONE;
            for (int step = 0; step < 25; step++) {
                List<ServicePort> now = fleet.ports(ports);
                Wanted wanted = text.next(rules.next(now, settings));

                assertThat(now).isEqualTo(fleet.ports(family));
                assertThat(wanted).isEqualTo(Wanted.of(ServiceRules.of(fleet.ports(family), settings)));
                assertThat(wanted.fingerprint())
                        .isEqualTo(Wanted.of(ServiceRules.of(now, settings)).fingerprint());
                kernel = RulesChange.between(kernel, wanted).after();
                assertThat(own(kernel)).isEqualTo(wanted.chains());
                fleet.change();
            }
        }
    }

    @Property(tries = 20, seed = SEED)
    void nothingNewIsTheSameAnswer(@ForAll long seed) {
        Fleet fleet = new Fleet(seed, 12);
        ServicePorts ports = new ServicePorts(Family.IPV4, Fleet.NODE);

        assertThat(fleet.ports(ports)).isSameAs(fleet.ports(ports));
    }

    @Property(tries = 6, seed = SEED)
    void editsOfALongChainLeadToWhatIsWanted(@ForAll long seed) {
        NodeSettings settings = NodeSettings.of(Family.IPV4, List.of(), List.of());
        Fleet fleet = new Fleet(seed, 250);
        ServicePorts ports = new ServicePorts(Family.IPV4, Fleet.NODE);
        List<String> before = services(Wanted.of(ServiceRules.of(fleet.ports(ports), settings)));
        int edited = 0;
        for (int step = 0; step < 20; step++) {
            fleet.change();
            List<String> after = services(Wanted.of(ServiceRules.of(fleet.ports(ports), settings)));
            List<String> edits = RuleEdits.between(before, after);
            if (edits != null) {
                edited += edits.isEmpty() ? 0 : 1;
                assertThat(carriedOut(before, edits)).isEqualTo(after);
                assertThat(edits).hasSizeLessThan(20);
            }
            before = after;
        }
        // Else this would hold of nothing.
        assertThat(edited).isPositive();
    }

    /// Somebody else's rules may be anything, the same one twice too.
    @Property(tries = 400, seed = SEED)
    void editsOfAnyChainLeadToWhatIsWanted(@ForAll long seed) {
        Random random = new Random(seed);
        List<String> before = new ArrayList<>();
        for (int i = 0; i < 160; i++) {
            before.add("-A C -j R" + (random.nextInt(10) == 0 ? random.nextInt(4) : i + 10));
        }
        List<String> after = new ArrayList<>(before);
        for (int change = random.nextInt(3); change >= 0; change--) {
            int place = random.nextInt(after.size());
            switch (random.nextInt(3)) {
                case 0 -> after.remove(place);
                case 1 -> after.add(place, "-A C -j R" + random.nextInt(200));
                default -> after.set(place, "-A C -j R" + random.nextInt(200));
            }
        }

        List<String> edits = RuleEdits.between(before, after);

        assertThat(edits == null ? after : carriedOut(before, edits)).isEqualTo(after);
    }

    private static List<String> services(Wanted wanted) {
        return wanted.chains().getOrDefault(Table.NAT, Map.of()).getOrDefault("KUBE-SERVICES", List.of());
    }

    private static Map<Table, Map<String, List<String>>> own(SavedRules kernel) {
        Map<Table, Map<String, List<String>>> own = new EnumMap<>(Table.class);
        for (Table table : Table.values()) {
            Map<String, List<String>> chains = new HashMap<>(kernel.of(table));
            chains.keySet().removeIf(chain -> !chain.startsWith("KUBE-"));
            own.put(table, chains);
        }
        return own;
    }

    /// As the manual of iptables says: `-D` takes the first such rule away, `-I` puts one before that of the
    /// number.
    private static List<String> carriedOut(List<String> chain, List<String> edits) {
        List<String> rules = new ArrayList<>(chain);
        for (String edit : edits) {
            if (edit.startsWith("-D ")) {
                assertThat(rules.remove("-A" + edit.substring(2))).as(edit).isTrue();
            } else {
                String[] words = edit.split(" ", 4);
                assertThat(words[0]).isEqualTo("-I");
                rules.add(Integer.parseInt(words[2]) - 1, "-A " + words[1] + " " + words[3]);
            }
        }
        return rules;
    }
}
