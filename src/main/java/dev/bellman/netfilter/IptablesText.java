package dev.bellman.netfilter;

import dev.bellman.address.Family;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.stream.Collectors;

/// Spells rules the way iptables-save 1.8 does, which iptables-restore reads too: what is printed, what is
/// loaded and what is read back from the kernel are the same lines.
public final class IptablesText {
    /// kube-proxy's masquerade bit, number 14.
    private static final String MARK = "0x4000";

    /// The kernel keeps a probability as a fraction of 2^31.
    private static final BigDecimal WHOLE = BigDecimal.valueOf(1L << 31);

    private final Family family;

    private IptablesText(Family family) {
        this.family = family;
    }

    /// Everything, as a file for iptables-restore into a kernel that has none of it.
    public static String save(Ruleset ruleset) {
        StringBuilder out = new StringBuilder();
        for (Table table : Table.values()) {
            out.append('*').append(table.word()).append('\n');
            List<Chain> chains = ruleset.chains().stream()
                    .filter(chain -> chain.table() == table)
                    .toList();
            chains.forEach(chain -> out.append(declaration(chain.name())).append('\n'));
            hooks(ruleset, table).forEach(line -> out.append(line).append('\n'));
            chains.forEach(chain -> lines(ruleset.family(), chain)
                    .forEach(line -> out.append(line).append('\n')));
            out.append("COMMIT\n");
        }
        return out.toString();
    }

    /// Makes a chain, or empties the one that is there.
    static String declaration(String chain) {
        return ":" + chain + " - [0:0]";
    }

    private static List<String> hooks(Ruleset ruleset, Table table) {
        return ruleset.hooks().stream()
                .filter(hook -> hook.table() == table)
                .map(hook -> line(ruleset.family(), hook.chain(), hook.rule()))
                .toList();
    }

    static List<String> lines(Family family, Chain chain) {
        return chain.rules().stream()
                .map(rule -> line(family, chain.name(), rule))
                .toList();
    }

    static String line(Family family, String chain, Rule rule) {
        return "-A " + chain + rule(family, rule);
    }

    /// What follows the name of the chain.
    static String rule(Family family, Rule rule) {
        IptablesText text = new IptablesText(family);
        return rule.matches().stream().map(text::match).collect(Collectors.joining())
                + endOfTransport(rule)
                + text.verdict(rule.verdict());
    }

    /// kube-proxy loads the protocol's own matches even where a rule has no port.
    private static String endOfTransport(Rule rule) {
        boolean port = rule.matches().stream().anyMatch(Match.DestinationPort.class::isInstance);
        return rule.matches().stream()
                .filter(match -> match instanceof Match.Transport && !port)
                .map(match -> " -m " + ((Match.Transport) match).protocol().word())
                .collect(Collectors.joining());
    }

    private String match(Match match) {
        return switch (match) {
            case Match.Source source -> not(source.not()) + " -s " + source.cidr();
            case Match.Destination destination -> not(destination.not()) + " -d " + destination.cidr();
            case Match.Transport transport -> " -p " + transport.protocol().word();
            case Match.DestinationPort port -> " -m " + port.protocol().word() + " --dport " + port.port();
            case Match.Comment comment -> " -m comment --comment \"" + comment.text() + "\"";
            case Match.SourceIsLocal _ -> " -m addrtype --src-type LOCAL";
            case Match.DestinationIsLocal _ -> " -m addrtype --dst-type LOCAL";
            case Match.ConnectionState state ->
                " -m conntrack" + not(state.not()) + " --ctstate " + String.join(",", state.states());
            case Match.Marked marked -> " -m mark" + not(marked.not()) + " --mark " + MARK + "/" + MARK;
            case Match.Chance chance -> " -m statistic --mode random --probability " + probability(chance.outOf());
            case Match.Recently recently ->
                " -m recent --rcheck --seconds " + recently.seconds() + " --reap --name " + recently.list() + mask();
            case Match.Remember remember -> " -m recent --set --name " + remember.list() + mask();
        };
    }

    private static String not(boolean not) {
        return not ? " !" : "";
    }

    private String mask() {
        return " --mask "
                + switch (family) {
                    case IPV4 -> "255.255.255.255";
                    case IPV6 -> "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff";
                }
                + " --rsource";
    }

    /// kube-proxy says ten places, the kernel keeps 31 bits of them, and iptables-save shows eleven places of
    /// those.
    static String probability(int outOf) {
        BigDecimal said = BigDecimal.ONE.divide(BigDecimal.valueOf(outOf), 10, RoundingMode.HALF_EVEN);
        BigDecimal kept = said.multiply(WHOLE).setScale(0, RoundingMode.HALF_UP);
        return kept.divide(WHOLE, 11, RoundingMode.HALF_EVEN).toPlainString();
    }

    private String verdict(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Jump jump -> " -j " + jump.chain();
            case Verdict.Return _ -> " -j RETURN";
            case Verdict.Accept _ -> " -j ACCEPT";
            case Verdict.Drop _ -> " -j DROP";
            case Verdict.Reject _ ->
                " -j REJECT --reject-with "
                        + (family == Family.IPV4 ? "icmp-port-unreachable" : "icmp6-port-unreachable");
            case Verdict.Dnat dnat -> " -j DNAT --to-destination " + dnat.to();
            case Verdict.Masquerade masquerade ->
                " -j MASQUERADE" + (masquerade.fullyRandom() ? " --random-fully" : "");
            case Verdict.SetMark _ -> " -j MARK --set-xmark " + MARK + "/" + MARK;
            case Verdict.ClearMark _ -> " -j MARK --set-xmark " + MARK + "/0x0";
            case Verdict.None _ -> "";
        };
    }
}
