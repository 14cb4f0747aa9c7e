package dev.bellman.agent;

import static dev.bellman.agent.Customer.CLUSTER_IP;
import static dev.bellman.agent.Customer.EXTERNAL_IP;
import static dev.bellman.agent.Customer.HERE;
import static dev.bellman.agent.Customer.THERE;
import static dev.bellman.agent.Customer.port;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bellman.address.Cidr;
import dev.bellman.address.Family;
import dev.bellman.agent.Awaited.Decision;
import dev.bellman.netfilter.ServicePort;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Which new addresses wait for their rules, and for how long.
class AwaitedTest {
    private static final Cidr CUSTOMER = CLUSTER_IP.host();
    private static final Cidr OUTSIDE = EXTERNAL_IP.host();
    private static final Cidr RANGE = Objects.requireNonNull(Cidr.parse("10.49.60.0/24"));
    private static final long PATIENCE = Duration.ofSeconds(2).toNanos();
    private static final long PAUSE = Duration.ofMillis(200).toNanos();
    private static final long BEGIN = -7;

    private final Awaited awaited = new Awaited(Duration.ofNanos(PATIENCE));

    AwaitedTest() {
        awaited.looked(Family.IPV4, true);
    }

    @Test
    void anAddressWaitsForTheRulesOfThePortsThatDeliverToIt() {
        Decision decision = decide(BEGIN, CUSTOMER, RANGE);

        assertThat(decision.waiting()).containsOnlyKeys(CUSTOMER).containsEntry(CUSTOMER, List.of(port("http", HERE)));
        assertThat(decision.givenUp()).isEmpty();
    }

    @Test
    void whatNoRulesDeliverDoesNotWaitForAny() {
        List<ServicePort> ports = List.of(port("http", THERE), port("https"));

        // The external address is subject to Local, for which there is no endpoint here.
        assertThat(awaited.decide(Set.of(CUSTOMER, OUTSIDE), ports, BEGIN).waiting())
                .containsOnlyKeys(CUSTOMER)
                .containsEntry(CUSTOMER, List.of(port("http", THERE)));
    }

    @Test
    void itIsLookedForAgainAndAgainUntilPatienceEnds() {
        Decision decision = decide(BEGIN, CUSTOMER);
        assertThat(awaited.again(decision.waiting().keySet(), BEGIN)).isEqualTo(BEGIN + PAUSE);

        long late = BEGIN + PATIENCE - 1;
        assertThat(awaited.again(decide(late, CUSTOMER).waiting().keySet(), late))
                .isEqualTo(late + 1);
    }

    @Test
    void oneThatHasWaitedLongEnoughIsSaidOnceAndWaitsNoLonger() {
        decide(BEGIN, CUSTOMER);
        decide(BEGIN + 1, CUSTOMER, OUTSIDE);

        Decision late = decide(BEGIN + PATIENCE, CUSTOMER, OUTSIDE);
        assertThat(late.waiting()).containsOnlyKeys(OUTSIDE);
        assertThat(late.givenUp()).containsExactly(CUSTOMER);

        // As long as nobody could be told of it.
        Decision later = decide(BEGIN + PATIENCE + 1, CUSTOMER, OUTSIDE);
        assertThat(later.waiting()).isEmpty();
        assertThat(later.givenUp()).containsExactly(OUTSIDE);
    }

    @Test
    void otherEndpointsMeanwhileDoNotBeginItAnew() {
        decide(BEGIN, CUSTOMER);
        awaited.decide(Set.of(CUSTOMER), List.of(port("http", HERE, THERE)), BEGIN + PATIENCE - 1);

        assertThat(decide(BEGIN + PATIENCE, CUSTOMER).givenUp()).containsExactly(CUSTOMER);
    }

    @Test
    void oneThatComesBackWaitsAnew() {
        decide(BEGIN, CUSTOMER);
        decide(BEGIN + PATIENCE, CUSTOMER);
        decide(BEGIN + PATIENCE);

        assertThat(decide(BEGIN + 2 * PATIENCE, CUSTOMER).waiting()).containsOnlyKeys(CUSTOMER);
        assertThat(decide(BEGIN + 3 * PATIENCE, CUSTOMER).givenUp()).containsExactly(CUSTOMER);
    }

    /// As kube-proxy in ipvs or nftables mode has it.
    @Test
    void whereNoRulesOfAnyServiceAreFoundOnlyTheFirstWaits() {
        awaited.looked(Family.IPV4, false);
        assertThat(decide(BEGIN, CUSTOMER).waiting()).containsOnlyKeys(CUSTOMER);
        decide(BEGIN + 1, CUSTOMER, OUTSIDE);

        Decision late = decide(BEGIN + PATIENCE, CUSTOMER, OUTSIDE);
        assertThat(late.waiting()).isEmpty();
        assertThat(late.givenUp()).containsExactly(CUSTOMER);
        assertThat(late.unseen()).containsExactly(Family.IPV4);
        assertThat(decide(BEGIN + PATIENCE + 1)).isEqualTo(decide(BEGIN + PATIENCE + 2, OUTSIDE));

        // Somebody begins to program them.
        awaited.looked(Family.IPV4, true);
        assertThat(decide(BEGIN + 2 * PATIENCE, CUSTOMER).waiting()).containsOnlyKeys(CUSTOMER);
    }

    private Decision decide(long now, Cidr... fresh) {
        return awaited.decide(Set.of(fresh), List.of(port("http", HERE)), now);
    }
}
