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
        Decision decision = handover.decide(intent(port(HERE), CLUSTER_IP), none(), 0);

        assertThat(decision.routes()).containsOnlyKeys(CLUSTER_IP.host());
        assertThat(decision.again()).isEmpty();
    }

    @Test
    void aClusterIpWhosePodMovesStaysForTheOverlap() {
        handover.decide(intent(port(HERE), CLUSTER_IP), none(), 0);

        Decision moved = handover.decide(intent(port(THERE)), routes(CLUSTER_IP), 10);
        assertThat(moved.routes()).containsOnlyKeys(CLUSTER_IP.host());
        assertThat(moved.leaving()).containsExactly(CLUSTER_IP.host());
        assertThat(moved.ports()).containsExactly(port(THERE));
        assertThat(moved.again()).hasValue(10 + OVERLAP);

        Decision after = handover.decide(intent(port(THERE)), routes(CLUSTER_IP), 10 + OVERLAP);
        assertThat(after.routes()).isEmpty();
        assertThat(after.again()).isEmpty();
    }

    @Test
    void onePodThatComesBackEndsTheOverlap() {
        handover.decide(intent(port(HERE), CLUSTER_IP), none(), 0);
        handover.decide(intent(port(THERE)), routes(CLUSTER_IP), 10);
        handover.decide(intent(port(HERE), CLUSTER_IP), routes(CLUSTER_IP), 20);

        Decision moved = handover.decide(intent(port(THERE)), routes(CLUSTER_IP), OVERLAP);

        assertThat(moved.again()).hasValue(2 * OVERLAP);
    }

    @Test
    void anExternalIpIsWithdrawnAtOnceSinceLocalRulesDeliverNothing() {
        handover.decide(intent(port(HERE), EXTERNAL_IP), none(), 0);

        Decision moved = handover.decide(intent(port(THERE), new Ip[0]), routes(EXTERNAL_IP), 10);

        assertThat(moved.routes()).isEmpty();
        // Its old rules stay while routers learn of it.
        assertThat(moved.ports()).containsExactly(port(HERE));
        assertThat(moved.again()).hasValue(10 + SETTLE);
        Decision after = handover.decide(intent(port(THERE)), none(), 10 + SETTLE);
        assertThat(after.ports()).containsExactly(port(THERE));
    }

    @Test
    void anExternalIpWhosePodTerminatesStaysWhileThePodServes() {
        handover.decide(intent(port(HERE), EXTERNAL_IP), none(), 0);

        Decision moved = handover.decide(intent(port(TERMINATING, THERE)), routes(EXTERNAL_IP), 10);

        assertThat(moved.leaving()).containsExactly(EXTERNAL_IP.host());
    }

    @Test
    void withoutAPodAnywhereItIsWithdrawnAtOnce() {
        handover.decide(intent(port(HERE), CLUSTER_IP), none(), 0);

        Decision gone = handover.decide(intent(port()), routes(CLUSTER_IP), 10);

        assertThat(gone.routes()).isEmpty();
    }

    @Test
    void aServiceThatIsDeletedKeepsItsRulesForTheSettleTime() {
        handover.decide(intent(port(HERE), CLUSTER_IP), none(), 0);

        Decision deleted = handover.decide(Intent.NOTHING, routes(CLUSTER_IP), 10);
        assertThat(deleted.routes()).isEmpty();
        assertThat(deleted.ports()).containsExactly(port(HERE));

        assertThat(handover.decide(Intent.NOTHING, none(), 10 + SETTLE - 1).ports())
                .containsExactly(port(HERE));
        assertThat(handover.decide(Intent.NOTHING, none(), 10 + SETTLE).ports()).isEmpty();
    }

    @Test
    void rulesStayForAsLongAsTheRouterCannotBeTold() {
        handover.decide(intent(port(HERE), CLUSTER_IP), none(), 0);

        long never = 10 * SETTLE;
        for (long now = 10; now < never; now += SETTLE) {
            Decision undone = handover.decide(intent(port()), routes(CLUSTER_IP), now);
            assertThat(undone.ports()).containsExactly(port(HERE));
            assertThat(undone.again()).hasValue(now + SETTLE);
        }

        handover.told(never);
        assertThat(handover.decide(intent(port()), none(), never + SETTLE - 1).ports())
                .containsExactly(port(HERE));
        assertThat(handover.decide(intent(port()), none(), never + SETTLE).ports())
                .containsExactly(port());
    }

    @Test
    void aPolicyThatGoesTakesItsRouteAtOnce() {
        handover.decide(intent(port(HERE), CLUSTER_IP), none(), 0);

        Intent withoutPolicy = new Intent(List.of(port(HERE)), none(), Set.of());

        assertThat(handover.decide(withoutPolicy, routes(CLUSTER_IP), 10).routes())
                .isEmpty();
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
