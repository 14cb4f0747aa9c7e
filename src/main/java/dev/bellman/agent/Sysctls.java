package dev.bellman.agent;

import dev.bellman.address.Family;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Settings of the kernel without which Service rules do not do what they say.
final class Sysctls {
    private static final Path ROOT = Path.of("/proc/sys/net");

    private Sysctls() {}

    /// Sets what kube-proxy sets, and looks at what it relies on others for.
    ///
    /// @param families of the addresses that are to be reached
    /// @return what is wrong, each with what helps
    static List<String> apply(Set<Family> families) {
        List<String> problems = new ArrayList<>();
        // As kube-proxy does for node ports on 127.0.0.1; the rules in KUBE-FIREWALL keep the network out of it.
        if (!value("ipv4/conf/all/route_localnet").equals("1")) {
            try {
                Files.writeString(ROOT.resolve("ipv4/conf/all/route_localnet"), "1");
            } catch (IOException e) {
                problems.add("net.ipv4.conf.all.route_localnet cannot be set to 1, so that node ports do not answer on "
                        + "127.0.0.1: " + e.getMessage());
            }
        }
        forwarding(problems, "ipv4.ip_forward");
        if (families.contains(Family.IPV6)) {
            forwarding(problems, "ipv6.conf.all.forwarding");
        }
        if (Files.exists(ROOT.resolve("bridge/bridge-nf-call-iptables"))
                && !value("bridge/bridge-nf-call-iptables").equals("1")) {
            problems.add("net.bridge.bridge-nf-call-iptables is not 1: packets between pods on one bridge pass by the "
                    + "rules; set it");
        }
        return problems;
    }

    private static void forwarding(List<String> problems, String name) {
        if (!value(name.replace('.', '/')).equals("1")) {
            problems.add("net." + name + " is not 1: packets that are not for the node itself go no further; set it");
        }
    }

    private static String value(String name) {
        try {
            return Files.readString(ROOT.resolve(name)).strip();
        } catch (IOException e) {
            return "";
        }
    }
}
