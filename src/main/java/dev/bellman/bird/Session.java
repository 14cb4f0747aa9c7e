package dev.bellman.bird;

import dev.bellman.address.Family;
import dev.bellman.address.Ip;
import dev.bellman.model.ClusterNode;
import dev.bellman.model.Speaker.Bfd;
import dev.bellman.model.Speaker.Peer;
import dev.bellman.plan.PlannedPeer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Spells one session as a protocol of BIRD.
///
/// It offers every family of which the node has an address, whichever family it runs over (RFC 4760); the peer
/// takes those that it is configured for. So one session over IPv4 is enough for both, and a router that has
/// one for each hears the same route twice, with the same next hop. The next hop is the node's InternalIP, as
/// predicted.
final class Session {
    /// Seconds. BIRD's own defaults keep a session down for minutes after its peer was away.
    private static final List<String> TIMERS =
            List.of("connect delay time 1;", "connect retry time 10;", "error wait time 1, 30;");

    private final ClusterNode node;
    private final PlannedPeer planned;
    private final Peer peer;
    private final @Nullable String heldDown;

    /// @param heldDown why it is not opened, or null
    Session(ClusterNode node, PlannedPeer planned, @Nullable String heldDown) {
        this.node = node;
        this.planned = planned;
        this.peer = planned.peer();
        this.heldDown = heldDown;
    }

    /// The address is what tells sessions apart, and has no character that means anything to BIRD.
    static String name(Ip peer) {
        return "bgp_" + peer;
    }

    static String passwordName(Ip peer) {
        return "password_" + peer;
    }

    String text() {
        List<String> lines = new ArrayList<>();
        lines.add("protocol bgp '" + name(peer.address()) + "' {");
        statements().forEach(statement -> lines.add("  " + statement));
        for (Family family : Family.values()) {
            Ip nextHop = node.internalIp(family);
            if (nextHop != null) {
                channel(family, nextHop).forEach(line -> lines.add("  " + line));
            }
        }
        lines.add("}");
        return String.join("\n", lines) + "\n";
    }

    private List<String> statements() {
        List<String> statements = new ArrayList<>();
        statements.add("description \"" + Words.plain(peer.name()) + " of BGPSpeaker " + Words.plain(planned.speaker())
                + "\";");
        if (heldDown != null) {
            statements.add("disabled; # " + heldDown);
        }
        Ip source = node.internalIp(peer.address().family());
        statements.add("local " + (source == null ? "" : source + " ") + "as " + planned.localAsn() + ";");
        statements.add("neighbor " + peer.address() + " port " + peer.port() + " as " + peer.asn() + ";");
        statements.add(distance());
        statements.addAll(TIMERS);
        statements.add("hold time " + peer.holdTime() + ";");
        if (peer.keepalive() != null) {
            statements.add("keepalive time " + peer.keepalive() + ";");
        }
        if (peer.gracefulRestart().enabled()) {
            statements.add("graceful restart on;");
            statements.add("graceful restart time " + peer.gracefulRestart().restartTimeSeconds() + ";");
        } else {
            statements.add("graceful restart off;");
        }
        if (peer.bfd().enabled()) {
            statements.add(bfd(peer.bfd()));
        }
        if (peer.password() != null && heldDown == null) {
            statements.add("password '" + passwordName(peer.address()) + "';");
        }
        return statements;
    }

    /// A peer of the same AS may be anywhere in it, one of another AS is next door unless the speaker says
    /// otherwise.
    private String distance() {
        Long ttl = peer.multihopTtl();
        if (ttl == null) {
            return external() ? "direct;" : "multihop;";
        }
        return ttl == 1 ? "direct;" : "multihop " + ttl + ";";
    }

    private boolean external() {
        return peer.asn() != planned.localAsn();
    }

    private static String bfd(Bfd bfd) {
        return "bfd { min rx interval " + bfd.minRxMillis() + " ms; min tx interval " + bfd.minTxMillis()
                + " ms; multiplier " + bfd.multiplier() + "; };";
    }

    private List<String> channel(Family family, Ip nextHop) {
        List<String> lines = new ArrayList<>();
        lines.add(BirdConfig.channel(family) + " {");
        lines.add("  table " + BirdConfig.table(family) + ";");
        lines.add("  import none;");
        lines.add("  export filter {");
        lines.add("    if proto != \"" + BirdConfig.staticProtocol(family) + "\" || net !~ "
                + BirdConfig.planned(family) + " then reject;");
        if (external()) {
            lines.add("    prepend_own(" + planned.localAsn() + ");");
            // To another AS, BIRD sends a MED only where the session's own filter sets it.
            lines.add("    if defined(bgp_med) then bgp_med = bgp_med;");
        }
        lines.add("    accept;");
        lines.add("  };");
        lines.add("  next hop address " + nextHop + ";");
        lines.add("};");
        return lines;
    }
}
