package dev.bellman.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bellman.address.Ip;
import dev.bellman.diagnostic.Diagnostic;
import dev.bellman.document.Manifest;
import dev.bellman.model.AddressKind;
import dev.bellman.plan.BgpConfigurationPlan;
import dev.bellman.plan.BgpConfigurationPlan.PrefixAdvertisement;
import dev.bellman.plan.NodePlan;
import dev.bellman.plan.Plan;
import dev.bellman.plan.PlannedService;
import dev.bellman.plan.PlannedService.Address;
import dev.bellman.plan.Prediction.Announcement;
import dev.bellman.plan.ServiceDecision;
import dev.bellman.report.PlanObjects;
import dev.bellman.schema.Validation;
import dev.bellman.testing.Manifests;
import java.util.List;
import java.util.Objects;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// A plan is never larger than its objects may be, whatever is asked for.
class LimitsTest {
    private static final String NODE = """
            apiVersion: v1
            kind: Node
            metadata: {name: worker1, uid: n1}
            status: {addresses: [{type: InternalIP, address: 10.0.1.30}]}
            ---
            apiVersion: v1
            kind: Namespace
            metadata: {name: shop, uid: ns}
            """;

    private static final String WEB = """
            apiVersion: v1
            kind: Service
            metadata: {name: web, namespace: shop, uid: u1}
            spec: {type: ClusterIP, clusterIP: 10.49.1.1, clusterIPs: [10.49.1.1], externalIPs: [%s], ports: [{port: 80}]}
            """;

    // Policies

    @Test
    void policiesThatAreTooManyForAServiceHaveNoSayInIt() {
        String policies = list(
                66,
                "---\n",
                i -> policy(
                        "p%02d".formatted(i),
                        "routes: PerService, attributes: {communities: ['64512:%d']%s}"
                                .formatted(i, i < 64 ? "" : ", med: " + i)));
        Compiled compiled = compile(birdClass(""), Manifests.SPEAKER, WEB.formatted(""), policies);

        PlannedService service = onlyService(compiled);
        assertThat(service.policies()).hasSize(64).startsWith("shop/p00").endsWith("shop/p63");
        assertThat(service.attributes().med()).isNull();
        assertThat(service.attributes().communities()).hasSize(64).contains("64512:63");
        assertThat(said(compiled))
                .containsExactly(
                        "ServiceAdvertisementPolicy shop/p64: 66 policies ask for Service `web`; 64 is the most:"
                                + " this one is left out",
                        "ServiceAdvertisementPolicy shop/p65: 66 policies ask for Service `web`; 64 is the most:"
                                + " this one is left out");
    }

    @Test
    void policiesAreLeftOutOfCoveredServicesToo() {
        String policies = list(65, "---\n", i -> policy("p%02d".formatted(i), "routes: Covered"));
        Compiled compiled =
                compile(birdClass("").replace("OnDemand", "Always"), Manifests.SPEAKER, WEB.formatted(""), policies);

        assertThat(onlyDecision(compiled).policies()).hasSize(64).endsWith("shop/p63");
        assertThat(said(compiled)).singleElement().asString().startsWith("ServiceAdvertisementPolicy shop/p64: 65");
    }

    // Addresses

    @Test
    void addressesThatAreTooManyAreLeftOutAndSaidToWhoAsksForThem() {
        String external = list(66, ", ", i -> "192.0.2." + (i + 1));
        Compiled compiled = compile(
                birdClass("- {cidr: 192.0.2.0/24, addresses: ExternalIP, advertise: OnDemand,"
                        + " namespaces: {matchAll: true}}"),
                Manifests.SPEAKER,
                WEB.formatted(external),
                policy("all", "routes: PerService"),
                policy("cluster", "routes: PerService, addresses: [ClusterIP]"),
                policy("external", "routes: PerService, addresses: [ExternalIP]"));

        List<Address> addresses = onlyService(compiled).addresses();
        assertThat(addresses)
                .hasSize(64)
                .startsWith(address(AddressKind.CLUSTER_IP, "10.49.1.1"))
                .endsWith(address(AddressKind.EXTERNAL_IP, "192.0.2.63"));
        assertThat(onlyDecision(compiled).addresses().stream().map(ServiceDecision.Granted::address))
                .containsExactlyInAnyOrderElementsOf(addresses);
        String why = ": 67 addresses of Service `web` are asked for; 64 is the most: ExternalIP 192.0.2.64 and 2 more"
                + " are left out";
        assertThat(said(compiled))
                .containsExactlyInAnyOrder(
                        "ServiceAdvertisementPolicy shop/all" + why, "ServiceAdvertisementPolicy shop/external" + why);
    }

    @Test
    void ofWhatCalicoAnnouncesByItselfAPlanSaysAsMuchAsItCan() {
        String external = list(70, ", ", i -> "192.0.2." + (i + 1));
        Compiled compiled = compile(
                calicoClass("").replace("10.49.0.0/16, addresses: ClusterIP", "192.0.2.0/24, addresses: ExternalIP"),
                WEB.formatted(external)
                        .replace("ClusterIP, clusterIP:", "NodePort, externalTrafficPolicy: Local, clusterIP:"));

        assertThat(onlyService(compiled).collateral()).isTrue();
        assertThat(onlyService(compiled).addresses()).hasSize(64);
        assertThat(said(compiled))
                .containsExactly("Service shop/web: 70 addresses of Service `web` are announced by Calico itself;"
                        + " 64 is the most: the plan leaves out ExternalIP 192.0.2.65 and 5 more");
    }

    // Communities

    @Test
    void communitiesThatAreTooManyAreThoseThatPoliciesAskForLast() {
        String policies = list(
                64,
                "---\n",
                i -> policy(
                        "p%02d".formatted(i),
                        "routes: PerService, attributes: {communities: [%s]}"
                                .formatted(list(20, ", ", j -> "'" + (64000 + i) + ":" + j + "'"))));
        String noExport = policy("p00", "routes: PerService, attributes: {communities: ['65535:65281']}");
        Compiled compiled = compile(
                birdClass("") + "  attributes: {communities: ['65000:1']}\n",
                Manifests.SPEAKER,
                WEB.formatted(""),
                policies.replace(policies.substring(0, policies.indexOf("---")), noExport));

        assertThat(onlyService(compiled).attributes().communities())
                .hasSize(1000)
                .contains("65000:1", "65535:65281", "64001:0")
                .doesNotContain("64063:0");
        assertThat(said(compiled))
                .hasSize(14)
                .first()
                .asString()
                .isEqualTo("ServiceAdvertisementPolicy shop/p50: 1262 communities are united on Service `web`;"
                        + " 1000 is the most: 64050:8 and 1 more are left out");
    }

    @Test
    void calicoTakesFewerAndThoseOfTheClassStay() {
        Compiled compiled = compile(
                calicoClass(
                        "attributes: {communities: [%s]}".formatted(list(30, ", ", i -> "'65000:" + (100 + i) + "'"))),
                WEB.formatted("").replace("ClusterIP, clusterIP:", "NodePort, clusterIP:"),
                policy(
                        "web",
                        "trafficPolicy: Local, attributes: {communities: [%s, '65535:65281']}"
                                .formatted(list(30, ", ", i -> "'64512:" + (100 + i) + "'"))));

        PrefixAdvertisement advertisement = advertisements(compiled).getLast();
        assertThat(advertisement.cidr().toString()).isEqualTo("10.49.1.1/32");
        assertThat(advertisement.communities())
                .hasSize(50)
                .contains("65000:129", "65535:65281", "64512:118")
                .doesNotContain("64512:119");
        assertThat(said(compiled))
                .containsExactly(
                        "ServiceAdvertisementPolicy shop/web: 61 communities are united on Service `web`, in an"
                                + " entry of BGPConfiguration's prefixAdvertisements; 50 is the most: 64512:119 and 10 more"
                                + " are left out");
    }

    @Test
    void anAddressThatServicesShareHasNoMoreThanOneThatTheyDoNot() {
        String web = WEB.formatted("192.0.2.1")
                .replace("ClusterIP, clusterIP:", "NodePort, externalTrafficPolicy: Local, clusterIP:");
        String external =
                calicoClass("").replace("10.49.0.0/16, addresses: ClusterIP", "192.0.2.0/24, addresses: ExternalIP");
        Compiled compiled = compile(
                external,
                web,
                web.replace("name: web", "name: other").replace("u1", "u2").replace("10.49.1.1", "10.49.1.2"),
                policy("a", "attributes: {communities: [%s]}".formatted(list(40, ", ", i -> "'64512:" + i + "'"))),
                policy("b", "attributes: {communities: [%s]}".formatted(list(40, ", ", i -> "'64513:" + i + "'")))
                        .replace("[web]", "[other]"));

        assertThat(advertisements(compiled))
                .singleElement()
                .satisfies(advertisement ->
                        assertThat(advertisement.communities()).hasSize(50).contains("64512:9", "64513:0"));
        assertThat(said(compiled))
                .singleElement()
                .asString()
                .startsWith("ServiceAdvertisementPolicy shop/b: 80 communities are united on 192.0.2.1/32")
                .endsWith("and 29 more are left out");
    }

    @Test
    void prefixesWithCommunitiesThatAreTooManyAreHostRoutes() {
        String services = list(510, "---\n", i -> """
                apiVersion: v1
                kind: Service
                metadata: {name: s%1$d, namespace: shop, uid: s%1$d}
                spec: {type: NodePort, externalTrafficPolicy: Local, clusterIP: 10.49.%2$d.%3$d, clusterIPs: [10.49.%2$d.%3$d], ports: [{port: 80}]}
                """.formatted(i, i / 250, i % 250 + 1));
        Compiled compiled = compile(
                calicoClass("attributes: {communities: ['65000:1']}")
                        .replace(
                                "  nodes:",
                                "  - {cidr: 172.16.0.0/12, addresses: ExternalIP, advertise: Always,"
                                        + " namespaces: {matchAll: true}}\n  nodes:"),
                services,
                policy("all", "attributes: {communities: ['64512:1']}").replace("names: [web]", "matchAll: true"));

        assertThat(advertisements(compiled))
                .extracting(PrefixAdvertisement::cidr)
                .isSorted();
        assertThat(advertisements(compiled).stream().map(one -> one.cidr().toString()))
                .hasSize(500)
                .contains("10.49.0.0/16", "172.16.0.0/12", "10.49.1.248/32")
                .doesNotContain("10.49.1.249/32", "10.49.2.1/32");
        assertThat(said(compiled))
                .containsExactly(
                        "ServiceAdvertisementPolicy shop/all: 512 prefixes have communities, each an entry of"
                                + " BGPConfiguration's prefixAdvertisements; 500 is the most: 10.49.1.249/32 and 11 more are left out");
    }

    // Nodes

    @Test
    void prefixesThatAreTooManyForANodeAreNotAnnounced() {
        String classes = list(17, "---\n", i -> """
                apiVersion: bellman.dev/v1alpha1
                kind: AdvertisementClass
                metadata: {name: c%1$02d, uid: c%1$d}
                spec:
                  backend: Bird
                  prefixes:
                  %2$s
                  nodes: {matchAll: true}
                """.formatted(
                i,
                list(
                        64,
                        "\n  ",
                        j -> "- {cidr: 10.%d.%d.0/24, addresses: ExternalIP, advertise: Always,".formatted(100 + i, j)
                                + " namespaces: {matchAll: true}}")));
        Compiled compiled = compile(classes, Manifests.SPEAKER);

        NodePlan plan = compiled.plan().nodePlans().getFirst();
        assertThat(plan.prefixes())
                .hasSize(1024)
                .noneMatch(prefix -> prefix.className().equals("c16"));
        assertThat(compiled.plan().prediction().nodes().getFirst().announcements().stream()
                        .map(Announcement::prefix))
                .containsExactlyElementsOf(
                        plan.prefixes().stream().map(prefix -> prefix.cidr()).toList());
        assertThat(said(compiled))
                .containsExactly(
                        "AdvertisementClass c16: 1088 prefixes are announced by node `worker1`; 1024 is the most:"
                                + " 10.116.0.0/24 and 63 more are left out");
    }

    @Test
    void peersThatAreTooManyForANodeHaveNoSession() {
        String speakers = list(5, "---\n", i -> """
                apiVersion: bellman.dev/v1alpha1
                kind: BGPSpeaker
                metadata: {name: s%1$d, uid: s%1$d}
                spec:
                  nodes: {matchAll: true}
                  localASN: 64512
                  peers:
                  %2$s
                """.formatted(
                i,
                list(
                        52,
                        "\n  ",
                        j -> "- {name: p%1$d-%2$d, address: 10.%1$d.0.%2$d, asn: 64512}".formatted(i + 1, j + 1))));
        Compiled compiled = compile(
                birdClass(""),
                speakers,
                NODE.substring(0, NODE.indexOf("---"))
                        .replace("worker1", "worker2")
                        .replace("n1", "n2"),
                WEB.formatted(""));

        assertThat(compiled.plan().nodePlans())
                .hasSize(2)
                .allSatisfy(plan -> assertThat(plan.peers())
                        .hasSize(256)
                        .last()
                        .satisfies(peer -> assertThat(peer.peer().name()).isEqualTo("p5-48")));
        assertThat(said(compiled))
                .containsExactly("BGPSpeaker s4: 260 peers are for node `worker1`; 256 is the most: p5-49 and 3 more"
                        + " are left out");
    }

    // What it takes

    private static String birdClass(String prefix) {
        return """
                apiVersion: bellman.dev/v1alpha1
                kind: AdvertisementClass
                metadata: {name: datacenter, uid: c}
                spec:
                  backend: Bird
                  prefixes:
                  - {cidr: 10.49.0.0/16, addresses: ClusterIP, advertise: OnDemand, namespaces: {matchAll: true}}
                  %s
                  nodes: {matchAll: true}
                """.formatted(prefix);
    }

    private static String calicoClass(String more) {
        return Manifests.DATACENTER.replace("name: datacenter", "name: datacenter, uid: c") + "  " + more + "\n";
    }

    private static String policy(String name, String more) {
        return """
                apiVersion: bellman.dev/v1alpha1
                kind: ServiceAdvertisementPolicy
                metadata: {name: %s, namespace: shop, uid: %1$s}
                spec: {className: datacenter, services: {names: [web]}, %s}
                """.formatted(name, more);
    }

    private static String list(int number, String between, IntFunction<String> one) {
        return IntStream.range(0, number).mapToObj(one).collect(Collectors.joining(between));
    }

    private static Address address(AddressKind kind, String ip) {
        return new Address(kind, Ip.parse(ip));
    }

    /// Of one node, in whatever order; and the API server takes it.
    private static Compiled compile(String... manifests) {
        String text = NODE + "---\n" + Manifests.all(manifests);
        List<Manifest> observed = Manifests.observed(text);
        Engine.Result result = Engine.run(new Engine.Input(observed, _ -> null, null, List.of()));
        Engine.Result reversed = Engine.run(new Engine.Input(observed.reversed(), _ -> null, null, List.of()));
        Plan plan = result.plan();
        assertThat(reversed.plan()).isEqualTo(plan);
        PlanObjects.nodePlanSpecs(plan.nodePlans())
                .forEach(spec -> assertThat(Validation.check(Manifests.observed("NodePlan", "worker1", spec)))
                        .isEmpty());
        return new Compiled(plan, result.findings());
    }

    private static PlannedService onlyService(Compiled compiled) {
        List<PlannedService> services = compiled.plan().nodePlans().getFirst().services();
        assertThat(services).hasSize(1);
        return services.getFirst();
    }

    private static ServiceDecision onlyDecision(Compiled compiled) {
        assertThat(compiled.plan().decisions()).hasSize(1);
        return compiled.plan().decisions().getFirst();
    }

    private static List<PrefixAdvertisement> advertisements(Compiled compiled) {
        BgpConfigurationPlan planned = Objects.requireNonNull(compiled.plan().bgpConfiguration());
        return planned.prefixAdvertisements();
    }

    private static List<String> said(Compiled compiled) {
        return compiled.diagnostics().stream()
                .filter(finding -> finding.rule().equals("beyond-limits"))
                .map(LimitsTest::said)
                .toList();
    }

    private static String said(Diagnostic finding) {
        return finding.object() + ": " + finding.message();
    }
}
