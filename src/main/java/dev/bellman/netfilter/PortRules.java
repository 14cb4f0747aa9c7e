package dev.bellman.netfilter;

import dev.bellman.address.Cidr;
import dev.bellman.address.Ip;
import dev.bellman.model.Protocol;
import dev.bellman.netfilter.Match.Chance;
import dev.bellman.netfilter.Match.Comment;
import dev.bellman.netfilter.Match.Destination;
import dev.bellman.netfilter.Match.DestinationIsLocal;
import dev.bellman.netfilter.Match.DestinationPort;
import dev.bellman.netfilter.Match.Recently;
import dev.bellman.netfilter.Match.Remember;
import dev.bellman.netfilter.Match.Source;
import dev.bellman.netfilter.Match.SourceIsLocal;
import dev.bellman.netfilter.Match.Transport;
import dev.bellman.netfilter.Verdict.Accept;
import dev.bellman.netfilter.Verdict.Dnat;
import dev.bellman.netfilter.Verdict.Drop;
import dev.bellman.netfilter.Verdict.Jump;
import dev.bellman.netfilter.Verdict.None;
import dev.bellman.netfilter.Verdict.Reject;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The rules of one port of a Service: its share of the chains that all have, and the chains that are its own.
///
/// They depend on nothing but the port and the node's settings, so that they can be kept while those stay.
final class PortRules {
    private static final Verdict MASQUERADE = new Jump(FixedRules.MARK_MASQ);

    /// From an address of the Service to its chain.
    final List<Rule> services = new ArrayList<>();

    /// From a node port to its chain.
    final List<Rule> nodePorts = new ArrayList<>();

    /// Answers for a cluster IP that has nowhere to go.
    final List<Rule> refused = new ArrayList<>();

    /// Answers for an external address or node port that has nowhere to go.
    final List<Rule> refusedOutside = new ArrayList<>();

    /// What the health checks of load balancers may reach.
    final List<Rule> healthChecks = new ArrayList<>();

    /// What comes back from a chain that lets only some sources through.
    final List<Rule> firewall = new ArrayList<>();

    /// The chains of its own.
    final List<Chain> chains = new ArrayList<>();

    private final NodeSettings settings;
    private final boolean terse;
    private final ServicePort port;
    private final String name;
    private final List<Endpoint> cluster;
    private final List<Endpoint> local;
    private final boolean any;
    private final boolean internal;
    private final boolean external;

    private PortRules(ServicePort port, NodeSettings settings, boolean terse) {
        this.port = port;
        this.settings = settings;
        this.terse = terse;
        this.name = port.name();
        this.cluster = port.clusterEndpoints();
        this.local = port.localEndpoints();
        this.any = port.hasEndpoints();
        this.internal = any && !(port.internalLocal() && local.isEmpty());
        this.external = any && !(port.externalLocal() && local.isEmpty());
    }

    /// @param terse whether rules about single endpoints have no comment, see [ServiceRules#LARGE]
    static PortRules of(ServicePort port, NodeSettings settings, boolean terse) {
        PortRules rules = new PortRules(port, settings, terse);
        rules.make();
        return rules;
    }

    private void make() {
        clusterIp();
        port.externalIps().forEach(ip -> externalAddress(ip, "external IP", port.chain("EXT")));
        boolean firewalled = !sourceRanges().isEmpty();
        port.loadBalancerIps()
                .forEach(ip -> externalAddress(ip, "loadbalancer IP", port.chain(firewalled ? "FW" : "EXT")));
        if (firewalled && any) {
            port.loadBalancerIps().forEach(this::firewall);
        }
        nodePort();
        serviceChains(firewalled);
    }

    private List<Cidr> sourceRanges() {
        return port.forwarding().sourceRanges().stream()
                .filter(cidr -> cidr.family() == settings.family())
                .toList();
    }

    private void clusterIp() {
        if (internal) {
            services.add(to(port.clusterIp(), "cluster IP", new Jump(internalChain())));
        } else {
            refused.add(to(port.clusterIp(), missing(), refusal()));
        }
    }

    private void externalAddress(Ip ip, String what, String chain) {
        if (any) {
            services.add(to(ip, what, new Jump(chain)));
        }
        if (!external) {
            refusedOutside.add(to(ip, missing(), refusal()));
        }
    }

    /// What the FW chain does not let through comes back here.
    private void firewall(Ip ip) {
        firewall.add(to(ip, "traffic not accepted by " + port.chain("FW"), new Drop()));
    }

    private void nodePort() {
        int nodePort = port.port().nodePort();
        if (nodePort != 0) {
            if (any) {
                nodePorts.add(new Rule(
                        List.of(transport(), new Comment(name), new DestinationPort(port.protocol(), nodePort)),
                        new Jump(port.chain("EXT"))));
            }
            if (!external) {
                refusedOutside.add(new Rule(
                        List.of(
                                transport(),
                                new Comment(name + " " + missing()),
                                new DestinationIsLocal(),
                                new DestinationPort(port.protocol(), nodePort)),
                        refusal()));
            }
        }
        if (port.forwarding().healthCheckNodePort() != 0) {
            healthChecks.add(Rule.of(
                    new Accept(),
                    new Transport(Protocol.TCP),
                    new Comment(name + " health check node port"),
                    new DestinationPort(Protocol.TCP, port.forwarding().healthCheckNodePort())));
        }
    }

    private void serviceChains(boolean firewalled) {
        boolean usesCluster = !cluster.isEmpty() && (!port.internalLocal() || port.externallyAccessible());
        boolean usesLocal =
                !local.isEmpty() && (port.internalLocal() || (port.externalLocal() && port.externallyAccessible()));
        if (any && port.externallyAccessible()) {
            chain("EXT", outside());
            if (firewalled && !port.loadBalancerIps().isEmpty()) {
                chain("FW", firewallChain());
            }
        }
        if (usesCluster) {
            chain("SVC", dispatch(cluster, internal && !port.internalLocal()));
        }
        if (usesLocal) {
            chain("SVL", dispatch(local, internal && port.internalLocal()));
        }
        List<Endpoint> reachable = port.endpoints().stream()
                .filter(endpoint ->
                        (usesCluster && cluster.contains(endpoint)) || (usesLocal && local.contains(endpoint)))
                .toList();
        reachable.forEach(endpoint -> chains.add(new Chain(Table.NAT, port.chain(endpoint), deliver(endpoint))));
    }

    private void chain(String kind, List<Rule> rules) {
        chains.add(new Chain(Table.NAT, port.chain(kind), rules));
    }

    /// Traffic from outside. Under Local, what comes from a pod or from the node itself is short-circuited to any
    /// endpoint, as if it came from inside.
    private List<Rule> outside() {
        List<Rule> rules = new ArrayList<>();
        if (!port.externalLocal()) {
            rules.add(Rule.of(MASQUERADE, new Comment("masquerade traffic for " + name + " external destinations")));
        } else {
            Verdict anywhere = new Jump(port.chain("SVC"));
            Cidr pods = settings.clusterCidr();
            if (pods != null) {
                rules.add(Rule.of(
                        anywhere,
                        new Source(pods, false),
                        new Comment("pod traffic for " + name + " external destinations")));
            }
            rules.add(Rule.of(
                    MASQUERADE,
                    new Comment("masquerade LOCAL traffic for " + name + " external destinations"),
                    new SourceIsLocal()));
            rules.add(Rule.of(
                    anywhere,
                    new Comment("route LOCAL traffic for " + name + " external destinations"),
                    new SourceIsLocal()));
        }
        if (external) {
            rules.add(Rule.of(new Jump(port.chain(port.externalLocal() ? "SVL" : "SVC"))));
        }
        return rules;
    }

    private List<Rule> firewallChain() {
        Comment comment = new Comment(name + " loadbalancer IP");
        Verdict outside = new Jump(port.chain("EXT"));
        boolean fromNode = sourceRanges().stream()
                .anyMatch(range -> settings.nodeIps().stream().anyMatch(range::contains));
        List<Cidr> sources = new ArrayList<>(sourceRanges());
        if (fromNode) {
            // A node's own traffic to such an address has that address as its source.
            port.loadBalancerIps().forEach(ip -> sources.add(ip.host()));
        }
        List<Rule> rules = new ArrayList<>();
        sources.forEach(source -> rules.add(Rule.of(outside, new Source(source, false), comment)));
        rules.add(Rule.of(
                new None(), new Comment("other traffic to " + name + " will be dropped by " + FixedRules.FIREWALL)));
        return rules;
    }

    /// Spreads connections evenly: the first of three takes a third, the second half of what is left.
    private List<Rule> dispatch(List<Endpoint> endpoints, boolean internalTraffic) {
        List<Rule> rules = new ArrayList<>();
        Rule masquerade = internalTraffic ? masqueradeInternal() : null;
        if (masquerade != null) {
            rules.add(masquerade);
        }
        int affinity = port.forwarding().affinitySeconds();
        if (affinity > 0) {
            endpoints.forEach(endpoint -> rules.add(rule(
                    new Jump(port.chain(endpoint)), arrow(endpoint), new Recently(port.chain(endpoint), affinity))));
        }
        for (int i = 0; i < endpoints.size(); i++) {
            Endpoint endpoint = endpoints.get(i);
            int left = endpoints.size() - i;
            Verdict jump = new Jump(port.chain(endpoint));
            rules.add(left == 1 ? rule(jump, arrow(endpoint)) : rule(jump, arrow(endpoint), new Chance(left)));
        }
        return rules;
    }

    private @Nullable Rule masqueradeInternal() {
        Cidr pods = settings.clusterCidr();
        if (settings.masqueradeAll()) {
            return to(port.clusterIp(), "cluster IP", MASQUERADE);
        }
        if (pods == null) {
            return null;
        }
        Rule rule = to(port.clusterIp(), "cluster IP", MASQUERADE);
        return new Rule(
                Stream.concat(Stream.of(new Source(pods, true)), rule.matches().stream())
                        .toList(),
                MASQUERADE);
    }

    /// A pod that reaches itself through its Service must see an answer from the Service: hairpin.
    private List<Rule> deliver(Endpoint endpoint) {
        List<Match> matches = new ArrayList<>(List.of(transport(), new Comment(name)));
        if (port.forwarding().affinitySeconds() > 0) {
            matches.add(new Remember(port.chain(endpoint)));
        }
        return List.of(
                rule(MASQUERADE, new Source(endpoint.backend().ip().host(), false), new Comment(name)),
                rule(new Dnat(endpoint.backend()), matches.toArray(Match[]::new)));
    }

    /// About a single endpoint.
    private Rule rule(Verdict verdict, Match... matches) {
        return new Rule(
                Stream.of(matches)
                        .filter(match -> !(terse && match instanceof Comment))
                        .toList(),
                verdict);
    }

    private Comment arrow(Endpoint endpoint) {
        return new Comment(name + " -> " + endpoint.backend());
    }

    private Rule to(Ip ip, String what, Verdict verdict) {
        return Rule.of(
                verdict,
                new Destination(ip.host(), false),
                transport(),
                new Comment(name + " " + what),
                new DestinationPort(port.protocol(), port.port().port()));
    }

    private Transport transport() {
        return new Transport(port.protocol());
    }

    private String internalChain() {
        return port.chain(port.internalLocal() ? "SVL" : "SVC");
    }

    private String missing() {
        return any ? "has no local endpoints" : "has no endpoints";
    }

    private Verdict refusal() {
        return any ? new Drop() : new Reject();
    }
}
