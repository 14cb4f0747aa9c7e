package dev.bellman.bird;

import dev.bellman.address.Cidr;
import dev.bellman.address.Family;
import dev.bellman.address.Ip;
import dev.bellman.model.Speaker;
import dev.bellman.plan.NodeState;
import dev.bellman.plan.PlannedPeer;
import dev.bellman.plan.RouteAttributes;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The files of a node's BIRD 2. The same state gives the same bytes.
///
/// @param main everything but the routes; holds passwords
/// @param routes the routes to announce now, which the main file includes
/// @param peers the peers by the name that BIRD knows their session by
public record BirdConfig(String main, String routes, NavigableMap<String, PlannedPeer> peers) {
    /// The file of routes, beside the main file.
    public static final String ROUTES_FILE = "routes.conf";

    /// The protocols that hold the routes.
    private static final Map<Family, String> STATIC = Map.of(Family.IPV4, "services4", Family.IPV6, "services6");

    /// Restarted, BIRD waits this long at most for its peers before it corrects what they remember of it, in
    /// seconds.
    private static final int RECOVERY_SECONDS = 30;

    /// @param routesFile where the main file finds the routes, absolute or relative to the main file
    /// @param logFile where BIRD writes its log, or null for stderr
    /// @param password of a peer, or null where its Secret is not there
    public record Paths(
            String routesFile, @Nullable String logFile, Function<Speaker.SecretRef, @Nullable String> password) {}

    public static BirdConfig of(NodeState state, NavigableMap<Cidr, RouteAttributes> routes, Paths paths) {
        NavigableMap<String, PlannedPeer> peers = new TreeMap<>();
        state.plan().peers().forEach(peer -> peers.put(name(peer), peer));
        return new BirdConfig(new Main(state, peers, paths).text(), routes(routes), peers);
    }

    /// BIRD's names are short and begin with a letter; a speaker's and a peer's need not be.
    private static String name(PlannedPeer peer) {
        long hash = 0xcbf29ce484222325L;
        for (byte b : (peer.speaker() + "/" + peer.peer().name()).getBytes(StandardCharsets.UTF_8)) {
            // FNV-1a, 64 bits.
            hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
        }
        return "peer_%016x".formatted(hash);
    }

    private static String routes(NavigableMap<Cidr, RouteAttributes> routes) {
        StringBuilder out = new StringBuilder();
        for (Family family : Family.values()) {
            out.append("protocol static ").append(STATIC.get(family)).append(" {\n");
            out.append("  ").append(word(family)).append(";\n");
            routes.forEach((prefix, attributes) -> {
                if (prefix.family() == family) {
                    out.append("  route ")
                            .append(prefix)
                            .append(" blackhole")
                            .append(block(attributes))
                            .append(";\n");
                }
            });
            out.append("}\n");
        }
        return out.toString();
    }

    private static String word(Family family) {
        return family.word().toLowerCase(Locale.ROOT);
    }

    private static String block(RouteAttributes attributes) {
        List<String> set = new ArrayList<>();
        for (String community : attributes.communities()) {
            String[] parts = community.split(":");
            set.add((parts.length == 2 ? "bgp_community" : "bgp_large_community") + ".add((" + String.join(", ", parts)
                    + "));");
        }
        if (attributes.localPreference() != null) {
            set.add("bgp_local_pref = " + attributes.localPreference() + ";");
        }
        if (attributes.med() != null) {
            set.add("bgp_med = " + attributes.med() + ";");
        }
        return set.isEmpty() ? "" : " { " + String.join(" ", set) + " }";
    }

    /// Writes the main file.
    private static final class Main {
        private final NodeState state;
        private final NavigableMap<String, PlannedPeer> peers;
        private final Paths paths;
        private final NavigableMap<Cidr, RouteAttributes> allowed;
        private final StringBuilder out = new StringBuilder();

        Main(NodeState state, NavigableMap<String, PlannedPeer> peers, Paths paths) {
            this.state = state;
            this.peers = peers;
            this.paths = paths;
            this.allowed = Announced.allowed(state);
        }

        String text() {
            line("# Bellman's agent on node " + comment(state.node().name()) + " writes this file, and overwrites it.");
            line(paths.logFile() == null ? "log stderr all;" : "log \"" + paths.logFile() + "\" all;");
            line("router id " + routerId() + ";");
            line("graceful restart wait " + RECOVERY_SECONDS + ";");
            line("");
            line("protocol device {", "}", "");
            line("# The next hops of internal BGP have to be known. Nothing is exported to the kernel: a route for a");
            line("# service's prefix there would break connections from the node itself.");
            line("protocol direct {", "  ipv4;", "  ipv6;", "}", "");
            if (peers.values().stream().anyMatch(peer -> peer.peer().bfd().enabled())) {
                line("protocol bfd {", "}", "");
            }
            line("include \"" + paths.routesFile() + "\";");
            for (Family family : Family.values()) {
                filter(family);
            }
            peers.forEach(this::session);
            return out.toString();
        }

        /// Only what is in our own file of routes, and of that only what the plan allows.
        private void filter(Family family) {
            line("", "function planned_" + word(family) + "()", "{");
            line("  if source != RTS_STATIC || proto != \"" + STATIC.get(family) + "\" then return false;");
            List<Cidr> prefixes = allowed.keySet().stream()
                    .filter(prefix -> prefix.family() == family)
                    .toList();
            line(prefixes.isEmpty() ? "  return false;" : "  return net ~ " + set(prefixes, "    ") + ";", "}");
        }

        private static String set(Collection<Cidr> prefixes, String indent) {
            return prefixes.stream()
                    .map(prefix -> indent + prefix)
                    .collect(Collectors.joining(",\n", "[\n", "\n" + indent.substring(2) + "]"));
        }

        private void session(String name, PlannedPeer planned) {
            Speaker.Peer peer = planned.peer();
            String password = peer.password() == null ? null : paths.password().apply(peer.password());
            line("");
            line("# " + comment(peer.name()) + ", of the BGPSpeaker " + comment(planned.speaker()));
            line("protocol bgp " + name + " {");
            line("  local as " + planned.localAsn() + ";");
            line("  neighbor " + peer.address() + " port " + peer.port() + " as " + peer.asn() + ";");
            if (peer.password() != null && password == null) {
                line("  # Its password is not there, and without one it is not opened.", "  disabled;");
            }
            if (password != null) {
                line("  password \"" + password(password) + "\";");
            }
            line("  hold time " + peer.holdTime() + ";");
            if (peer.keepalive() != null) {
                line("  keepalive time " + peer.keepalive() + ";");
            }
            if (peer.multihopTtl() != null) {
                line("  multihop " + peer.multihopTtl() + ";");
            }
            // A router that was away is asked again soon; BIRD's own default is two minutes.
            line("  connect delay time 1;", "  connect retry time 5;", "  error wait time 1, 30;");
            Speaker.GracefulRestart restart = peer.gracefulRestart();
            line("  graceful restart " + (restart.enabled() ? "on" : "off") + ";");
            if (restart.enabled()) {
                line("  graceful restart time " + restart.restartTimeSeconds() + ";");
            }
            Speaker.Bfd bfd = peer.bfd();
            if (bfd.enabled()) {
                line("  bfd {");
                line("    min tx interval " + bfd.minTxMillis() + " ms;");
                line("    min rx interval " + bfd.minRxMillis() + " ms;");
                line("    multiplier " + bfd.multiplier() + ";");
                line("  };");
            }
            for (Family family : Family.values()) {
                channel(family, planned);
            }
            line("}");
        }

        /// Families of which the node has an address; that is the next hop, whatever the session runs over.
        private void channel(Family family, PlannedPeer planned) {
            Ip nextHop = state.node().internalIp(family);
            if (nextHop == null && planned.peer().address().family() != family) {
                return;
            }
            line("  " + word(family) + " {");
            line("    import none;");
            line("    export filter {");
            line("      if !planned_" + word(family) + "() then reject;");
            prepend(family, planned);
            line("      accept;");
            line("    };");
            if (nextHop != null) {
                line("    next hop address " + nextHop + ";");
            }
            line("  };");
        }

        /// To a peer of the same AS a path with that AS in it would be a loop.
        private void prepend(Family family, PlannedPeer planned) {
            if (planned.localAsn() == planned.peer().asn()) {
                return;
            }
            NavigableMap<Long, List<Cidr>> byCount = new TreeMap<>();
            allowed.forEach((prefix, attributes) -> {
                Long count = attributes.prepend();
                if (prefix.family() == family && count != null && count > 0) {
                    byCount.computeIfAbsent(count, _ -> new ArrayList<>()).add(prefix);
                }
            });
            byCount.forEach((count, prefixes) -> {
                line("      if net ~ " + set(prefixes, "        ") + " then {");
                for (long i = 0; i < count; i++) {
                    line("        bgp_path.prepend(" + planned.localAsn() + ");");
                }
                line("      }");
            });
        }

        /// The node's IPv4 address, or four bytes that stand for its name (RFC 6286: any number but 0).
        private String routerId() {
            Ip ip = state.node().internalIp(Family.IPV4);
            if (ip != null) {
                return ip.toString();
            }
            int hash = state.node().name().hashCode();
            int id = hash == 0 ? 1 : hash;
            return (id >>> 24) + "." + (id >>> 16 & 0xff) + "." + (id >>> 8 & 0xff) + "." + (id & 0xff);
        }

        private void line(String... lines) {
            for (String line : lines) {
                out.append(line).append('\n');
            }
        }

        private static String comment(String text) {
            return text.replaceAll("[^-._a-zA-Z0-9]", "?");
        }

        /// BIRD's strings have no escapes: a quote or a line break cannot be in them, and would end the string.
        private static String password(String text) {
            return text.replaceAll("[\"\\r\\n]", "");
        }
    }
}
