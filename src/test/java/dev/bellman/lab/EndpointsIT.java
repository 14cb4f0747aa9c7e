package dev.bellman.lab;

import static dev.bellman.testing.Lab.BASTION;
import static dev.bellman.testing.Lab.CLIENT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bellman.lab.RequestStream.Request;
import dev.bellman.lab.RouteWatch.Event;
import dev.bellman.testing.Json;
import dev.bellman.testing.Lab;
import dev.bellman.testing.Lab.Answer;
import dev.bellman.testing.Shell;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// Endpoints come, go and move, and rules and routes follow. What is asserted is what the kernels, the BIRDs
/// and the clients of the lab say.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EndpointsIT {
    private static final String CONTROL1 = "10.0.1.20";
    private static final String WORKER1 = "10.0.1.30";
    private static final String WORKER2 = "10.0.1.31";

    private static final String RANGE = "10.49.0.0/16";
    private static final String CUSTOMER = "10.49.60.52";
    private static final String CUSTOMER_CHAIN = "KUBE-SVC-PX5FENG4GZJTCELT";

    /// What the bastion holds before and after each test.
    private static final Map<String, Set<String>> BASE =
            Map.of(RANGE, Set.of(CONTROL1, WORKER1, WORKER2), CUSTOMER + "/32", Set.of(WORKER2));

    /// For what includes the overlap, the settle time, or a check of the agent's, on a machine that has other
    /// things to do too.
    private static final Duration LONG = Duration.ofSeconds(30);

    /// Longer than it takes until rules go of an address that routers were told is withdrawn; shorter than BIRD
    /// waits for its sessions.
    private static final Duration UNTOLD = Duration.ofSeconds(3);

    /// For two threads that hear of the same moment.
    private static final Duration SLACK = Duration.ofMillis(500);

    /// A pod that is there anyway; it answers `/whoami` for whatever service it is an endpoint of.
    ///
    /// @param nextHop the address of its node
    private record Pod(String name, String node, String nextHop, String ipv4, String ipv6) {
        static final Pod ON_WORKER1 = new Pod("summary-1", "worker1", WORKER1, "10.48.128.192", "fd00:48::128:192");
        static final Pod ON_WORKER2 = new Pod("summary-2", "worker2", WORKER2, "10.48.128.1", "fd00:48::128:1");
        static final Pod SECOND_ON_WORKER2 = new Pod("customer", "worker2", WORKER2, "10.48.0.43", "fd00:48::0:43");

        Endpoint ready() {
            return new Endpoint(this, true, false);
        }

        Endpoint terminating() {
            return new Endpoint(this, false, true);
        }
    }

    private record Endpoint(Pod pod, boolean ready, boolean terminating) {}

    /// A service of namespace `shop` that has no endpoints yet.
    ///
    /// @param externalIp empty for none
    private record Service(String name, String clusterIp, String externalIp) {
        String route() {
            return clusterIp + "/32";
        }

        String url() {
            return clusterIp + "/whoami";
        }

        List<String> addresses() {
            return externalIp.isEmpty() ? List.of(clusterIp) : List.of(clusterIp, externalIp);
        }
    }

    private static final List<Service> MOVING = IntStream.rangeClosed(1, 20)
            .mapToObj(n -> new Service("moving-" + n, "10.49.70." + n, "203.0.113." + (100 + n)))
            .toList();
    private static final Service SPREAD = new Service("spread", "10.49.71.1", "203.0.113.7");
    private static final Service DUAL = new Service("dual", "10.49.72.1", "");
    private static final String DUAL_IPV6 = "fd00:49::72:1";

    /// The lab's own class, and what may be announced besides: an IPv6 range and external addresses.
    private static final String DATACENTER = """
            apiVersion: bellman.dev/v1alpha1
            kind: AdvertisementClass
            metadata:
              name: datacenter
            spec:
              backend: Bird
              prefixes:
              - cidr: 10.49.0.0/16
                addresses: ClusterIP
                advertise: Always
                namespaces:
                  matchAll: true
              - cidr: fd00:49::/64
                addresses: ClusterIP
                advertise: OnDemand
                namespaces:
                  matchAll: true
              - cidr: 203.0.113.0/24
                addresses: ExternalIP
                advertise: OnDemand
                namespaces:
                  matchAll: true
              nodes:
                matchAll: true
              dataplane:
                rules: Program
                clusterCIDR: 10.48.0.0/16,fd00:48::/64
            """;

    private Lab lab;
    private Map<String, String> files;

    @BeforeAll
    void up() {
        lab = Lab.start("endpointsit", "--step", "2");
        lab.write("policies/datacenter.yaml", DATACENTER);
        // So that a BIRD that is stopped for a while loses no session.
        lab.edit("policies/speaker.yaml", text -> text.replace("holdTimeSeconds: 15", "holdTimeSeconds: 90"));
        StringBuilder services = new StringBuilder();
        for (Service service : MOVING) {
            services.append(service(service, "[" + service.clusterIp() + "]"));
        }
        services.append(service(SPREAD, "[" + SPREAD.clusterIp() + "]"));
        services.append(service(DUAL, "[" + DUAL.clusterIp() + ", \"" + DUAL_IPV6 + "\"]"));
        lab.write("inventory/shop.yaml", services.toString());
        lab.write("policies/shop.yaml", policy("  trafficPolicy: Local\n"));
        files = files();
        Lab.await(LONG, () -> assertThat(lab.learned()).isEqualTo(BASE));
        for (String node : Lab.NODES) {
            Lab.await(
                    LONG, () -> assertThat(lab.rules(node, "iptables-save")).anyMatch(rule -> rule.contains("shop/")));
        }
    }

    @AfterAll
    void down() {
        lab.close();
    }

    /// Puts the state back as it was, whatever the test did to it.
    @AfterEach
    void restore() {
        Map<String, String> now = files();
        now.keySet().stream().filter(file -> !files.containsKey(file)).forEach(lab::delete);
        files.forEach((file, text) -> {
            if (!text.equals(now.get(file))) {
                lab.write(file, text);
            }
        });
        Lab.await(LONG, () -> assertThat(lab.learned()).isEqualTo(BASE));
    }

    private Map<String, String> files() {
        try (Stream<Path> all = Files.walk(lab.state())) {
            return all.filter(file -> file.toString().endsWith(".yaml"))
                    .map(file -> lab.state().relativize(file).toString())
                    .collect(Collectors.toMap(file -> file, lab::read, (one, _) -> one, TreeMap::new));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    // --------------------------------------------------------------------------------------------------------- moves

    /// Twenty services with a cluster IP and an external one each move five times each. In each round all are where
    /// they should be before the next one
    /// begins, so that every move is a real one: the old node announces no more.
    @Test
    void inAHundredMovesTheBastionIsNeverWithoutTheRouteAndEveryPacketIsDelivered() {
        MOVING.forEach(service -> endpoints(service, Pod.ON_WORKER1.ready()));
        Lab.await(LONG, () -> assertThat(nextHops(MOVING)).isEqualTo(Set.of(Set.of(WORKER1))));

        String refusals = refusals();
        try (RouteWatch watch = RouteWatch.start(lab, BASTION);
                RequestStream stream = RequestStream.start(
                        lab,
                        CLIENT,
                        addresses(MOVING).map(address -> address + "/whoami").toList())) {
            Pod here = Pod.ON_WORKER1;
            Pod there = Pod.ON_WORKER2;
            for (int round = 0; round < 5; round++) {
                for (int i = 0; i < MOVING.size(); i++) {
                    Service service = MOVING.get(i);
                    Pod to = there;
                    move(service, here, to, i + round);
                    for (String address : service.addresses()) {
                        Lab.await(() -> assertThat(watch.nextHops(address))
                                .as(service.name())
                                .contains(to.nextHop()));
                    }
                }
                Set<String> only = Set.of(there.nextHop());
                Lab.await(LONG, () -> assertThat(nextHops(MOVING)).isEqualTo(Set.of(only)));
                there = here;
                here = there == Pod.ON_WORKER1 ? Pod.ON_WORKER2 : Pod.ON_WORKER1;
            }

            List<Request> requests = stream.end();
            assertThat(refusals()).as("no node refused a packet or knew no way").isEqualTo(refusals);
            addresses(MOVING)
                    .forEach(address -> assertThat(watch.everything(address))
                            .as(address)
                            .hasSizeGreaterThanOrEqualTo(10)
                            .noneMatch(Event::deleted));
            assertThat(requests).hasSizeGreaterThan(100);
            List<Request> failed =
                    requests.stream().filter(request -> !request.ok()).toList();
            assertThat(failed)
                    .hasSizeLessThan(requests.size() / 200)
                    .allMatch(request -> isMovedByTheRouter(request, watch));
        }
    }

    /// Whether an open connection went to another node in the middle. When a next hop of an address comes or goes, a
    /// router that spreads by a hash moves some of its connections, about one request in 4,500 here, to a
    /// node that has never seen them and has them reset. No agent can help it; what agents must see to is
    /// that every packet finds a node that delivers it to a pod.
    private static boolean isMovedByTheRouter(Request request, RouteWatch watch) {
        return request.wasReset()
                && watch.everything(request.url().split("/", 2)[0]).stream()
                        .map(Event::at)
                        .anyMatch(at -> at.isAfter(request.begin().minus(SLACK))
                                && at.isBefore(request.end().plus(SLACK)));
    }

    /// How many packets of the client's somebody could or would not deliver: the REJECT of a service that has no
    /// endpoints is such an answer, and so is that of a node without rules, from which packets go in circles.
    private String refusals() {
        return lab.ask(CLIENT, "nstat", "-a", "-s", "-z", "IcmpInDestUnreachs", "IcmpInTimeExcds");
    }

    /// The ways in which endpoints tell of a pod that another one takes the place of.
    private void move(Service service, Pod from, Pod to, int way) {
        switch (way % 3) {
            case 0 -> {
                endpoints(service, from.ready(), to.ready());
                endpoints(service, to.ready());
            }
            case 1 -> {
                endpoints(service, from.ready(), to.ready());
                endpoints(service, from.terminating(), to.ready());
                endpoints(service, to.ready());
            }
            default -> endpoints(service, to.ready());
        }
    }

    /// Faster than the overlap, so that the old node is asked to announce again what it has not yet
    /// withdrawn. The rules of each state are awaited: a change that got lost among others would be missed
    /// there.
    @Test
    void aPodThatMovesToAndFroFasterThanRoutesAreWithdrawnIsFollowedAtEachStep() {
        Service service = MOVING.getFirst();
        endpoints(service, Pod.ON_WORKER1.ready());
        Lab.await(LONG, () -> assertThat(nextHops(service)).containsExactly(WORKER1));

        try (RouteWatch watch = RouteWatch.start(lab, BASTION)) {
            Pod here = Pod.ON_WORKER1;
            for (int i = 0; i < 20; i++) {
                here = here == Pod.ON_WORKER1 ? Pod.ON_WORKER2 : Pod.ON_WORKER1;
                Pod now = here;
                endpoints(service, now.ready());
                for (String node : Lab.NODES) {
                    Lab.await(
                            LONG,
                            () -> assertThat(backends(node, service)).as(node).containsExactly(now.ipv4() + ":80"));
                }
            }

            Lab.await(LONG, () -> assertThat(nextHops(service)).containsExactly(WORKER1));
            assertThat(service.addresses())
                    .allSatisfy(address ->
                            assertThat(watch.everything(address)).isNotEmpty().noneMatch(Event::deleted));
        }
    }

    // ------------------------------------------------------------------------------------------------------ readiness

    @Test
    void aPodThatIsNotReadyTakesItsRouteAndBringsItBack() {
        lab.podReady("customer", "false");
        Lab.await(() -> assertThat(lab.learned()).isEqualTo(Map.of(RANGE, BASE.get(RANGE))));
        // Those that take it by the range are told that there is nobody, rather than left waiting.
        for (String node : Lab.NODES) {
            Lab.await(() -> assertThat(lab.rules(node, "iptables-save"))
                    .as(node)
                    .anyMatch(rule -> rule.contains("yaobank/customer:http has no endpoints")));
        }
        assertThat(lab.get(CLIENT, CUSTOMER).exitCode()).isEqualTo(7);

        lab.podReady("customer", "true");
        Lab.await(() -> assertThat(lab.learned()).isEqualTo(BASE));
        assertThat(lab.get(CLIENT, CUSTOMER + "/whoami").pod()).isEqualTo("customer");
    }

    @Test
    void aPodThatTerminatesTakesItsRouteAndOneThatReplacesItHasIt() {
        lab.podReady("customer", "terminating");
        Lab.await(() -> assertThat(lab.learned()).isEqualTo(Map.of(RANGE, BASE.get(RANGE))));
        // It serves until it is gone, to those who come by the range.
        assertThat(lab.get(CLIENT, CUSTOMER + "/whoami").pod()).isEqualTo("customer");

        lab.deletePod("customer");
        for (String node : Lab.NODES) {
            Lab.await(() -> assertThat(lab.rules(node, "iptables-save"))
                    .as(node)
                    .noneMatch(rule -> rule.contains("10.48.0.43")));
        }
        assertThat(lab.learned()).isEqualTo(Map.of(RANGE, BASE.get(RANGE)));

        lab.addPod("customer", "worker2", "10.48.0.43", "--kind", "customer");
        Lab.await(() -> assertThat(lab.learned()).isEqualTo(BASE));
        assertThat(lab.get(CLIENT, CUSTOMER + "/whoami").pod()).isEqualTo("customer");
    }

    // --------------------------------------------------------------------------------------------------------- shares

    /// One pod on worker1, two on worker2.
    private void spread() {
        endpoints(SPREAD, Pod.ON_WORKER1.ready(), Pod.ON_WORKER2.ready(), Pod.SECOND_ON_WORKER2.ready());
        assertThat(lab.ask(BASTION, "sysctl", "--values", "net.ipv4.fib_multipath_hash_policy"))
                .as("the bastion spreads connections, not clients")
                .isEqualTo("1\n");
    }

    /// A cluster IP is subject to the internal policy even if it is advertised: each of the two nodes spreads
    /// over all three pods.
    @Test
    void underLocalTwoNodesAnnounceAClusterIpAndEachPodGetsAThird() {
        spread();

        Lab.await(() -> assertThat(lab.learned().get(SPREAD.route())).isEqualTo(Set.of(WORKER1, WORKER2)));
        List<Answer> answers = lab.get(CLIENT, SPREAD.url(), 300);
        assertShares(answers, Map.of("summary-1", 100, "summary-2", 100, "customer", 100));
        assertThat(clients(answers)).as("masqueraded by the node").containsExactlyInAnyOrder(WORKER1, WORKER2);
    }

    /// The router knows of two nodes, not of three pods: a pod that has a node to itself gets all of its half.
    @Test
    void underLocalTwoNodesAnnounceAnExternalIpAndEachNodeGetsAHalf() {
        spread();

        Lab.await(
                () -> assertThat(lab.learned().get(SPREAD.externalIp() + "/32")).isEqualTo(Set.of(WORKER1, WORKER2)));
        List<Answer> answers = lab.get(CLIENT, SPREAD.externalIp() + "/whoami", 300);
        assertShares(answers, Map.of("summary-1", 150, "summary-2", 75, "customer", 75));
        assertThat(clients(answers)).as("kept").containsExactly("10.0.2.10");
    }

    @Test
    void underClusterEveryNodeAnnouncesAndEachPodGetsAThird() {
        lab.write("policies/shop.yaml", policy("  trafficPolicy: Cluster\n  routes: PerService\n"));
        spread();

        for (String address : List.of(SPREAD.clusterIp(), SPREAD.externalIp())) {
            Lab.await(
                    () -> assertThat(lab.learned().get(address + "/32")).isEqualTo(Set.of(CONTROL1, WORKER1, WORKER2)));
            List<Answer> answers = lab.get(CLIENT, address + "/whoami", 300);
            assertShares(answers, Map.of("summary-1", 100, "summary-2", 100, "customer", 100));
            assertThat(clients(answers))
                    .as("masqueraded by the node")
                    .containsExactlyInAnyOrder(CONTROL1, WORKER1, WORKER2);
        }
    }

    /// Of 300 connections. Shares are binomial, with a standard deviation of at most 8.7: one that is so far
    /// off comes once in a million runs.
    private static void assertShares(List<Answer> answers, Map<String, Integer> expected) {
        assertThat(answers).hasSize(300).allMatch(Answer::ok);
        Map<String, Long> shares = Lab.shares(answers);
        assertThat(shares).containsOnlyKeys(expected.keySet());
        expected.forEach((pod, share) -> assertThat(shares.get(pod)).as(pod).isCloseTo(share, Offset.offset(43L)));
    }

    private static Set<String> clients(List<Answer> answers) {
        return answers.stream().map(Answer::client).collect(Collectors.toSet());
    }

    // ------------------------------------------------------------------------------------------- what is not announced

    /// In the kernel's table, and in the very table of BIRD's that the session reads, where it is even an
    /// address that the plan knows.
    @Test
    void aRouteThatSomebodyAddsToANodeByHandDoesNotReachTheBastion() throws IOException {
        Path config = lab.folder().resolve("worker1").resolve("bird.conf");
        String before = Files.readString(config);
        try {
            lab.ask("worker1", "ip", "route", "add", "203.0.113.99/32", "via", "10.0.1.20", "proto", "static");
            lab.ask("worker1", "ip", "route", "add", "blackhole", "10.49.99.1/32");
            lab.ask("worker1", "ip", "-6", "route", "add", "blackhole", "fd00:49::99:1/128");
            Files.writeString(config, before + """
                    protocol static foreign_ipv4 {
                      ipv4 { table services4; };
                      route 10.49.99.2/32 blackhole;
                      route %s/32 blackhole;
                    }
                    protocol static foreign_ipv6 {
                      ipv6 { table services6; };
                      route fd00:49::99:2/128 blackhole;
                    }
                    """.formatted(CUSTOMER));
            configure("worker1");
            Lab.await(() -> assertThat(lab.birdc("worker1", "show route table services4"))
                    .contains("10.49.99.2/32", CUSTOMER + "/32"));
            Lab.await(() -> assertThat(lab.birdc("worker1", "show route table services6"))
                    .contains("fd00:49::99:2/128"));

            // What comes after them over the same session has arrived, so they would have, too.
            endpoints(DUAL, Pod.ON_WORKER1.ready());
            slice(DUAL, "IPv6", Pod.ON_WORKER1.ready());
            Lab.await(() -> assertThat(lab.learned())
                    .containsEntry(DUAL.route(), new TreeSet<>(Set.of(WORKER1)))
                    .containsEntry(DUAL_IPV6 + "/128", new TreeSet<>(Set.of("fd00:10:0:1::30"))));
            Map<String, Set<String>> expected = new TreeMap<>(BASE);
            expected.put(DUAL.route(), Set.of(WORKER1));
            expected.put(DUAL_IPV6 + "/128", Set.of("fd00:10:0:1::30"));
            assertThat(lab.learned()).isEqualTo(expected);
            assertThat(lab.birdc("worker1", "show route table services4"))
                    .as("they were there all the time")
                    .contains("10.49.99.2/32");
        } finally {
            Files.writeString(config, before);
            configure("worker1");
            lab.run("worker1", "ip", "route", "delete", "203.0.113.99/32");
            lab.run("worker1", "ip", "route", "delete", "blackhole", "10.49.99.1/32");
            lab.run("worker1", "ip", "-6", "route", "delete", "blackhole", "fd00:49::99:1/128");
        }
    }

    /// As whoever edited the configuration by hand.
    private void configure(String node) {
        String folder = lab.folder().resolve(node).toString();
        lab.ask(node, "sh", "-c", "cd \"$1\" && birdc -s bird.ctl configure", "-", folder);
    }

    @Test
    void aNodeThatIsExcludedFromLoadBalancersIsNoNextHopUntilItIsNoMore() {
        endpoints(SPREAD, Pod.ON_WORKER1.ready(), Pod.ON_WORKER2.ready());
        Lab.await(() -> assertThat(lab.learned().get(SPREAD.route())).isEqualTo(Set.of(WORKER1, WORKER2)));
        Map<String, SortedSet<String>> before = lab.learned();

        String own = "      kubernetes.io/hostname: worker1\n";
        lab.edit(
                "inventory/nodes.yaml",
                text -> text.replace(
                        own, own + "      node.kubernetes.io/exclude-from-external-load-balancers: \"\"\n"));
        Lab.await(() -> assertThat(lab.learned())
                .isEqualTo(Map.of(
                        RANGE,
                        Set.of(CONTROL1, WORKER2),
                        SPREAD.route(),
                        Set.of(WORKER2),
                        SPREAD.externalIp() + "/32",
                        Set.of(WORKER2),
                        CUSTOMER + "/32",
                        Set.of(WORKER2))));

        lab.write("inventory/nodes.yaml", files.get("inventory/nodes.yaml"));
        Lab.await(() -> assertThat(lab.learned()).isEqualTo(before));
    }

    // ----------------------------------------------------------------------------------------------------------- IPv6

    @Test
    void aServiceOfBothFamiliesIsServedAndAnnouncedInEach() {
        endpoints(DUAL, Pod.ON_WORKER1.ready(), Pod.ON_WORKER2.ready());
        slice(DUAL, "IPv6", Pod.ON_WORKER1.ready(), Pod.ON_WORKER2.ready());

        String route = DUAL_IPV6 + "/128";
        Lab.await(() -> assertThat(lab.learned())
                .containsEntry(DUAL.route(), new TreeSet<>(Set.of(WORKER1, WORKER2)))
                .containsEntry(route, new TreeSet<>(Set.of("fd00:10:0:1::30", "fd00:10:0:1::31"))));
        for (String node : Lab.NODES) {
            Lab.await(() -> assertThat(lab.rules(node, "ip6tables-save"))
                    .as(node)
                    .anyMatch(rule -> rule.startsWith("-A KUBE-SERVICES -d " + DUAL_IPV6 + "/128 -p tcp")
                            && rule.contains("shop/dual:http cluster IP"))
                    .anyMatch(rule -> rule.endsWith("-j DNAT --to-destination [fd00:48::128:192]:80"))
                    .anyMatch(rule -> rule.endsWith("-j DNAT --to-destination [fd00:48::128:1]:80")));
        }
        List<Answer> answers = lab.get(CLIENT, "[" + DUAL_IPV6 + "]/whoami", 40);
        assertThat(answers).allMatch(Answer::ok);
        assertThat(Lab.shares(answers)).containsOnlyKeys("summary-1", "summary-2");
        assertThat(lab.get(CLIENT, DUAL.url()).ok()).isTrue();

        // Each family for itself.
        slice(DUAL, "IPv6", Pod.ON_WORKER2.ready());
        Lab.await(LONG, () -> assertThat(lab.learned().get(route)).isEqualTo(Set.of("fd00:10:0:1::31")));
        assertThat(lab.learned().get(DUAL.route())).isEqualTo(Set.of(WORKER1, WORKER2));
        assertThat(lab.get(CLIENT, "[" + DUAL_IPV6 + "]/whoami").pod()).isEqualTo("summary-2");

        slice(DUAL, "IPv6");
        Lab.await(() -> assertThat(lab.learned()).doesNotContainKey(route));
        assertThat(lab.learned().get(DUAL.route())).isEqualTo(Set.of(WORKER1, WORKER2));
    }

    // ---------------------------------------------------------------------------------------------------------- order

    /// The kernel refuses the rules for as long as another program has a chain of the same name that hangs on
    /// a hook.
    @Test
    void anAddressIsNotAnnouncedBeforeItsRulesAreIn() {
        lab.podReady("customer", "false");
        Lab.await(() -> assertThat(lab.learned()).doesNotContainKey(CUSTOMER + "/32"));
        Lab.await(LONG, () -> assertThat(rules("worker2", CUSTOMER_CHAIN)).isEmpty());
        lab.ask("worker2", "nft", "add chain ip nat " + CUSTOMER_CHAIN + " { type filter hook input priority 7; }");
        try {
            lab.podReady("customer", "true");

            Lab.await(() -> assertThat(errors("worker2")).anyMatch(error -> error.startsWith("rules IPv4")));
            // It has tried, and has done what it does after that: the status is the last of it.
            assertThat(lab.birdc("worker2", "show route table services4")).doesNotContain(CUSTOMER);
            assertThat(lab.learned()).isEqualTo(Map.of(RANGE, BASE.get(RANGE)));
        } finally {
            lab.ask("worker2", "nft", "delete chain ip nat " + CUSTOMER_CHAIN);
        }

        Lab.await(LONG, () -> assertThat(lab.learned()).isEqualTo(BASE));
        assertThat(rules("worker2", CUSTOMER_CHAIN)).isNotEmpty();
        assertThat(lab.get(CLIENT, CUSTOMER + "/whoami").ok()).isTrue();
    }

    /// BIRD hangs, so the route cannot be withdrawn until another has taken its place, and has its session again.
    @Test
    void rulesStayUntilTheirAddressIsWithdrawnThoughBirdHangs() throws IOException {
        String bird = bird("worker2");
        refuseSessions("worker2");
        try (RouteWatch watch = RouteWatch.start(lab, BASTION);
                RequestStream stream = RequestStream.start(lab, CLIENT, List.of(CUSTOMER + "/whoami"))) {
            signal("STOP", Long.parseLong(bird));
            lab.podReady("customer", "false");

            // Other nodes, which announce no such route, do it at once.
            Lab.await(() -> assertThat(rules("worker1", CUSTOMER_CHAIN)).isEmpty());
            Lab.await(LONG, () -> assertThat(bird("worker2")).isNotEmpty().isNotEqualTo(bird));
            for (long end = System.nanoTime() + UNTOLD.toNanos(); System.nanoTime() < end; ) {
                assertThat(rules("worker2", CUSTOMER_CHAIN)).isNotEmpty();
            }
            assertThat(lab.learned()).containsKey(CUSTOMER + "/32");
            allowSessions("worker2");
            Lab.await(LONG, () -> assertThat(rules("worker2", CUSTOMER_CHAIN)).isEmpty());
            assertThat(lab.learned()).isEqualTo(Map.of(RANGE, BASE.get(RANGE)));
            assertThat(watch.everything(RANGE)).noneMatch(Event::deleted);
            Event withdrawn = watch.everything(CUSTOMER).getLast();
            assertThat(withdrawn.deleted()).isTrue();
            assertThat(stream.end())
                    .filteredOn(request -> request.end().isBefore(withdrawn.at()))
                    .hasSizeGreaterThan(100)
                    .allMatch(Request::ok);
        } finally {
            allowSessions("worker2");
            lab.podReady("customer", "true");
        }
    }

    /// Those that are there stay.
    private void refuseSessions(String node) {
        lab.ask(
                node,
                "nft",
                "add table inet sessions;"
                        + " add chain inet sessions in { type filter hook input priority 0; };"
                        + " add chain inet sessions out { type filter hook output priority 0; };"
                        + " add rule inet sessions in tcp dport 179 tcp flags & (syn|ack) == syn drop;"
                        + " add rule inet sessions out tcp dport 179 tcp flags & (syn|ack) == syn drop");
    }

    private void allowSessions(String node) {
        lab.ask(node, "nft", "add table inet sessions; delete table inet sessions");
    }

    private String bird(String node) {
        try {
            return Files.readString(lab.folder().resolve(node).resolve("bird.pid"))
                    .strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void signal(String signal, long pid) {
        Shell.run(Map.of(), List.of("kill", "-" + signal, Long.toString(pid))).output();
    }

    /// What the agent itself says went wrong the last time.
    private List<String> errors(String node) {
        try {
            List<String> errors = new ArrayList<>();
            Json.parse(Files.readString(lab.folder().resolve(node).resolve("status.json")))
                    .get("errors")
                    .forEach(error -> errors.add(error.asText()));
            return errors;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The rules of a chain.
    private List<String> rules(String node, String chain) {
        return lab.rules(node, "iptables-save").stream()
                .filter(rule -> rule.startsWith("-A " + chain + " "))
                .toList();
    }

    /// Where a node's rules lead those who ask for a service.
    private List<String> backends(String node, Service service) {
        Pattern backend = Pattern.compile("^-A KUBE-SVC-\\S+ .*\"shop/" + service.name() + ":http -> (\\S+)\"");
        return lab.rules(node, "iptables-save").stream()
                .map(backend::matcher)
                .filter(Matcher::find)
                .map(found -> found.group(1))
                .toList();
    }

    private Set<String> nextHops(Service service) {
        return lab.learned().getOrDefault(service.route(), Collections.emptySortedSet());
    }

    // ------------------------------------------------------------------------------------------------------- helpers

    private static String service(Service service, String clusterIps) {
        boolean dual = clusterIps.contains(":");
        return """
                ---
                apiVersion: v1
                kind: Service
                metadata:
                  name: %s
                  namespace: shop
                spec:
                  type: NodePort
                  clusterIP: %s
                  clusterIPs: %s
                  externalTrafficPolicy: Cluster
                  internalTrafficPolicy: Cluster
                  ipFamilies: %s
                  ipFamilyPolicy: %s
                  ports:
                  - name: http
                    port: 80
                    protocol: TCP
                    targetPort: 80
                    nodePort: %d
                  selector:
                    app: %s
                """.formatted(
                                service.name(),
                                service.clusterIp(),
                                clusterIps,
                                dual ? "[IPv4, IPv6]" : "[IPv4]",
                                dual ? "RequireDualStack" : "SingleStack",
                                nodePort(service),
                                service.name())
                + (service.externalIp().isEmpty() ? "" : "  externalIPs: [" + service.externalIp() + "]\n");
    }

    private static int nodePort(Service service) {
        String[] parts = service.clusterIp().split("\\.");
        return 30000 + 100 * (Integer.parseInt(parts[2]) - 68) + Integer.parseInt(parts[3]);
    }

    private static String policy(String more) {
        return """
                apiVersion: bellman.dev/v1alpha1
                kind: ServiceAdvertisementPolicy
                metadata:
                  name: shop
                  namespace: shop
                spec:
                  className: datacenter
                  services:
                    matchAll: true
                """ + more;
    }

    /// Sets the IPv4 endpoints of a service.
    private void endpoints(Service service, Endpoint... endpoints) {
        slice(service, "IPv4", endpoints);
    }

    private void slice(Service service, String family, Endpoint... endpoints) {
        StringBuilder text = new StringBuilder("""
                apiVersion: discovery.k8s.io/v1
                kind: EndpointSlice
                metadata:
                  name: %1$s-%2$s
                  namespace: shop
                  labels:
                    kubernetes.io/service-name: %1$s
                addressType: %3$s
                ports:
                - name: http
                  port: 80
                  protocol: TCP
                endpoints:%4$s
                """.formatted(
                        service.name(), family.toLowerCase(Locale.ROOT), family, endpoints.length == 0 ? " []" : ""));
        for (Endpoint endpoint : endpoints) {
            Pod pod = endpoint.pod();
            text.append("""
                    - addresses: ["%s"]
                      conditions: {ready: %s, serving: true, terminating: %s}
                      nodeName: %s
                      targetRef: {kind: Pod, name: %s, namespace: shop}
                    """.formatted(
                            family.equals("IPv4") ? pod.ipv4() : pod.ipv6(),
                            endpoint.ready(),
                            endpoint.terminating(),
                            pod.node(),
                            pod.name()));
        }
        lab.write("inventory/" + service.name() + "-" + family + ".yaml", text.toString());
    }

    private Set<Set<String>> nextHops(List<Service> services) {
        Map<String, SortedSet<String>> learned = lab.learned();
        return addresses(services)
                .map(address -> learned.getOrDefault(address + "/32", Collections.emptySortedSet()))
                .collect(Collectors.toSet());
    }

    private static Stream<String> addresses(List<Service> services) {
        return services.stream().flatMap(service -> service.addresses().stream());
    }
}
