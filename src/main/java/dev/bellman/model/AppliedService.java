package dev.bellman.model;

import dev.bellman.document.Manifest;
import dev.bellman.document.Mapping;
import dev.bellman.document.Node;
import dev.bellman.document.Scalar;
import dev.bellman.document.Sequence;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The Service that Git declares laid over the one that the cluster has, as applying it does.
///
/// Ports find each other by number and protocol, so that a node port stays that Git does not name. What only the
/// cluster says goes where Git's type has no use for it: the traffic policy of what was a load balancer, say
/// (`dropTypeDependentFields` in Kubernetes' `pkg/registry/core/service/strategy.go`).
final class AppliedService {
    private AppliedService() {}

    static Manifest of(Manifest declared, Manifest observed) {
        Manifest merged = declared.over(observed);
        if (!(declared.root().get("spec") instanceof Mapping said)
                || !(merged.root().get("spec") instanceof Mapping spec)) {
            return merged;
        }
        String stated = spec.text("type");
        String type = stated == null ? "ClusterIP" : stated;
        Set<String> useless = useless(type, spec);
        Mapping kept = without(spec, name -> useless.contains(name) && said.get(name) == null);
        Node theirs = observed.root().at("spec", "ports");
        if (said.get("ports") instanceof Sequence mine && theirs instanceof Sequence ports) {
            kept = kept.with("ports", ports(mine, ports, hasNodePorts(type)));
        }
        Mapping root = merged.root().with("spec", kept);
        boolean staleStatus = !type.equals("LoadBalancer") && declared.root().get("status") == null;
        return merged.with(staleStatus ? without(root, "status"::equals) : root);
    }

    private static Set<String> useless(String type, Mapping spec) {
        Set<String> useless = new HashSet<>();
        boolean balanced = type.equals("LoadBalancer");
        boolean external = hasNodePorts(type)
                || (type.equals("ClusterIP")
                        && spec.get("externalIPs") instanceof Sequence addresses
                        && !addresses.items().isEmpty());
        if (!external) {
            useless.add("externalTrafficPolicy");
        }
        if (!balanced || !"Local".equals(spec.text("externalTrafficPolicy"))) {
            useless.add("healthCheckNodePort");
        }
        if (!balanced) {
            useless.addAll(List.of("loadBalancerClass", "loadBalancerSourceRanges", "allocateLoadBalancerNodePorts"));
        }
        if (type.equals("ExternalName")) {
            useless.addAll(List.of("clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy"));
        }
        return useless;
    }

    private static boolean hasNodePorts(String type) {
        return type.equals("NodePort") || type.equals("LoadBalancer");
    }

    private static Sequence ports(Sequence mine, Sequence theirs, boolean nodePorts) {
        List<Node> ports = new ArrayList<>();
        for (Node port : mine.items()) {
            Mapping same = port instanceof Mapping ? sameAs(port, theirs) : null;
            if (port instanceof Mapping said && same != null) {
                ports.add(said.over(nodePorts ? same : without(same, "nodePort"::equals)));
            } else {
                ports.add(port);
            }
        }
        return new Sequence(ports, mine.span());
    }

    private static @Nullable Mapping sameAs(Node port, Sequence theirs) {
        for (Node other : theirs.items()) {
            if (other instanceof Mapping mapping && key(mapping).equals(key(port))) {
                return mapping;
            }
        }
        return null;
    }

    private static String key(Node port) {
        String protocol = port.text("protocol");
        Object number = port.at("port") instanceof Scalar scalar ? scalar.value() : null;
        return number + "/" + (protocol == null ? "TCP" : protocol);
    }

    private static Mapping without(Mapping mapping, Predicate<String> dropped) {
        List<Mapping.Entry> entries = mapping.entries().stream()
                .filter(entry -> !dropped.test(entry.name()))
                .toList();
        return new Mapping(entries, mapping.empty(), mapping.span());
    }
}
