package dev.bellman.agent;

import static dev.bellman.testing.NodeAndRouter.NODE_IPV4;
import static dev.bellman.testing.NodeAndRouter.NODE_IPV6;
import static dev.bellman.testing.NodeAndRouter.ROUTER_IPV4;
import static dev.bellman.testing.NodeAndRouter.ROUTER_IPV6;
import static dev.bellman.testing.NodeAndRouter.run;
import static dev.bellman.testing.NodeAndRouter.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bellman.address.Cidr;
import dev.bellman.address.Ip;
import dev.bellman.agent.BirdDaemon.Change;
import dev.bellman.agent.BirdDaemon.Outcome;
import dev.bellman.agent.BirdDaemon.Session;
import dev.bellman.bird.BirdConfig;
import dev.bellman.diagnostic.Span;
import dev.bellman.model.AddressKind;
import dev.bellman.model.AdvertisementClass.Backend;
import dev.bellman.model.ClusterNode;
import dev.bellman.model.Dataplane;
import dev.bellman.model.Located;
import dev.bellman.model.Speaker.Bfd;
import dev.bellman.model.Speaker.GracefulRestart;
import dev.bellman.model.Speaker.Peer;
import dev.bellman.model.Speaker.SecretRef;
import dev.bellman.plan.Cause;
import dev.bellman.plan.NodePlan;
import dev.bellman.plan.NodeState;
import dev.bellman.plan.PlannedPeer;
import dev.bellman.plan.PlannedPrefix;
import dev.bellman.plan.RouteAttributes;
import dev.bellman.testing.Lab;
import dev.bellman.testing.NodeAndRouter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The real BIRD on a node, and a router that hears it.
class BirdDaemonTest {
    private static final Span SPAN = Span.at("a.yaml", 1, 1);
    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final Duration LONGEST = Duration.ofMinutes(1);
    private static final String SERVICES = "10.49.0.0/16";
    private static final String CUSTOMER = "10.49.60.52/32";
    private static final String SUMMARY = "10.49.60.53/32";
    private static final String CUSTOMER_IPV6 = "fd00:49::52/128";
    private static final String INTERNAL = "local " + ROUTER_IPV4 + " as 64512; neighbor " + NODE_IPV4 + " as 64512;";

    @TempDir
    Path folder;

    private NodeAndRouter network;
    private Path runDir;
    private final Semaphore deaths = new Semaphore(0);
    private final List<BirdDaemon> daemons = new ArrayList<>();

    @BeforeEach
    void buildNetwork() throws IOException {
        network = NodeAndRouter.start(folder.resolve("router"));
        runDir = folder.resolve("node");
    }

    @AfterEach
    void removeNetwork() {
        daemons.forEach(BirdDaemon::close);
        network.close();
    }

    @Test
    void announcesAndWithdraws() throws IOException {
        network.route(INTERNAL);
        BirdDaemon daemon = daemon();
        assertThat(daemon.inherited()).isEmpty();

        assertThat(daemon.apply(announcing(SERVICES))).isEqualTo(new Outcome.Applied(Change.STARTED));
        network.untilInstalled(SERVICES, "via " + NODE_IPV4);
        assertThat(daemon.apply(announcing(SERVICES, CUSTOMER))).isEqualTo(new Outcome.Applied(Change.ROUTES));
        network.untilInstalled(CUSTOMER, "via " + NODE_IPV4);
        assertThat(announced(daemon)).containsExactly(SERVICES, CUSTOMER);
        assertThat(daemon.apply(announcing(SERVICES, CUSTOMER))).isEqualTo(new Outcome.Applied(Change.NONE));
        assertThat(daemon.apply(announcing(SERVICES))).isEqualTo(new Outcome.Applied(Change.ROUTES));
        network.untilGone(CUSTOMER);

        assertThat(network.installed(SERVICES)).contains("via " + NODE_IPV4);
        assertThat(announced(daemon)).containsExactly(SERVICES);
        assertThat(run(network.onNode("ip", "route").toArray(String[]::new))).doesNotContain("10.49.");
    }

    @Test
    void announcesWhatThePlanIsExtendedBy() throws IOException {
        network.route(INTERNAL);
        BirdDaemon daemon = daemon();
        daemon.apply(config(state(peers(internal(null)), SERVICES), routes(SERVICES)));
        network.untilInstalled(SERVICES);
        Path changes = network.watchRoutes();

        Outcome outcome = daemon.apply(announcing(SERVICES, CUSTOMER));

        assertThat(outcome).isEqualTo(new Outcome.Applied(Change.CONFIGURATION));
        network.untilInstalled(CUSTOMER);
        assertThat(Files.readString(changes)).doesNotContain("Deleted " + SERVICES.replace("/16", ""));
    }

    @Test
    void attributesReachAPeerOfTheSameAs() throws IOException {
        network.route(INTERNAL);
        BirdDaemon daemon = daemon();

        daemon.apply(
                announcing(Map.of(CUSTOMER, new RouteAttributes(List.of("64512:120", "64512:1:120"), 200L, 10L, 2L))));

        network.untilInstalled(CUSTOMER);
        assertThat(network.known(CUSTOMER).lines().map(String::strip))
                .contains(
                        "BGP.as_path:",
                        "BGP.next_hop: " + NODE_IPV4,
                        "BGP.med: 10",
                        "BGP.local_pref: 200",
                        "BGP.community: (64512,120)",
                        "BGP.large_community: (64512, 1, 120)");
        daemon.apply(announcing(Map.of(CUSTOMER, new RouteAttributes(List.of("64512:121"), null, null, null))));
        until(() -> network.known(CUSTOMER), () -> network.known(CUSTOMER).contains("(64512,121)"));
        assertThat(network.known(CUSTOMER)).contains("BGP.local_pref: 100").doesNotContain("med", "large_community");
    }

    @Test
    void attributesReachAPeerOfAnotherAs() throws IOException {
        network.route("local " + ROUTER_IPV4 + " as 64600; neighbor " + NODE_IPV4 + " as 64512;");
        BirdDaemon daemon = daemon();
        Peer peer = new Peer(
                "tor", ip(ROUTER_IPV4), 64600, 179, null, new GracefulRestart(true, 120), bfd(), 90, 30L, null);

        NodeState state = state(peers(peer), CUSTOMER, SUMMARY);
        NavigableMap<Cidr, RouteAttributes> routes = routes(SUMMARY);
        routes.put(cidr(CUSTOMER), new RouteAttributes(List.of("64512:120"), 200L, 10L, 2L));
        daemon.apply(config(state, routes));

        network.untilInstalled(CUSTOMER);
        network.untilInstalled(SUMMARY);
        assertThat(network.known(CUSTOMER).lines().map(String::strip))
                .contains(
                        "BGP.as_path: 64512 64512 64512",
                        "BGP.next_hop: " + NODE_IPV4,
                        "BGP.med: 10",
                        "BGP.local_pref: 100",
                        "BGP.community: (64512,120)");
        assertThat(network.known(SUMMARY).lines().map(String::strip)).contains("BGP.as_path: 64512");
    }

    @Test
    void bothFamiliesOverOneSession() throws IOException {
        network.route(INTERNAL);
        BirdDaemon daemon = daemon();

        daemon.apply(announcing(SERVICES, CUSTOMER_IPV6));

        network.untilInstalled(SERVICES, "via " + NODE_IPV4);
        network.untilInstalled("fd00:49::52", "via " + NODE_IPV6);
        assertThat(announced(daemon)).containsExactly(SERVICES, CUSTOMER_IPV6);
        daemon.apply(announcing(SERVICES));
        network.untilGone("fd00:49::52");
    }

    @Test
    void aSessionOverIpv6() throws IOException {
        network.route("local " + ROUTER_IPV6 + " as 64512; neighbor " + NODE_IPV6 + " as 64512;");
        BirdDaemon daemon = daemon();
        Peer peer = new Peer(
                "bastion6", ip(ROUTER_IPV6), 64512, 179, null, new GracefulRestart(true, 120), bfd(), 90, null, null);

        daemon.apply(config(state(peers(peer), SERVICES, CUSTOMER_IPV6), routes(SERVICES, CUSTOMER_IPV6)));

        network.untilInstalled("fd00:49::52", "via " + NODE_IPV6);
        network.untilInstalled(SERVICES, "via " + NODE_IPV4);
    }

    @Test
    void whatSomebodyElseAddsIsNotAnnounced() throws IOException {
        network.route(INTERNAL);
        BirdDaemon daemon = daemon();
        BirdConfig config = announcing(SERVICES);
        daemon.apply(config);
        network.untilInstalled(SERVICES);
        run(network.onNode("ip", "route", "add", "198.51.100.1/32", "dev", "ens5")
                .toArray(String[]::new));
        Path foreign = folder.resolve("foreign.conf");
        Files.writeString(foreign, config.main().replace("include \"", "include \"" + runDir + "/") + """
                        protocol kernel { learn; ipv4 { import all; export none; }; }
                        protocol static extra1 { ipv4 { table services4; }; route 198.51.100.2/32 blackhole; }
                        protocol static extra2 { ipv4 { table services4; }; route 10.49.60.52/32 blackhole; }
                        protocol pipe { table master4; peer table services4; import all; export all; }
                        """);
        Files.writeString(
                runDir.resolve("routes.conf"),
                config.routes().replaceFirst("route 10.49", "route 198.51.100.3/32 blackhole;\nroute 10.49"));

        try (BirdControl control = control()) {
            assertThat(control.configure(foreign)).isNull();
            until(() -> "BIRD does not learn them", () -> table(control).contains("198.51.100.1/32"));
            assertThat(table(control)).contains("198.51.100.2/32", "198.51.100.3/32", "10.49.60.52/32");
            assertThat(control.exported("bgp_" + ROUTER_IPV4, "services4")).containsExactly(cidr(SERVICES));
        }
        daemon.apply(announcing(SERVICES, SUMMARY));
        network.untilInstalled(SUMMARY);

        for (String prefix : List.of("198.51.100.1/32", "198.51.100.2/32", "198.51.100.3/32", CUSTOMER)) {
            assertThat(network.known(prefix)).as(prefix).isEmpty();
        }
    }

    @Test
    void aKilledBirdComesBackWithoutARouteLeavingTheRouter() throws Exception {
        network.route(INTERNAL);
        BirdDaemon daemon = daemon();
        daemon.apply(announcing(SERVICES, CUSTOMER));
        network.untilInstalled(SERVICES);
        network.untilInstalled(CUSTOMER);
        Path changes = network.watchRoutes();

        ProcessHandle.of(pid()).orElseThrow().destroyForcibly();
        assertThat(deaths.tryAcquire(20, TimeUnit.SECONDS)).as("noticed").isTrue();
        Outcome outcome = daemon.apply(announcing(SERVICES, CUSTOMER));

        assertThat(outcome).isEqualTo(new Outcome.Applied(Change.RECOVERED));
        until(
                () -> "not established: " + daemon.sessions(),
                () -> announced(daemon).contains(CUSTOMER));
        daemon.apply(announcing(SERVICES, SUMMARY));
        network.untilInstalled(SUMMARY);
        network.untilGone(CUSTOMER);
        assertThat(Files.readString(changes))
                .contains("Deleted 10.49.60.52")
                .doesNotContain("Deleted 10.49.0.0", "Deleted 10.49.60.53");
    }

    @Test
    void aPeerThatIsAwayDoesNotKeepARecoveredBirdSilent() throws Exception {
        network.route(INTERNAL);
        BirdDaemon daemon = daemon();
        Peer away = new Peer(
                "away", ip("10.0.1.99"), 64512, 179, null, new GracefulRestart(true, 120), bfd(), 90, null, null);
        NodeState state = state(peers(internal(null), away), SERVICES, CUSTOMER);
        daemon.apply(config(state, routes(SERVICES)));
        network.untilInstalled(SERVICES);

        ProcessHandle.of(pid()).orElseThrow().destroyForcibly();
        assertThat(deaths.tryAcquire(20, TimeUnit.SECONDS)).as("noticed").isTrue();
        daemon.apply(config(state, routes(SERVICES, CUSTOMER)));
        assertThat(daemon.isRecovering()).isTrue();

        network.untilInstalled(CUSTOMER);
        daemon.apply(config(state, routes(SERVICES, CUSTOMER)));
        assertThat(daemon.isRecovering()).isFalse();
        assertThat(session(daemon, "10.0.1.99").protocol().isEstablished()).isFalse();
    }

    @Test
    void theNextAgentAdoptsIt() throws IOException {
        network.route(INTERNAL);
        BirdDaemon first = daemon();
        first.apply(announcing(SERVICES));
        network.untilInstalled(SERVICES);
        long pid = pid();
        String neighbours = network.neighbours();
        first.close();
        BirdDaemon next = daemon();

        assertThat(announced(next)).containsExactly(SERVICES);
        assertThat(next.inherited()).containsExactly(cidr(SERVICES));
        assertThat(next.apply(announcing(SERVICES))).isEqualTo(new Outcome.Applied(Change.ADOPTED));
        next.apply(announcing(SERVICES, CUSTOMER));

        network.untilInstalled(CUSTOMER);
        assertThat(pid()).isEqualTo(pid);
        // With the time since when the session is up.
        assertThat(network.neighbours()).isEqualTo(neighbours);
        assertThat(deaths.availablePermits()).isZero();
    }

    @Test
    void theNextAgentFindsThatItWasKilled() throws IOException {
        network.route(INTERNAL);
        BirdDaemon first = daemon();
        first.apply(announcing(SERVICES));
        network.untilInstalled(SERVICES);
        first.close();
        Path changes = network.watchRoutes();
        ProcessHandle killed = ProcessHandle.of(pid()).orElseThrow();
        killed.destroyForcibly();
        killed.onExit().join();
        BirdDaemon next = daemon();

        // Its peers keep that for it.
        assertThat(next.inherited()).containsExactly(cidr(SERVICES));
        assertThat(next.apply(announcing(SERVICES, CUSTOMER))).isEqualTo(new Outcome.Applied(Change.RECOVERED));

        network.untilInstalled(CUSTOMER);
        assertThat(Files.readString(changes)).doesNotContain("Deleted 10.49");
    }

    @Test
    void oneWhoseSocketWasRemovedIsReplacedAndNotDoubled() throws IOException {
        network.route(INTERNAL);
        BirdDaemon first = daemon();
        first.apply(announcing(SERVICES));
        network.untilInstalled(SERVICES);
        first.close();
        ProcessHandle lost = ProcessHandle.of(pid()).orElseThrow();
        Files.delete(runDir.resolve("bird.ctl"));
        BirdDaemon next = daemon();

        assertThat(next.apply(announcing(SERVICES, CUSTOMER))).isEqualTo(new Outcome.Applied(Change.RECOVERED));

        assertThat(lost.isAlive()).isFalse();
        network.untilInstalled(CUSTOMER);
    }

    @Test
    void aBirdThatHangsHangsNobodyAndIsNotDoubled() throws IOException {
        network.route(INTERNAL);
        BirdDaemon daemon = daemon(Duration.ofMillis(300), LONGEST);
        daemon.apply(announcing(SERVICES));
        network.untilInstalled(SERVICES);
        long pid = pid();
        run("kill", "-STOP", Long.toString(pid));

        try {
            assertThatThrownBy(() -> daemon.apply(announcing(SERVICES, CUSTOMER)))
                    .isInstanceOf(AgentException.class)
                    .hasMessageContaining("no answer");
            assertThatThrownBy(daemon::sessions).isInstanceOf(AgentException.class);
        } finally {
            run("kill", "-CONT", Long.toString(pid));
        }

        assertThat(daemon.apply(announcing(SERVICES, CUSTOMER))).isEqualTo(new Outcome.Applied(Change.ADOPTED));
        network.untilInstalled(CUSTOMER);
        assertThat(pid()).isEqualTo(pid);
    }

    /// Its peers keep its routes for the one that takes its place.
    @Test
    void aBirdThatHangsForLongIsReplacedWithoutARouteLeavingTheRouter() throws Exception {
        network.route(INTERNAL);
        // Long enough for one that has just been started on a busy machine: two in a row would lose the route.
        BirdDaemon daemon = daemon(Duration.ofSeconds(2), Duration.ofSeconds(4));
        daemon.apply(announcing(SERVICES));
        network.untilInstalled(SERVICES);
        long pid = pid();
        ProcessHandle hanging = ProcessHandle.of(pid).orElseThrow();
        Path changes = network.watchRoutes();
        run("kill", "-STOP", Long.toString(pid));

        Lab.await(() -> assertThatCode(() -> assertThat(daemon.apply(announcing(SERVICES, CUSTOMER)))
                        .isEqualTo(new Outcome.Applied(Change.RECOVERED)))
                .doesNotThrowAnyException());

        assertThat(hanging.isAlive()).isFalse();
        assertThat(pid()).isNotEqualTo(pid);
        network.untilInstalled(CUSTOMER);
        assertThat(Files.readString(changes)).doesNotContain("Deleted 10.49");
    }

    @Test
    void whatBirdRefusesChangesNothing() throws IOException {
        network.route(INTERNAL);
        BirdDaemon daemon = daemon();
        BirdConfig good = announcing(SERVICES);
        BirdConfig badMain = new BirdConfig("# one line\n" + good.main() + "nonsense;\n", good.routes(), "", List.of());
        BirdConfig badRoutes = new BirdConfig(good.main(), good.routes() + "  nonsense;\n", "", List.of());

        assertThat(daemon.apply(badMain)).isInstanceOf(Outcome.Refused.class);
        assertThat(daemon.sessions()).isEmpty();
        daemon.apply(good);
        network.untilInstalled(SERVICES);
        Outcome main = daemon.apply(badMain);
        Outcome routes = daemon.apply(badRoutes);

        assertThat(main).isInstanceOfSatisfying(Outcome.Refused.class, refused -> {
            assertThat(refused.refusal().file()).isEqualTo("bird.conf");
            assertThat(refused.refusal().line())
                    .isEqualTo(badMain.main().lines().count());
            assertThat(refused.refusal().message()).contains("syntax error");
        });
        assertThat(routes).isInstanceOfSatisfying(Outcome.Refused.class, refused -> {
            assertThat(refused.refusal().file()).isEqualTo("routes.conf");
            assertThat(refused.refusal().column()).isEqualTo(3);
        });
        assertThat(runDir.resolve("bird.conf")).hasContent(good.main());
        assertThat(runDir.resolve("routes.conf")).hasContent(good.routes());
        assertThat(network.installed(SERVICES)).isNotEmpty();
        assertThat(daemon.apply(announcing(SERVICES, CUSTOMER))).isEqualTo(new Outcome.Applied(Change.ROUTES));
    }

    @Test
    void aSessionWithoutItsPasswordIsHeldDown() throws IOException {
        network.route(INTERNAL + " password \"open sesame\";");
        BirdDaemon daemon = daemon();
        SecretRef secret = new SecretRef("kube-system", "bgp", "password");
        NodeState state = state(peers(internal(secret)), SERVICES);

        BirdConfig without = BirdConfig.of(state, routes(SERVICES), _ -> null);
        daemon.apply(without);
        assertThat(without.heldDown()).extracting("reason").containsExactly("its password is missing");
        assertThat(session(daemon, ROUTER_IPV4).protocol().state()).isEqualTo("down");
        BirdConfig with = BirdConfig.of(state, routes(SERVICES), _ -> "open sesame");
        daemon.apply(with);

        network.untilInstalled(SERVICES);
        assertThat(with.heldDown()).isEmpty();
        assertThat(with.toString() + with.main() + with.shown()).doesNotContain("sesame");
        try (var files = Files.walk(runDir)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (Files.readString(file).contains("sesame")) {
                    assertThat(file.getFileName()).hasToString("passwords.conf");
                    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                            .isEqualTo("rw-------");
                }
            }
        }
    }

    @Test
    void aStoppedBirdHasWithdrawnEverything() throws IOException {
        network.route(INTERNAL);
        BirdDaemon daemon = daemon();
        daemon.apply(announcing(SERVICES));
        network.untilInstalled(SERVICES);
        ProcessHandle process = ProcessHandle.of(pid()).orElseThrow();

        daemon.stop();

        assertThat(process.isAlive()).isFalse();
        network.untilGone(SERVICES);
        assertThat(deaths.availablePermits()).isZero();
        assertThat(daemon.sessions()).isEmpty();
        assertThat(daemon().inherited()).isEmpty();
        assertThat(daemon.apply(announcing(SERVICES))).isEqualTo(new Outcome.Applied(Change.STARTED));
    }

    private BirdDaemon daemon() {
        return daemon(LIMIT, LONGEST);
    }

    private BirdDaemon daemon(Duration limit, Duration longest) {
        BirdDaemon daemon = new BirdDaemon(runDir, network.onNode("bird"), limit, longest, deaths::release);
        daemons.add(daemon);
        return daemon;
    }

    private BirdControl control() throws IOException {
        return BirdControl.connect(runDir.resolve("bird.ctl"), LIMIT);
    }

    private static String table(BirdControl control) {
        try {
            return control.ask("show route table services4").toString();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private long pid() throws IOException {
        return Long.parseLong(Files.readString(runDir.resolve("bird.pid")).strip());
    }

    private static Session session(BirdDaemon daemon, String peer) {
        return daemon.sessions().orElseThrow().stream()
                .filter(session -> session.protocol().name().equals("bgp_" + peer))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> announced(BirdDaemon daemon) {
        return daemon.sessions().orElseThrow().stream()
                .flatMap(session -> session.announced().stream())
                .map(Cidr::toString)
                .toList();
    }

    /// A plan that allows everything these tests announce, and of it this.
    private static BirdConfig announcing(String... prefixes) {
        return config(allowing(), routes(prefixes));
    }

    private static BirdConfig announcing(Map<String, RouteAttributes> attributes) {
        NavigableMap<Cidr, RouteAttributes> routes = new TreeMap<>();
        attributes.forEach((prefix, those) -> routes.put(cidr(prefix), those));
        return config(allowing(), routes);
    }

    private static NodeState allowing() {
        return state(peers(internal(null)), SERVICES, CUSTOMER, SUMMARY, CUSTOMER_IPV6);
    }

    private static BirdConfig config(NodeState state, NavigableMap<Cidr, RouteAttributes> routes) {
        return BirdConfig.of(state, routes, _ -> null);
    }

    private static NavigableMap<Cidr, RouteAttributes> routes(String... prefixes) {
        NavigableMap<Cidr, RouteAttributes> routes = new TreeMap<>();
        for (String prefix : prefixes) {
            routes.put(cidr(prefix), RouteAttributes.NONE);
        }
        return routes;
    }

    private static Peer internal(@Nullable SecretRef password) {
        return new Peer(
                "bastion",
                ip(ROUTER_IPV4),
                64512,
                179,
                password,
                new GracefulRestart(true, 120),
                bfd(),
                90,
                null,
                null);
    }

    private static Bfd bfd() {
        return new Bfd(false, 300, 300, 3);
    }

    private static List<PlannedPeer> peers(Peer... peers) {
        return List.of(peers).stream()
                .map(peer -> new PlannedPeer("lab", 64512, peer, new Cause(SPAN, null)))
                .toList();
    }

    private static NodeState state(List<PlannedPeer> peers, String... prefixes) {
        List<PlannedPrefix> planned = List.of(prefixes).stream()
                .map(prefix -> new PlannedPrefix(
                        cidr(prefix),
                        AddressKind.CLUSTER_IP,
                        "datacenter",
                        Backend.BIRD,
                        RouteAttributes.NONE,
                        new Cause(SPAN, null)))
                .toList();
        ClusterNode node = new ClusterNode(
                "worker1",
                Map.of(),
                List.of(new Located<>(ip(NODE_IPV4), SPAN), new Located<>(ip(NODE_IPV6), SPAN)),
                List.of(),
                SPAN);
        NodePlan plan = new NodePlan("worker1", Dataplane.DEFAULT, planned, List.of(), peers);
        return new NodeState(plan, node, List.of(), List.of(), Map.of());
    }

    private static Ip ip(String text) {
        return Objects.requireNonNull(Ip.parse(text));
    }

    private static Cidr cidr(String text) {
        return Objects.requireNonNull(Cidr.parse(text));
    }
}
