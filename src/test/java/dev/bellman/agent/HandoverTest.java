package dev.bellman.agent;

import static dev.bellman.agent.Customer.CLUSTER_IP;
import static dev.bellman.agent.Customer.EXTERNAL_IP;
import static dev.bellman.agent.Customer.HERE;
import static dev.bellman.agent.Customer.TERMINATING;
import static dev.bellman.agent.Customer.THERE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bellman.address.Cidr;
import dev.bellman.address.Ip;
import dev.bellman.agent.Handover.Decision;
import dev.bellman.netfilter.Endpoint;
import dev.bellman.netfilter.ServicePort;
import dev.bellman.plan.RouteAttributes;
import java.time.Duration;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// What comes before what.
class HandoverTest {
    private static final long OVERLAP = Duration.ofSeconds(3).toNanos();
    private static final long SETTLE = Duration.ofSeconds(1).toNanos();

    private final Handover handover = new Handover(Duration.ofNanos(OVERLAP), Duration.ofNanos(SETTLE));

    @Test
    void whatIsDueIsAnnounced() {
        Decision decision = decide(intent(port(HERE), CLUSTER_IP), none(), 0);

        assertThat(decision.routes()).containsOnlyKeys(CLUSTER_IP.host());
        assertThat(decision.again()).isEmpty();
    }

    @Test
    void aClusterIpWhosePodMovesStaysForTheOverlap() {
        decide(intent(port(HERE), CLUSTER_IP), none(), 0);

        Decision moved = decide(intent(port(THERE)), routes(CLUSTER_IP), 10);
        assertThat(moved.routes()).containsOnlyKeys(CLUSTER_IP.host());
        assertThat(moved.leaving()).containsExactly(CLUSTER_IP.host());
        assertThat(moved.ports()).containsExactly(port(THERE));
        assertThat(moved.again()).hasValue(10 + OVERLAP);

        Decision after = decide(intent(port(THERE)), routes(CLUSTER_IP), 10 + OVERLAP);
        assertThat(after.routes()).isEmpty();
        assertThat(after.again()).isEmpty();
    }

    @Test
    void onePodThatComesBackEndsTheOverlap() {
        decide(intent(port(HERE), CLUSTER_IP), none(), 0);
        decide(intent(port(THERE)), routes(CLUSTER_IP), 10);
        decide(intent(port(HERE), CLUSTER_IP), routes(CLUSTER_IP), 20);

        Decision moved = decide(intent(port(THERE)), routes(CLUSTER_IP), OVERLAP);

        assertThat(moved.again()).hasValue(2 * OVERLAP);
    }

    @Test
    void anExternalIpWhosePodMovesStaysForTheSettleTimeAndItsOldRulesDeliver() {
        decide(intent(port(HERE), EXTERNAL_IP), none(), 0);

        Decision moved = decide(intent(port(THERE)), routes(EXTERNAL_IP), 10);
        assertThat(moved.routes()).containsOnlyKeys(EXTERNAL_IP.host());
        assertThat(moved.ports()).containsExactly(port(TERMINATING, THERE));
        assertThat(moved.again()).hasValue(10 + SETTLE);
        handover.told(20);

        Decision withdrawn = decide(intent(port(THERE)), routes(EXTERNAL_IP), 10 + SETTLE);
        assertThat(withdrawn.routes()).isEmpty();
        assertThat(withdrawn.ports()).containsExactly(port(TERMINATING, THERE));
        assertThat(withdrawn.again()).hasValue(10 + 2 * SETTLE);
        handover.told(20 + SETTLE);

        assertThat(decide(intent(port(THERE)), none(), 20 + 2 * SETTLE).ports()).containsExactly(port(THERE));
    }

    @Test
    void anExternalIpIsWithdrawnAtOnceWhereAnotherNodeHasHadItForLong() {
        decide(intent(port(HERE), EXTERNAL_IP), none(), 0);
        decide(intent(port(HERE, THERE), EXTERNAL_IP), routes(EXTERNAL_IP), 10);

        Decision gone = decide(intent(port(THERE)), routes(EXTERNAL_IP), 10 + SETTLE);

        assertThat(gone.routes()).isEmpty();
        // Its old rules stay while routers learn of it.
        assertThat(gone.ports()).containsExactly(port(TERMINATING, THERE));
        assertThat(gone.again()).hasValue(10 + 2 * SETTLE);
    }

    @Test
    void anExternalIpWhosePodMovesWithItsAddressIsWithdrawnAtOnce() {
        decide(intent(port(HERE), EXTERNAL_IP), none(), 0);

        Endpoint moved = new Endpoint(HERE.backend(), false, true, false);
        Decision decision = decide(intent(port(moved)), routes(EXTERNAL_IP), 10);

        assertThat(decision.routes()).isEmpty();
        assertThat(decision.ports()).containsExactly(port(moved));
    }

    @Test
    void anExternalIpIsWithdrawnAtOnceWhereSomebodyElseProgramsRules() {
        handover.decide(intent(port(HERE), EXTERNAL_IP), none(), false, 0);

        Decision moved = handover.decide(intent(port(THERE)), routes(EXTERNAL_IP), false, 10);

        assertThat(moved.routes()).isEmpty();
        assertThat(moved.ports()).containsExactly(port(THERE));
        assertThat(moved.again()).isEmpty();
    }

    @Test
    void oneAddressOfAServiceStaysWhileTheRulesOfAnotherAreKept() {
        decide(intent(port(HERE), CLUSTER_IP, EXTERNAL_IP), none(), 0);

        Decision moved = decide(intent(port(THERE)), routes(CLUSTER_IP, EXTERNAL_IP), 10);
        assertThat(moved.routes()).containsOnlyKeys(CLUSTER_IP.host(), EXTERNAL_IP.host());
        assertThat(moved.ports()).containsExactly(port(TERMINATING, THERE));
        handover.told(10);

        Decision later = decide(intent(port(THERE)), routes(CLUSTER_IP, EXTERNAL_IP), 10 + SETTLE);
        assertThat(later.routes()).containsOnlyKeys(CLUSTER_IP.host());
        assertThat(later.ports()).containsExactly(port(TERMINATING, THERE));
        handover.told(10 + SETTLE);

        Decision settled = decide(intent(port(THERE)), routes(CLUSTER_IP), 10 + 2 * SETTLE);
        assertThat(settled.routes()).containsOnlyKeys(CLUSTER_IP.host());
        assertThat(settled.ports()).containsExactly(port(THERE));

        assertThat(decide(intent(port(THERE)), routes(CLUSTER_IP), 10 + OVERLAP).routes())
                .isEmpty();
    }

    @Test
    void anAddressThatIsTakenFromItsServiceKeepsItsRulesAndTheOthersFollowTheNewOnes() {
        decide(intent(port(HERE), CLUSTER_IP, EXTERNAL_IP), none(), 0);

        Decision taken = decide(intent(Customer.inside(THERE)), routes(CLUSTER_IP, EXTERNAL_IP), 10);

        ServicePort kept = taken.ports().getFirst();
        assertThat(taken.ports()).hasSize(1);
        assertThat(kept.externalIps()).containsExactly(EXTERNAL_IP);
        assertThat(kept.endpoints()).containsExactly(TERMINATING, THERE);
        assertThat(taken.routes()).doesNotContainKey(EXTERNAL_IP.host());
    }

    @Test
    void aServiceThatBecomesLocalDeliversAsItDidWhereItHasNoEndpoint() {
        decide(intent(Customer.anywhere(THERE), EXTERNAL_IP), none(), 0);

        Decision local = decide(intent(port(THERE)), routes(EXTERNAL_IP), 10);

        assertThat(local.routes()).isEmpty();
        assertThat(local.ports()).containsExactly(Customer.anywhere(THERE));
    }

    @Test
    void aPortUnderAnotherNameIsTheSamePort() {
        decide(intent(port(HERE), EXTERNAL_IP), none(), 0);

        Decision renamed = decide(intent(Customer.port("web", THERE)), routes(EXTERNAL_IP), 10);

        assertThat(renamed.ports()).containsExactly(Customer.port("web", TERMINATING, THERE));
    }

    @Test
    void anExternalIpWhosePodTerminatesStaysWhileThePodServes() {
        decide(intent(port(HERE), EXTERNAL_IP), none(), 0);

        Decision moved = decide(intent(port(TERMINATING, THERE)), routes(EXTERNAL_IP), 10);

        assertThat(moved.leaving()).containsExactly(EXTERNAL_IP.host());
    }

    @Test
    void withoutAPodAnywhereItIsWithdrawnAtOnce() {
        decide(intent(port(HERE), CLUSTER_IP), none(), 0);

        Decision gone = decide(intent(port()), routes(CLUSTER_IP), 10);

        assertThat(gone.routes()).isEmpty();
    }

    @Test
    void aServiceThatIsDeletedKeepsItsRulesForTheSettleTime() {
        decide(intent(port(HERE), CLUSTER_IP), none(), 0);

        Decision deleted = decide(Intent.NOTHING, routes(CLUSTER_IP), 10);
        assertThat(deleted.routes()).isEmpty();
        assertThat(deleted.ports()).containsExactly(port(HERE));
        handover.told(10);

        assertThat(decide(Intent.NOTHING, none(), 10 + SETTLE - 1).ports()).containsExactly(port(HERE));
        assertThat(decide(Intent.NOTHING, none(), 10 + SETTLE).ports()).isEmpty();
    }

    @Test
    void rulesStayForAsLongAsTheRouterCannotBeTold() {
        decide(intent(port(HERE), CLUSTER_IP), none(), 0);

        long never = 10 * SETTLE;
        for (long now = 10; now < never; now += SETTLE) {
            Decision undone = decide(intent(port()), routes(CLUSTER_IP), now);
            assertThat(undone.ports()).containsExactly(port(TERMINATING));
            assertThat(undone.again()).hasValue(now + SETTLE);
        }

        handover.told(never);
        assertThat(decide(intent(port()), none(), never + SETTLE - 1).ports()).containsExactly(port(TERMINATING));
        assertThat(decide(intent(port()), none(), never + SETTLE).ports()).containsExactly(port());
    }

    /// A speaker that recovers has taken the withdrawal, and its peers keep what they heard before it died.
    @Test
    void rulesStayUntilTheRouterIsToldOfWhatWasWithdrawn() {
        decide(intent(port(HERE), CLUSTER_IP), none(), 0);
        decide(intent(port()), routes(CLUSTER_IP), 10);

        long told = 10 * SETTLE;
        for (long now = 10; now < told; now += SETTLE) {
            Decision untold = decide(intent(port()), none(), now);
            assertThat(untold.routes()).isEmpty();
            assertThat(untold.ports()).containsExactly(port(TERMINATING));
            assertThat(untold.again()).hasValue(now + SETTLE);
        }

        handover.told(told);
        assertThat(decide(intent(port()), none(), told + SETTLE - 1).ports()).containsExactly(port(TERMINATING));
        assertThat(decide(intent(port()), none(), told + SETTLE).ports()).containsExactly(port());
    }

    @Test
    void aPolicyThatGoesTakesItsRouteAtOnce() {
        decide(intent(port(HERE), CLUSTER_IP), none(), 0);

        Intent withoutPolicy = new Intent(List.of(port(HERE)), none(), Set.of());

        assertThat(decide(withoutPolicy, routes(CLUSTER_IP), 10).routes()).isEmpty();
    }

    private Decision decide(Intent intent, NavigableMap<Cidr, RouteAttributes> announced, long now) {
        return handover.decide(intent, announced, true, now);
    }

    private static ServicePort port(Endpoint... endpoints) {
        return Customer.port("http", endpoints);
    }

    /// The plan has both addresses, of which these are due.
    private static Intent intent(ServicePort port, Ip... due) {
        return new Intent(List.of(port), routes(due), Set.of(CLUSTER_IP.host(), EXTERNAL_IP.host()));
    }

    private static NavigableMap<Cidr, RouteAttributes> none() {
        return new TreeMap<>();
    }

    private static NavigableMap<Cidr, RouteAttributes> routes(Ip... due) {
        NavigableMap<Cidr, RouteAttributes> routes = new TreeMap<>();
        for (Ip ip : due) {
            routes.put(ip.host(), RouteAttributes.NONE);
        }
        return routes;
    }
}
