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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/// What holds whatever happens: endpoints come, go and terminate, the Service is deleted and the policy with it, and
/// the router hears of it late or not at all.
class HandoverPropertyTest {
    private static final long OVERLAP = Duration.ofSeconds(3).toNanos();
    private static final long SETTLE = Duration.ofSeconds(1).toNanos();

    @Property(tries = 2000, seed = "20261129")
    void whatRoutersMaySendHereIsDelivered(@ForAll long seed) {
        Random random = new Random(seed);
        Handover handover = new Handover(Duration.ofNanos(OVERLAP), Duration.ofNanos(SETTLE));
        NavigableMap<Cidr, RouteAttributes> announced = new TreeMap<>();
        Set<Cidr> untold = new HashSet<>();
        Map<Cidr, Long> withdrawn = new HashMap<>();
        long now = 0;
        for (int step = 0; step < 40; step++) {
            now += random.nextLong(SETTLE);
            Intent intent = intent(random);

            Decision decision = handover.decide(intent, announced, true, now);

            Set<Cidr> known = new HashSet<>(untold);
            known.addAll(announced.keySet());
            for (Cidr prefix : known) {
                assertThat(delivers(decision.ports(), prefix))
                        .as("%s is known in step %d of %s", prefix, step, intent)
                        .isTrue();
            }
            for (Cidr prefix : decision.routes().keySet()) {
                assertThat(delivers(decision.ports(), prefix)).isTrue();
            }
            for (Map.Entry<Cidr, Long> one : withdrawn.entrySet()) {
                if (now < one.getValue() + SETTLE) {
                    assertThat(delivers(decision.ports(), one.getKey())).isTrue();
                }
            }
            assertThat(decision.ports())
                    .as("packets for endpoints that are ready are not led elsewhere")
                    .allSatisfy(port -> assertThat(port.endpoints()).containsAll(ready(intent)));
            int answer = random.nextInt(6);
            if (answer > 0) {
                untold.addAll(announced.keySet());
                announced = decision.routes();
                untold.removeAll(announced.keySet());
                withdrawn.keySet().removeAll(announced.keySet());
            }
            if (answer > 1) {
                handover.told(now);
                for (Cidr prefix : untold) {
                    withdrawn.put(prefix, now);
                }
                untold.clear();
            }
        }
    }

    /// However often it is asked meanwhile, the end comes when it was said to.
    @Property(tries = 500, seed = "20261129")
    void nothingIsHeldForEver(@ForAll long seed) {
        Random random = new Random(seed);
        Handover handover = new Handover(Duration.ofNanos(OVERLAP), Duration.ofNanos(SETTLE));
        NavigableMap<Cidr, RouteAttributes> announced = new TreeMap<>();
        long now = 0;
        for (int step = 0; step < 10; step++) {
            now += random.nextLong(SETTLE);
            announced = handover.decide(intent(random), announced, true, now).routes();
            handover.told(now);
        }
        Intent last = intent(random);
        long end = now + OVERLAP + 2 * SETTLE;
        Decision decision = handover.decide(last, announced, true, now);
        while (now < end && decision.again().isPresent()) {
            handover.told(now);
            assertThat(decision.again().getAsLong()).isGreaterThan(now);
            now = decision.again().getAsLong();
            decision = handover.decide(last, decision.routes(), true, now);
        }

        assertThat(decision.routes()).isEqualTo(last.routes());
        assertThat(decision.ports()).isEqualTo(last.ports());
        assertThat(decision.leaving()).isEmpty();
    }

    private static boolean delivers(List<ServicePort> ports, Cidr prefix) {
        return ports.stream()
                .anyMatch(port -> port.addresses().contains(prefix.address()) && port.deliversTo(prefix.address()));
    }

    private static List<Endpoint> ready(Intent intent) {
        return intent.ports().stream()
                .flatMap(port -> port.endpoints().stream())
                .filter(Endpoint::ready)
                .toList();
    }

    /// A node announces an address while it has a ready endpoint, if the plan lets it.
    private static Intent intent(Random random) {
        if (random.nextInt(12) == 0) {
            return Intent.NOTHING;
        }
        List<Endpoint> endpoints = new ArrayList<>();
        int here = random.nextInt(3);
        if (here > 0) {
            endpoints.add(here == 1 ? HERE : TERMINATING);
        }
        if (random.nextBoolean()) {
            endpoints.add(THERE);
        }
        Endpoint[] all = endpoints.toArray(Endpoint[]::new);
        boolean isInside = random.nextInt(6) == 0;
        ServicePort port = isInside ? Customer.inside(all) : Customer.port("http", all);
        NavigableMap<Cidr, RouteAttributes> routes = new TreeMap<>();
        boolean isPlanned = random.nextInt(8) > 0;
        for (Ip ip : port.addresses()) {
            if (here == 1 && isPlanned) {
                routes.put(ip.host(), RouteAttributes.NONE);
            }
        }
        return new Intent(List.of(port), routes, isPlanned ? Set.of(CLUSTER_IP.host(), EXTERNAL_IP.host()) : Set.of());
    }
}
