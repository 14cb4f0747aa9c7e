package dev.bellman.agent;

import dev.bellman.address.Family;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a node must have before an agent touches anything.
public final class Preconditions {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final Path SELF = Path.of("/proc/self/status");

    /// `CAP_NET_ADMIN`, capabilities(7).
    private static final int NET_ADMIN = 12;

    private static final Map<String, String> PACKAGES = Map.of(
            "iptables-restore",
            "iptables",
            "ip6tables-restore",
            "iptables",
            "iptables-save",
            "iptables",
            "ip6tables-save",
            "iptables",
            "bird",
            "bird2");

    /// Every match and target that the rules use.
    private static final String SAMPLE = """
            *filter
            :BELLMAN-TEST - [0:0]
            -A BELLMAN-TEST -m comment --comment "test" -m conntrack --ctstate NEW -j REJECT
            COMMIT
            *nat
            :BELLMAN-TEST - [0:0]
            -A BELLMAN-TEST -m mark --mark 0x4000/0x4000 -m statistic --mode random --probability 0.5 -j RETURN
            -A BELLMAN-TEST -p tcp -m addrtype --dst-type LOCAL -m tcp --dport 80 -j MARK --set-xmark 0x4000/0x4000
            -A BELLMAN-TEST -m recent --name BELLMAN-TEST --rcheck --seconds 10 --reap --rsource -j RETURN
            -A BELLMAN-TEST -p tcp -m tcp -m recent --name BELLMAN-TEST --set --rsource -j DNAT --to-destination ADDRESS:80
            -A BELLMAN-TEST -j MASQUERADE --random-fully
            COMMIT
            """;

    private Preconditions() {}

    /// What is missing, each with what helps; empty if nothing is.
    public static List<String> missing() {
        List<String> missing = new ArrayList<>();
        if (!mayChangeTheNetwork()) {
            return List.of("the agent changes rules and routes: run it as root, or with CAP_NET_ADMIN");
        }
        PACKAGES.entrySet().stream().sorted(Map.Entry.comparingByKey()).forEach(program -> {
            if (find(program.getKey()).isEmpty()) {
                missing.add("there is no program " + program.getKey() + ": install the package " + program.getValue());
            }
        });
        if (missing.isEmpty()) {
            for (Family family : Family.values()) {
                sample(family).ifPresent(missing::add);
            }
        }
        return missing;
    }

    private static boolean mayChangeTheNetwork() {
        try {
            return Files.readAllLines(SELF).stream()
                    .filter(line -> line.startsWith("CapEff:"))
                    .map(line -> line.substring("CapEff:".length()).strip())
                    .anyMatch(mask -> (Long.parseUnsignedLong(mask, 16) >> NET_ADMIN & 1) == 1);
        } catch (IOException e) {
            return false;
        }
    }

    private static Optional<Path> find(String program) {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        for (String folder : path.split(":", -1)) {
            Path file = Path.of(folder, program);
            if (Files.isExecutable(file)) {
                return Optional.of(file);
            }
        }
        return Optional.empty();
    }

    /// iptables-restore says which match or target the kernel lacks.
    private static Optional<String> sample(Family family) {
        boolean ipv4 = family == Family.IPV4;
        String program = ipv4 ? "iptables-restore" : "ip6tables-restore";
        String sample = SAMPLE.replace("ADDRESS", ipv4 ? "192.0.2.1" : "[2001:db8::1]");
        Command.Result result = Command.run(List.of(program, "--test", "--noflush"), sample, LIMIT);
        return result.ok()
                ? Optional.empty()
                : Optional.of(
                        "the kernel cannot have kube-proxy's rules for " + family.word() + ": " + result.complaint());
    }
}
