package dev.bellman.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bellman.address.Family;
import dev.bellman.netfilter.Fleet;
import dev.bellman.netfilter.NodeSettings;
import dev.bellman.netfilter.SavedRules;
import dev.bellman.netfilter.ServicePort;
import dev.bellman.netfilter.ServicePorts;
import dev.bellman.netfilter.ServiceRules;
import dev.bellman.netfilter.Wanted;
import dev.bellman.testing.NodeAndRouter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A real kernel with so many Services that the chains which they share are edited rather than written anew.
class RulesKeeperIT {
    private static final NodeSettings SETTINGS = NodeSettings.of(Family.IPV4, List.of(), List.of());

    private final Fleet fleet = new Fleet(1, 250);
    private final ServicePorts ports = new ServicePorts(Family.IPV4, Fleet.NODE);
    private NodeAndRouter network;
    private Iptables kernel;
    private RulesKeeper keeper;

    @BeforeEach
    void start(@TempDir Path folder) throws IOException {
        network = NodeAndRouter.start(folder);
        kernel = new Iptables(network.onNode());
        keeper = new RulesKeeper(kernel, Family.IPV4);
    }

    @AfterEach
    void stop() {
        kernel.close();
        network.close();
    }

    /// The program that takes the changes is another after each refusal; what it knew of the kernel is not believed.
    @Test
    void aRefusedChangeHasNoEffectAndTheNextOneWorks() {
        String good = "*nat\n:KUBE-SVC-GOOD - [0:0]\n-A KUBE-SVC-GOOD -j RETURN\nCOMMIT\n";
        kernel.load(Family.IPV4, good);

        assertThatThrownBy(() -> kernel.load(
                        Family.IPV4, "*nat\n:KUBE-SVC-GOOD - [0:0]\n-A KUBE-SVC-GOOD -j NO-SUCH-CHAIN\nCOMMIT\n"))
                .isInstanceOf(AgentException.class)
                .hasMessageContaining("iptables-restore")
                .hasMessageContaining("NO-SUCH-CHAIN");
        assertThat(kernel.read(Family.IPV4)).contains("-A KUBE-SVC-GOOD -j RETURN");

        iptables("-F", "KUBE-SVC-GOOD");
        iptables("-X", "KUBE-SVC-GOOD");
        kernel.load(Family.IPV4, good);
        assertThat(kernel.read(Family.IPV4)).contains("-A KUBE-SVC-GOOD -j RETURN");
    }

    @Test
    void theKernelHoldsWhatIsWantedAfterEachOfManyChanges() {
        for (int step = 0; step < 40; step++) {
            keeper.want(fleet.ports(ports), SETTINGS);
            keeper.program();

            assertThatTheKernelHoldsWhatIsWanted();
            fleet.change();
        }
    }

    @Test
    void aChangeSucceedsWhateverSomebodyElseDidToTheChain() {
        for (int step = 0; step < 10; step++) {
            keeper.want(fleet.ports(ports), SETTINGS);
            keeper.program();
            // What is to be deleted is gone, and no place is where it was.
            iptables("-F", "KUBE-SERVICES");
            fleet.change();
        }
        keeper.want(fleet.ports(ports), SETTINGS);
        keeper.program();
        keeper.repair();

        assertThatTheKernelHoldsWhatIsWanted();
    }

    @Test
    void whatSomebodyElseChangedIsFoundAndRepaired() {
        keeper.want(fleet.ports(ports), SETTINGS);
        keeper.program();
        assertThat(keeper.drift()).isEmpty();
        iptables("-D", "KUBE-SERVICES", "1");

        keeper.look(() -> {});
        NodeAndRouter.until(() -> "nothing is read", keeper::hasLooked);

        assertThat(keeper.repair()).containsExactly("nat KUBE-SERVICES: 1 rules missing, 0 not ours");
        assertThatTheKernelHoldsWhatIsWanted();
    }

    /// What looks as before is not compared again, so that what was found must still be true.
    @Test
    void driftIsSaidForAsLongAsItLastsAndNoLonger() {
        keeper.want(fleet.ports(ports), SETTINGS);
        keeper.program();
        assertThat(look(keeper::drift)).isEmpty();
        assertThat(look(keeper::drift)).isEmpty();
        String[] rule = {"KUBE-SERVICES", "-d", "203.0.113.1", "-j", "ACCEPT"};
        iptables("-A", rule);

        assertThat(look(keeper::drift)).containsExactly("nat KUBE-SERVICES: 0 rules missing, 1 not ours");
        assertThat(look(keeper::drift)).containsExactly("nat KUBE-SERVICES: 0 rules missing, 1 not ours");
        fleet.change();
        keeper.want(fleet.ports(ports), SETTINGS);
        assertThat(look(keeper::drift)).hasSizeGreaterThan(1);

        iptables("-D", rule);
        keeper.program();
        assertThat(look(keeper::repair)).isEmpty();
        assertThat(look(keeper::repair)).isEmpty();
        assertThatTheKernelHoldsWhatIsWanted();
        iptables("-A", rule);
        assertThat(look(keeper::repair)).containsExactly("nat KUBE-SERVICES: 0 rules missing, 1 not ours");
        assertThat(look(keeper::repair)).isEmpty();
        assertThatTheKernelHoldsWhatIsWanted();
    }

    private List<String> look(Supplier<List<String>> then) {
        keeper.look(() -> {});
        NodeAndRouter.until(() -> "nothing is read", keeper::hasLooked);
        return then.get();
    }

    private void iptables(String what, String... rule) {
        List<String> command = new ArrayList<>(network.onNode("iptables", "-t", "nat", what));
        command.addAll(List.of(rule));
        NodeAndRouter.run(command.toArray(String[]::new));
    }

    @Test
    void whatWasSeenBeforeAChangeIsNoReasonToUndoIt() {
        keeper.want(fleet.ports(ports), SETTINGS);
        keeper.program();
        keeper.look(() -> {});
        NodeAndRouter.until(() -> "nothing is read", keeper::hasLooked);
        fleet.change();
        keeper.want(fleet.ports(ports), SETTINGS);
        keeper.program();

        assertThat(keeper.lookAgain(() -> {})).isTrue();
        NodeAndRouter.until(() -> "nothing is read again", keeper::hasLooked);
        assertThat(keeper.lookAgain(() -> {})).isFalse();
        assertThat(keeper.repair()).isEmpty();
        assertThatTheKernelHoldsWhatIsWanted();
    }

    @Test
    void whatSomebodyElseProgramsIsFoundByAReadingAfterwards() {
        List<ServicePort> all = fleet.ports(ports);
        keeper.want(all, SETTINGS);
        assertThat(keeper.delivers(all)).as("nothing has been read").isFalse();
        assertThat(keeper.drift()).isNotEmpty();
        assertThat(keeper.delivers(all)).isFalse();
        keeper.look(() -> {});
        NodeAndRouter.until(() -> "nothing is read", keeper::hasLooked);

        RulesKeeper somebodyElse = new RulesKeeper(kernel, Family.IPV4);
        somebodyElse.want(all, SETTINGS);
        somebodyElse.program();
        keeper.forgetLook();

        assertThat(keeper.drift()).isEmpty();
        assertThat(keeper.delivers(all)).isTrue();
    }

    private void assertThatTheKernelHoldsWhatIsWanted() {
        List<ServicePort> now = fleet.ports(ports);
        Wanted wanted = Wanted.of(ServiceRules.of(now, SETTINGS));
        SavedRules saved = SavedRules.parse(kernel.read(Family.IPV4));
        wanted.chains()
                .forEach((table, chains) -> assertThat(saved.of(table)).containsAllEntriesOf(Map.copyOf(chains)));
        wanted.chains()
                .forEach((table, chains) -> assertThat(
                                saved.of(table).keySet().stream().filter(chain -> chain.startsWith("KUBE-")))
                        .containsExactlyInAnyOrderElementsOf(chains.keySet()));
    }
}
