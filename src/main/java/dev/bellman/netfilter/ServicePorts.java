package dev.bellman.netfilter;

import dev.bellman.address.Family;
import dev.bellman.address.Ip;
import dev.bellman.document.Names;
import dev.bellman.model.EndpointSlice;
import dev.bellman.model.Forwarding;
import dev.bellman.model.Located;
import dev.bellman.model.Service;
import dev.bellman.model.TrafficPolicy;
import dev.bellman.plan.NodeState;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The ports that a node has to serve, out of Services and EndpointSlices.
///
/// One that is asked again and again looks only at Services that are not the very same objects as the last
/// time, nor their slices; of all others it answers with the same ports. What it answers is the same as if it
/// had just begun.
public final class ServicePorts {
    private static final int LONGEST_NAME = 63;

    private static final int HIGHEST_PORT = 65_535;

    private final Family family;
    private final String node;

    /// What it was asked the last time.
    private List<Service> services = List.of();

    private List<EndpointSlice> slices = List.of();
    private Map<String, TrafficPolicy> patches = Map.of();

    /// In the order of the Services.
    private Map<String, OfService> known = new LinkedHashMap<>();

    private Map<String, List<EndpointSlice>> byService = new HashMap<>();
    private List<ServicePort> last = List.of();

    /// @param node whose endpoints are local
    public ServicePorts(Family family, String node) {
        this.family = family;
        this.node = node;
    }

    /// What one Service came to, and out of what, by identity.
    @SuppressWarnings("ReferenceEquality")
    private record OfService(Service service, TrafficPolicy external, List<EndpointSlice> slices, List<Named> ports) {
        boolean isOf(Service other, TrafficPolicy policy, List<EndpointSlice> others) {
            return service == other && external == policy && Identical.are(slices, others);
        }
    }

    /// A port with what it is sorted by, which takes longer to make than to compare.
    private record Named(String name, ServicePort port) {
        static final Comparator<Named> ORDER = Comparator.comparing(Named::name)
                .thenComparing(named -> named.port().protocol());
    }

    /// @param patches as those of a [NodeState]
    public static List<ServicePort> of(
            Family family,
            String node,
            List<Service> services,
            List<EndpointSlice> slices,
            Map<String, TrafficPolicy> patches) {
        return new ServicePorts(family, node).next(services, slices, patches);
    }

    /// @param patches as those of a [NodeState]
    /// @return sorted; the same list as before if nothing in it is different
    public List<ServicePort> next(
            List<Service> services, List<EndpointSlice> slices, Map<String, TrafficPolicy> patches) {
        Set<String> touched =
                Identical.are(services, this.services) && patches.equals(this.patches) ? replaceSlices(slices) : null;
        this.services = services;
        this.slices = slices;
        this.patches = patches;
        boolean same = touched == null ? !readAll() : !readAgain(touched);
        if (!same) {
            List<Named> ports = new ArrayList<>(last.size());
            known.values().forEach(one -> ports.addAll(one.ports()));
            ports.sort(Named.ORDER);
            last = ports.stream().map(Named::port).toList();
        }
        return last;
    }

    /// Most of what happens in a cluster is that a slice of a Service says something else.
    ///
    /// @return the Services of those that do, or null where more may have happened than that
    @SuppressWarnings("ReferenceEquality")
    private @Nullable Set<String> replaceSlices(List<EndpointSlice> now) {
        if (now.size() != slices.size()) {
            return null;
        }
        IdentityHashMap<EndpointSlice, EndpointSlice> replaced = new IdentityHashMap<>();
        for (int i = 0; i < now.size(); i++) {
            EndpointSlice before = slices.get(i);
            EndpointSlice after = now.get(i);
            if (before != after) {
                if (before.family() != after.family() || !before.serviceId().equals(after.serviceId())) {
                    return null;
                }
                replaced.put(before, after);
            }
        }
        if (replaced.values().stream().anyMatch(replaced::containsKey)) {
            // One went and another came: those between are in another place.
            return null;
        }
        Set<String> touched = new HashSet<>();
        replaced.forEach((before, after) -> {
            if (after.family() == family) {
                // A list of its own: the one before is what the Service's ports were made of.
                byService.computeIfPresent(
                        after.serviceId(),
                        (_, own) -> own.stream()
                                .map(slice -> slice == before ? after : slice)
                                .toList());
                touched.add(after.serviceId());
            }
        });
        return touched;
    }

    /// @return whether anything is different
    private boolean readAgain(Set<String> touched) {
        boolean different = false;
        for (String id : touched) {
            OfService before = known.get(id);
            if (before != null) {
                known.put(id, ofService(before.service(), before.external(), byService.getOrDefault(id, List.of())));
                different = true;
            }
        }
        return different;
    }

    /// @return whether anything is different
    private boolean readAll() {
        byService = HashMap.newHashMap(slices.size());
        for (EndpointSlice slice : slices) {
            if (slice.family() == family) {
                byService
                        .computeIfAbsent(slice.serviceId(), _ -> new ArrayList<>(1))
                        .add(slice);
            }
        }
        Map<String, OfService> now = LinkedHashMap.newLinkedHashMap(services.size());
        boolean different = services.size() != known.size();
        for (Service service : services) {
            String id = service.id();
            List<EndpointSlice> own = byService.getOrDefault(id, List.of());
            TrafficPolicy policy = NodeState.trafficPolicy(service, patches);
            OfService before = known.get(id);
            boolean stays = before != null && before.isOf(service, policy, own);
            now.put(id, before != null && stays ? before : ofService(service, policy, own));
            different |= !stays;
        }
        known = now;
        return different;
    }

    private OfService ofService(Service service, TrafficPolicy policy, List<EndpointSlice> own) {
        return new OfService(service, policy, own, ports(service, policy, own));
    }

    /// None for a Service without a cluster IP of the family: headless, an alias, or not assigned yet.
    private List<Named> ports(Service service, TrafficPolicy external, List<EndpointSlice> slices) {
        Ip clusterIp = clusterIp(service);
        if (clusterIp == null || service.headless() || service.type().value().equals("ExternalName")) {
            return List.of();
        }
        Forwarding forwarding = service.forwarding();
        boolean local = external == TrafficPolicy.LOCAL;
        return forwarding.ports().stream()
                .filter(port -> isSound(service, port))
                .map(port -> new ServicePort(
                        service.namespace(),
                        service.name(),
                        port,
                        clusterIp,
                        addresses(service.externalIps()),
                        addresses(service.loadBalancerIps()).stream()
                                .filter(ip -> !forwarding.proxied().contains(ip))
                                .toList(),
                        local,
                        forwarding,
                        endpoints(slices, port)))
                .map(port -> new Named(port.name(), port))
                .toList();
    }

    /// What no API server would take, as a file may say, is left out: one such port must not keep the rules of all
    /// others from being loaded, and a name is written into a rule.
    private static boolean isSound(Service service, Forwarding.Port port) {
        return isName(service.namespace())
                && isName(service.name())
                && (port.name().isEmpty() || isName(port.name()))
                && isPort(port.port())
                && (port.nodePort() == 0 || isPort(port.nodePort()));
    }

    private static boolean isName(String text) {
        return text.length() <= LONGEST_NAME && Names.isLabel(text);
    }

    private static boolean isPort(int number) {
        return number >= 1 && number <= HIGHEST_PORT;
    }

    private @Nullable Ip clusterIp(Service service) {
        List<Ip> all = addresses(service.clusterIps());
        return all.isEmpty() ? null : all.getFirst();
    }

    private List<Ip> addresses(List<Located<Ip>> all) {
        return all.stream()
                .map(Located::value)
                .filter(ip -> ip.family() == family)
                .toList();
    }

    /// Every endpoint once, in the order of kube-proxy, which compares their texts.
    private List<Endpoint> endpoints(List<EndpointSlice> slices, Forwarding.Port port) {
        TreeMap<String, Endpoint> found = new TreeMap<>();
        for (EndpointSlice slice : slices) {
            for (EndpointSlice.Port target : slice.ports()) {
                if (target.name().equals(port.name())
                        && target.protocol() == port.protocol()
                        && isPort(target.port())) {
                    slice.endpoints().forEach(endpoint -> add(found, endpoint, target.port()));
                }
            }
        }
        return new ArrayList<>(found.values());
    }

    /// Of an endpoint's addresses only the first counts (Kubernetes 1.35).
    private void add(Map<String, Endpoint> found, EndpointSlice.Endpoint endpoint, int port) {
        Ip ip = endpoint.addresses().isEmpty()
                ? null
                : Ip.parse(endpoint.addresses().getFirst());
        if (ip != null && ip.family() == family) {
            Backend backend = new Backend(ip, port);
            found.put(
                    backend.toString(),
                    new Endpoint(
                            backend,
                            node.equals(endpoint.nodeName()),
                            endpoint.ready(),
                            endpoint.serving() && endpoint.terminating()));
        }
    }
}
