package dev.bellman.netfilter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bellman.address.Family;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// What is sent to the kernel: only what differs, and nothing that is somebody else's.
class RulesChangeTest {
    private static final Wanted WANTED = new Wanted(
            Family.IPV4,
            Map.of(Table.NAT, Map.of("KUBE-SVC-A", List.of("-A KUBE-SVC-A -j KUBE-SEP-A"), "KUBE-SERVICES", List.of())),
            Map.of(
                    Table.NAT,
                    Map.of("PREROUTING", List.of("-A PREROUTING -j KUBE-SERVICES", "-A PREROUTING -j KUBE-X"))));

    @Test
    void anEmptyKernelGetsEverything() {
        RulesChange change = RulesChange.between(SavedRules.NONE, WANTED);

        assertThat(change.input().lines())
                .contains(
                        "*nat",
                        ":KUBE-SVC-A - [0:0]",
                        ":KUBE-SERVICES - [0:0]",
                        "-A KUBE-SVC-A -j KUBE-SEP-A",
                        "COMMIT")
                .containsSubsequence("-I PREROUTING -j KUBE-X", "-I PREROUTING -j KUBE-SERVICES");
        assertThat(RulesChange.between(change.after(), WANTED).isEmpty()).isTrue();
    }

    @Test
    void aKernelThatIsAsWantedGetsNothing() {
        SavedRules kernel = SavedRules.parse("""
                *nat
                :PREROUTING ACCEPT [0:0]
                :KUBE-SERVICES - [0:0]
                :KUBE-SVC-A - [0:0]
                -A PREROUTING -j KUBE-SERVICES
                -A PREROUTING -j KUBE-X
                -A PREROUTING -j SOMEBODY-ELSE
                -A KUBE-SVC-A -j KUBE-SEP-A
                COMMIT
                """);

        assertThat(RulesChange.between(kernel, WANTED).input()).isEmpty();
    }

    @Test
    void whatIsTamperedWithIsWrittenAnewAndTheRestIsLeft() {
        SavedRules kernel = SavedRules.parse("""
                *nat
                :KUBE-SERVICES - [0:0]
                :KUBE-SVC-A - [0:0]
                :KUBE-SVC-OLD - [0:0]
                :CALI-A - [0:0]
                -A PREROUTING -j CALI-A
                -A PREROUTING -j KUBE-X
                -A PREROUTING -j KUBE-SERVICES
                -A KUBE-SVC-A -j KUBE-SEP-A
                -A KUBE-SVC-A -j DROP
                COMMIT
                """);

        RulesChange change = RulesChange.between(kernel, WANTED);

        assertThat(change.input()).isEqualTo("""
                *nat
                :KUBE-SVC-A - [0:0]
                :KUBE-SVC-OLD - [0:0]
                -D PREROUTING -j KUBE-X
                -D PREROUTING -j KUBE-SERVICES
                -I PREROUTING -j KUBE-X
                -I PREROUTING -j KUBE-SERVICES
                -A KUBE-SVC-A -j KUBE-SEP-A
                -X KUBE-SVC-OLD
                COMMIT
                """);
        assertThat(change.differences())
                .containsExactlyInAnyOrder(
                        "nat PREROUTING: rules in another order",
                        "nat KUBE-SVC-A: 0 rules missing, 1 not ours",
                        "nat KUBE-SVC-OLD: not wanted");
        assertThat(change.after().of(Table.NAT).get("PREROUTING"))
                .containsExactly(
                        "-A PREROUTING -j KUBE-SERVICES", "-A PREROUTING -j KUBE-X", "-A PREROUTING -j CALI-A");
    }

    @Test
    void kubeProxysCountersAreNoDifference() {
        SavedRules kernel = SavedRules.parse("""
                *filter
                :KUBE-FORWARD - [0:0]
                -A KUBE-FORWARD -m conntrack --ctstate INVALID -m nfacct --nfacct-name  ct_state_invalid_dropped_pkts -j DROP
                COMMIT
                """);

        assertThat(kernel.of(Table.FILTER).get("KUBE-FORWARD"))
                .containsExactly("-A KUBE-FORWARD -m conntrack --ctstate INVALID -j DROP");
    }

    @Test
    void probabilitiesAreThoseThatTheKernelKeeps() {
        assertThat(IptablesText.probability(2)).isEqualTo("0.50000000000");
        assertThat(IptablesText.probability(3)).isEqualTo("0.33333333349");
    }

    @Test
    void chainNamesAreKubeProxys() {
        // Vectors of kube-proxy's own tests, and of the training lab that everybody knows.
        assertThat(ChainNames.of("SVC", "ns1/svc1:p80tcp")).isEqualTo("KUBE-SVC-XPGD46QRK7WJZT7O");
        assertThat(ChainNames.of("SVC", "ns1/svc1:p80sctp")).isEqualTo("KUBE-SVC-GFCIFIA5VTFSTMSM");
        assertThat(ChainNames.of("SVC", "ns1/svc1tcp")).isEqualTo("KUBE-SVC-AQI2S6QIMU7PVVRP");
        assertThat(ChainNames.of("SVC", "default/kubernetes:httpstcp")).isEqualTo("KUBE-SVC-NPX46M4PTMTKRN6Y");
        assertThat(ChainNames.of("SVC", "yaobank/summary:httptcp")).isEqualTo("KUBE-SVC-OIQIZJVJK6E34BR4");
        assertThat(ChainNames.of("SEP", "ns1/svc1:p80tcp10.180.0.1:80")).isEqualTo("KUBE-SEP-SXIVWICOYRO3J4NJ");
    }
}
