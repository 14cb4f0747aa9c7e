package dev.bellman.bird;

import dev.bellman.address.Cidr;
import dev.bellman.address.Family;
import dev.bellman.address.Ip;
import dev.bellman.model.ClusterNode;
import dev.bellman.model.Speaker.SecretRef;
import dev.bellman.plan.NodePlan;
import dev.bellman.plan.NodeState;
import dev.bellman.plan.PlannedPeer;
import dev.bellman.plan.RouteAttributes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The files that BIRD 2 on a node reads. The same plan and routes give the same bytes.
///
/// The routes lie in tables of their own, into which nothing but Bellman's static routes leads and out of which
/// nothing but the sessions reads. There is no kernel protocol: the node's own routing table neither gives
/// routes nor gets any, and nothing that a peer sends is taken. The sessions' filter lets through what the plan
/// says and no more, so a route that somebody adds by hand stays where it is. Since no route is taken from
/// peers there is no next hop to resolve, and hence no `protocol direct`.
///
/// The sessions stand before the routes. BIRD reconfigures protocols in the order of the file, and a route that
/// comes before the filter that lets it through would be held back for good under `configure soft`.
///
/// @param main the file to start BIRD with; it changes with the plan and includes the others from its own folder
/// @param routes what is announced now; it changes with the endpoints
/// @param passwords the only file that holds secrets
/// @param heldDown sessions that stay closed
public record BirdConfig(String main, String routes, String passwords, List<HeldDown> heldDown) {
    public static final String MAIN_FILE = "bird.conf";
    public static final String ROUTES_FILE = "routes.conf";
    public static final String PASSWORDS_FILE = "passwords.conf";

    /// How often an AS number may be added, by the schema.
    private static final int MOST_PREPENDED = 10;

    /// Seconds for which BIRD, once it is started to recover, waits for all its peers before it tells any of them
    /// anything. It learns nothing from them, so this is only the time that sessions need to come back; 240 by
    /// default, for which one peer that is away would keep the others uninformed.
    private static final int RECOVERY = 10;

    private static final String INCLUDE_ROUTES = include(ROUTES_FILE);
    private static final String INCLUDE_PASSWORDS = include(PASSWORDS_FILE);

    public BirdConfig {
        heldDown = List.copyOf(heldDown);
    }

    /// @param routes what to announce now: all that [Announced] says, or what of it may be announced yet
    /// @param passwords a session's password, or null where it is not known; its session is then held down
    public static BirdConfig of(
            NodeState state,
            NavigableMap<Cidr, RouteAttributes> routes,
            Function<SecretRef, @Nullable String> passwords) {
        NodePlan plan = state.plan();
        ClusterNode node = state.node();
        NavigableMap<Cidr, String> possible = Announced.possible(plan);
        List<String> sessions = new ArrayList<>();
        List<HeldDown> heldDown = new ArrayList<>();
        StringBuilder secrets = new StringBuilder();
        Set<Ip> seen = new HashSet<>();
        boolean hasAddress = Stream.of(Family.values()).anyMatch(family -> node.internalIp(family) != null);
        for (PlannedPeer peer : plan.peers()) {
            Ip address = peer.peer().address();
            if (!hasAddress || !seen.add(address)) {
                heldDown.add(new HeldDown(
                        peer, hasAddress ? "there is another session with " + address : "the node has no InternalIP"));
                continue;
            }
            SecretRef secret = peer.peer().password();
            String password = secret == null ? null : passwords.apply(secret);
            String fault = secret == null ? null : Password.fault(password);
            if (fault != null) {
                heldDown.add(new HeldDown(peer, fault));
            } else if (password != null) {
                secrets.append(define(Session.passwordName(address), password));
            }
            sessions.add(new Session(node, peer, fault).text());
        }
        return new BirdConfig(main(state, possible, sessions), routes(routes, possible), secrets.toString(), heldDown);
    }

    /// All in one file, for a reader and for `bird -p`. Passwords are not shown.
    public String shown() {
        return main.replace(INCLUDE_PASSWORDS, passwords.replaceAll("\"[^\"]*\"", "\"(not shown)\""))
                .replace(INCLUDE_ROUTES, routes);
    }

    /// The name of the protocol that keeps the session with a peer.
    public static String protocol(Ip peer) {
        return Session.name(peer);
    }

    /// The table that holds a family's routes.
    public static String table(Family family) {
        return switch (family) {
            case IPV4 -> "services4";
            case IPV6 -> "services6";
        };
    }

    static String staticProtocol(Family family) {
        return "services_" + channel(family);
    }

    static String planned(Family family) {
        return "planned_" + channel(family);
    }

    static String channel(Family family) {
        return family.word().toLowerCase(Locale.ROOT);
    }

    private static String include(String file) {
        return "include \"" + file + "\";\n";
    }

    private static String define(String name, String password) {
        return "define '" + name + "' = \"" + password + "\";\n";
    }

    private static String main(NodeState state, NavigableMap<Cidr, String> possible, List<String> sessions) {
        List<PlannedPeer> peers = state.plan().peers();
        StringBuilder text = new StringBuilder();
        text.append("# BIRD 2 on node ")
                .append(Words.plain(state.node().name()))
                .append(", written by Bellman.\n");
        text.append("log \"bird.log\" 1000000 \"bird.log.1\" { info, remote, warning, error, auth, fatal, bug };\n");
        text.append("router id ").append(RouterId.of(state.node())).append(";\n");
        text.append("graceful restart wait ").append(RECOVERY).append(";\n\n");
        text.append("protocol device {\n}\n\n");
        if (peers.stream().anyMatch(peer -> peer.peer().bfd().enabled())) {
            text.append("protocol bfd {\n}\n\n");
        }
        for (Family family : Family.values()) {
            text.append(channel(family)).append(" table ").append(table(family)).append(";\n");
        }
        text.append("\n# Nothing else is ever announced.\n");
        for (Family family : Family.values()) {
            text.append(planned(family, possible.keySet()));
        }
        // The routes set it whether or not somebody reads it.
        text.append("\nattribute int times_prepended;\n");
        if (peers.stream().anyMatch(peer -> peer.peer().asn() != peer.localAsn())) {
            text.append(prepending());
        }
        text.append('\n').append(INCLUDE_PASSWORDS).append('\n');
        sessions.forEach(session -> text.append(session).append('\n'));
        return text.append(INCLUDE_ROUTES).toString();
    }

    private static String planned(Family family, Set<Cidr> possible) {
        List<Cidr> own =
                possible.stream().filter(cidr -> cidr.family() == family).toList();
        String list = own.stream().map(cidr -> "  " + cidr).collect(Collectors.joining(",\n", "\n", "\n"));
        return "define " + planned(family) + " = [" + (own.isEmpty() ? "" : list) + "];\n";
    }

    /// A peer of the same AS would refuse a path with its own AS number in it (RFC 4271 section 9.1.2), so that
    /// only other ASes see it.
    private static String prepending() {
        StringBuilder text = new StringBuilder("function prepend_own(int own_as) {\n");
        text.append("  if defined(times_prepended) then {\n");
        for (int i = 0; i < MOST_PREPENDED; i++) {
            text.append("    if times_prepended > ").append(i).append(" then bgp_path.prepend(own_as);\n");
        }
        return text.append("  }\n}\n").toString();
    }

    private static String routes(NavigableMap<Cidr, RouteAttributes> routes, NavigableMap<Cidr, String> origins) {
        StringBuilder text = new StringBuilder();
        for (Family family : Family.values()) {
            text.append("protocol static ").append(staticProtocol(family)).append(" {\n");
            text.append("  ")
                    .append(channel(family))
                    .append(" { table ")
                    .append(table(family))
                    .append("; };\n");
            routes.forEach((prefix, attributes) -> {
                if (prefix.family() == family) {
                    text.append(route(prefix, attributes, origins.getOrDefault(prefix, "not in the plan")));
                }
            });
            text.append("}\n");
        }
        return text.toString();
    }

    /// What a [#ROUTES_FILE] announces.
    public static Set<Cidr> prefixes(String routes) {
        return routes.lines()
                .map(line -> line.strip().split(" "))
                .filter(words -> words.length > 1 && words[0].equals("route"))
                .map(words -> Cidr.parse(words[1]))
                .filter(Objects::nonNull)
                .collect(Collectors.toUnmodifiableSet());
    }

    private static String route(Cidr prefix, RouteAttributes attributes, String origin) {
        List<String> statements = statements(attributes);
        return "  route " + prefix + " blackhole"
                + (statements.isEmpty() ? "" : " { " + String.join(" ", statements) + " }")
                + "; # " + Words.plain(origin) + "\n";
    }

    private static List<String> statements(RouteAttributes attributes) {
        List<String> statements =
                new ArrayList<>(Communities.statements(attributes.communities()).toList());
        if (attributes.localPreference() != null) {
            statements.add("bgp_local_pref = " + attributes.localPreference() + ";");
        }
        if (attributes.med() != null) {
            statements.add("bgp_med = " + attributes.med() + ";");
        }
        if (attributes.prepend() != null && attributes.prepend() > 0) {
            statements.add("times_prepended = " + attributes.prepend() + ";");
        }
        return statements;
    }

    /// Without the passwords.
    @Override
    public String toString() {
        return "BirdConfig[" + shown() + "]";
    }
}
