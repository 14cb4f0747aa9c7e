package dev.bellman.netfilter;

import dev.bellman.address.Cidr;
import dev.bellman.address.Family;
import dev.bellman.address.Ip;
import dev.bellman.netfilter.Match.Comment;
import dev.bellman.netfilter.Match.ConnectionState;
import dev.bellman.netfilter.Match.Destination;
import dev.bellman.netfilter.Match.DestinationIsLocal;
import dev.bellman.netfilter.Match.Marked;
import dev.bellman.netfilter.Match.Source;
import dev.bellman.netfilter.Verdict.Accept;
import dev.bellman.netfilter.Verdict.ClearMark;
import dev.bellman.netfilter.Verdict.Drop;
import dev.bellman.netfilter.Verdict.Jump;
import dev.bellman.netfilter.Verdict.Masquerade;
import dev.bellman.netfilter.Verdict.Return;
import dev.bellman.netfilter.Verdict.SetMark;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// The chains that every node has, and the rules that lead into them.
final class FixedRules {
    static final String MARK_MASQ = "KUBE-MARK-MASQ";
    static final String FIREWALL = "KUBE-PROXY-FIREWALL";
    static final String SERVICES = "KUBE-SERVICES";
    private static final String EXTERNAL_SERVICES = "KUBE-EXTERNAL-SERVICES";
    private static final String NODEPORTS = "KUBE-NODEPORTS";
    private static final String POSTROUTING = "KUBE-POSTROUTING";
    private static final String FORWARD = "KUBE-FORWARD";
    private static final String LOCALNET = "KUBE-FIREWALL";

    private static final Cidr IPV4_LOOPBACK = Objects.requireNonNull(Cidr.parse("127.0.0.0/8"));
    private static final Cidr IPV6_LOOPBACK = Objects.requireNonNull(Cidr.parse("::1/128"));

    private final NodeSettings settings;
    private final List<Rule> services = new ArrayList<>();
    private final List<Rule> nodePorts = new ArrayList<>();
    private final List<Rule> refused = new ArrayList<>();
    private final List<Rule> refusedOutside = new ArrayList<>();
    private final List<Rule> healthChecks = new ArrayList<>();
    private final List<Rule> firewall = new ArrayList<>();
    private final List<Chain> ofServices = new ArrayList<>();

    FixedRules(NodeSettings settings) {
        this.settings = settings;
    }

    void add(PortRules port) {
        add(services, port.services);
        add(nodePorts, port.nodePorts);
        add(refused, port.refused);
        add(refusedOutside, port.refusedOutside);
        add(healthChecks, port.healthChecks);
        add(firewall, port.firewall);
        add(ofServices, port.chains);
    }

    /// Most are empty, and `addAll` makes an array of each.
    private static <T> void add(List<T> all, List<T> some) {
        for (int i = 0; i < some.size(); i++) {
            all.add(some.get(i));
        }
    }

    Ruleset ruleset() {
        List<Chain> chains = new ArrayList<>();
        chains.add(new Chain(Table.FILTER, EXTERNAL_SERVICES, refusedOutside));
        chains.add(new Chain(Table.FILTER, LOCALNET, blocksLocalnet() ? List.of(localnet()) : List.of()));
        chains.add(new Chain(Table.FILTER, FORWARD, forward()));
        chains.add(new Chain(Table.FILTER, NODEPORTS, healthChecks));
        chains.add(new Chain(Table.FILTER, FIREWALL, firewall));
        chains.add(new Chain(Table.FILTER, SERVICES, refused));
        chains.add(new Chain(Table.NAT, MARK_MASQ, List.of(Rule.of(new SetMark()))));
        chains.add(new Chain(Table.NAT, NODEPORTS, nodePorts));
        chains.add(new Chain(Table.NAT, POSTROUTING, postrouting()));
        List<Rule> allServices = new ArrayList<>(services);
        allServices.addAll(toNodePorts());
        chains.add(new Chain(Table.NAT, SERVICES, allServices));
        chains.addAll(ofServices);
        return new Ruleset(settings.family(), chains, hooks());
    }

    /// Node ports on 127.0.0.1 need `route_localnet`, which would open the loopback addresses to the network.
    private boolean blocksLocalnet() {
        return settings.family() == Family.IPV4 && settings.localhostNodePorts();
    }

    private static Rule localnet() {
        return Rule.of(
                new Drop(),
                new Source(IPV4_LOOPBACK, true),
                new Destination(IPV4_LOOPBACK, false),
                new Comment("block incoming localnet connections"),
                new ConnectionState(List.of("RELATED", "ESTABLISHED", "DNAT"), true));
    }

    private List<Rule> forward() {
        List<Rule> rules = new ArrayList<>();
        if (!settings.liberalTcp()) {
            // A packet that conntrack cannot place would reach the client with the pod's address and reset it.
            rules.add(Rule.of(new Drop(), new ConnectionState(List.of("INVALID"), false)));
        }
        rules.add(Rule.of(new Accept(), new Comment("kubernetes forwarding rules"), new Marked(false)));
        rules.add(Rule.of(
                new Accept(),
                new Comment("kubernetes forwarding conntrack rule"),
                new ConnectionState(List.of("RELATED", "ESTABLISHED"), false)));
        return rules;
    }

    private static List<Rule> postrouting() {
        return List.of(
                Rule.of(new Return(), new Marked(true)),
                Rule.of(new ClearMark()),
                Rule.of(new Masquerade(true), new Comment("kubernetes service traffic requiring SNAT")));
    }

    private List<Rule> toNodePorts() {
        Comment last = new Comment("kubernetes service nodeports; NOTE: this must be the last rule in this chain");
        Verdict jump = new Jump(NODEPORTS);
        if (!settings.nodePortAddresses().isEmpty()) {
            return settings.nodeIps().stream()
                    .filter(ip -> settings.nodePortAddresses().stream().anyMatch(cidr -> cidr.contains(ip)))
                    .map(Ip::host)
                    .map(ip -> Rule.of(jump, new Destination(ip, false), last))
                    .toList();
        }
        List<Match> matches = new ArrayList<>();
        if (settings.family() == Family.IPV6) {
            matches.add(new Destination(IPV6_LOOPBACK, true));
        } else if (!settings.localhostNodePorts()) {
            matches.add(new Destination(IPV4_LOOPBACK, true));
        }
        matches.add(last);
        matches.add(new DestinationIsLocal());
        return List.of(new Rule(matches, jump));
    }

    /// Top first. kube-proxy inserts each at the head of its chain, so its own list is the other way round.
    private List<Hook> hooks() {
        List<Hook> hooks = new ArrayList<>();
        for (String chain : List.of("INPUT", "FORWARD", "OUTPUT")) {
            if (!chain.equals("FORWARD")) {
                hooks.add(new Hook(Table.FILTER, chain, Rule.of(new Jump(LOCALNET))));
            }
            hooks.add(onNew(chain, FIREWALL, "kubernetes load balancer firewall"));
            switch (chain) {
                case "INPUT" -> {
                    hooks.add(hook(Table.FILTER, chain, NODEPORTS, "kubernetes health check service ports"));
                    hooks.add(onNew(chain, EXTERNAL_SERVICES, "kubernetes externally-visible service portals"));
                }
                case "FORWARD" -> {
                    hooks.add(hook(Table.FILTER, chain, FORWARD, "kubernetes forwarding rules"));
                    hooks.add(onNew(chain, SERVICES, "kubernetes service portals"));
                    hooks.add(onNew(chain, EXTERNAL_SERVICES, "kubernetes externally-visible service portals"));
                }
                default -> hooks.add(onNew(chain, SERVICES, "kubernetes service portals"));
            }
        }
        hooks.add(hook(Table.NAT, "PREROUTING", SERVICES, "kubernetes service portals"));
        hooks.add(hook(Table.NAT, "OUTPUT", SERVICES, "kubernetes service portals"));
        hooks.add(hook(Table.NAT, "POSTROUTING", POSTROUTING, "kubernetes postrouting rules"));
        return hooks;
    }

    private static Hook onNew(String chain, String to, String why) {
        return new Hook(
                Table.FILTER,
                chain,
                Rule.of(new Jump(to), new ConnectionState(List.of("NEW"), false), new Comment(why)));
    }

    private static Hook hook(Table table, String chain, String to, String why) {
        return new Hook(table, chain, Rule.of(new Jump(to), new Comment(why)));
    }
}
