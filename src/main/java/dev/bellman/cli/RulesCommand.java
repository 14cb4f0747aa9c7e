package dev.bellman.cli;

import dev.bellman.address.Cidr;
import dev.bellman.address.Family;
import dev.bellman.netfilter.IptablesText;
import dev.bellman.netfilter.NodeRules;
import dev.bellman.netfilter.NodeSettings;
import dev.bellman.plan.NodeState;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;

/// `bellman rules`: the Service rules that a node would load.
final class RulesCommand implements CliCommand {
    static final String NAME = "rules";

    /// A spelling of rules.
    private enum Dialect {
        IPTABLES
    }

    private enum Version {
        IPV4(Family.IPV4),
        IPV6(Family.IPV6);

        private final Family family;

        Version(Family family) {
            this.family = family;
        }
    }

    private final Terminal terminal;
    private final PositionalParamSpec paths = Options.paths();
    private final SourceOptions source = new SourceOptions();
    private final OutputOptions output = new OutputOptions();
    private final OptionSpec node = Options.one("NODE", "The node whose rules are meant.", "--node")
            .required(true)
            .build();
    private final OptionSpec dialect = Options.word(
                    Dialect.class,
                    Dialect.IPTABLES,
                    "DIALECT",
                    "iptables: as iptables-save prints rules and iptables-restore reads them.",
                    "--dialect")
            .build();
    private final OptionSpec family = Options.word(
                    Version.class,
                    Version.IPV4,
                    "FAMILY",
                    "ipv4 (default) or ipv6: each has rules of its own, for iptables-restore or ip6tables-restore.",
                    "--family")
            .build();
    private final OptionSpec clusterCidr = Options.one(
                    "CIDR[,CIDR]",
                    "The pods' addresses, as kube-proxy's option. Default: what the node's AdvertisementClass says "
                            + "in dataplane.clusterCIDR.",
                    "--cluster-cidr")
            .build();
    private final OptionSpec masqueradeAll = Options.flag(
                    "As kube-proxy's option: masquerade all that goes to a cluster IP.", "--masquerade-all")
            .build();
    private final OptionSpec nodePortAddresses = Options.one(
                    "CIDR[,CIDR...]",
                    "As kube-proxy's option: serve node ports only on addresses in these ranges. Default: on all.",
                    "--nodeport-addresses")
            .build();
    private final CommandSpec spec = CommandSpec.wrapWithoutInspection(this);

    RulesCommand(Terminal terminal) {
        this.terminal = terminal;
        spec.name(NAME).addPositional(paths);
        spec.addOption(node).addOption(dialect).addOption(family);
        spec.addOption(clusterCidr).addOption(masqueradeAll).addOption(nodePortAddresses);
        source.addTo(spec);
        output.addTo(spec);
        Options.help(
                spec,
                List.of(
                        "Print the Service rules that a node would load: kube-proxy's chains, to the letter.",
                        "",
                        "For the Services and endpoints in the manifests, after the plan's patches."),
                List.of(
                        "  bellman rules --node worker1 gitops/",
                        "  bellman rules --node worker1 gitops/ | iptables-restore --test",
                        "  kubectl get services,endpointslices,nodes -A -o yaml | bellman rules --node worker1 -"));
    }

    @Override
    public CommandSpec spec() {
        return spec;
    }

    @Override
    public Integer call() {
        Inspection inspection;
        String rules;
        try (Progress _ = output.progress(terminal, "computing rules")) {
            inspection = Inspection.of(source.request(terminal, Options.texts(paths)), source.calicoVersion());
            NodeState state = NodeStates.get(inspection, String.valueOf(Options.text(node)));
            rules = IptablesText.save(NodeRules.of(state, settings(state)));
        }
        terminal.out().print(rules);
        return Errors.warn(terminal, inspection).code();
    }

    private NodeSettings settings(NodeState state) {
        NodeSettings settings = NodeRules.settings(state, Options.word(family, Version.class).family);
        List<Cidr> pods = cidrs(clusterCidr);
        return new NodeSettings(
                settings.family(),
                Options.text(clusterCidr) == null ? settings.clusterCidr() : ofFamily(pods, settings.family()),
                Options.isSet(masqueradeAll),
                cidrs(nodePortAddresses),
                settings.nodeIps(),
                settings.localhostNodePorts(),
                settings.liberalTcp());
    }

    private static @Nullable Cidr ofFamily(List<Cidr> cidrs, Family family) {
        return cidrs.stream()
                .filter(cidr -> cidr.family() == family)
                .findFirst()
                .orElse(null);
    }

    /// @throws ParameterException if a part is no CIDR
    private static List<Cidr> cidrs(OptionSpec option) {
        String text = Options.text(option);
        List<Cidr> cidrs = new ArrayList<>();
        for (String part : text == null ? new String[0] : text.split(",", -1)) {
            Cidr cidr = Cidr.parse(part.strip());
            if (cidr == null) {
                throw new ParameterException(
                        option.command().commandLine(),
                        "not a CIDR in " + option.longestName() + ": " + part + ", such as 10.48.0.0/16");
            }
            cidrs.add(cidr.masked());
        }
        return cidrs;
    }
}
