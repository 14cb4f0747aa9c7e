package dev.bellman.compile;

import dev.bellman.address.Cidr;
import dev.bellman.address.Family;
import dev.bellman.address.Ip;
import dev.bellman.compile.Index.Endpoints;
import dev.bellman.model.ClusterNode;
import dev.bellman.model.Located;
import dev.bellman.model.Service;
import dev.bellman.model.TrafficPolicy;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/// Which service routes Calico's nodes originate, as Calico's own route generator decides it.
///
/// One boolean is decided for a whole service, and then everything that the service has is announced: a ClusterIP
/// outside the configured ranges, both families though only one has endpoints, all addresses because one of them is
/// listed. That is what Calico does, so it is what is predicted.
final class CalicoRoutes {
    private final Lists lists;
    private final CalicoVersion version;

    CalicoRoutes(Lists lists, CalicoVersion version) {
        this.lists = lists;
        this.version = version;
    }

    /// The service part of BGPConfiguration.
    ///
    /// @param aggregation false only where `serviceLoadBalancerAggregation` says Disabled
    record Lists(List<Cidr> clusterIps, List<Cidr> externalIps, List<Cidr> loadBalancerIps, boolean aggregation) {}

    /// Routes that every node announces that is not excluded, whether or not a service uses them.
    Stream<Cidr> everywhere() {
        Stream<Cidr> external =
                lists.externalIps().stream().filter(cidr -> version.singleExternalEverywhere() || !cidr.single());
        Stream<Cidr> loadBalancer =
                aggregation() ? lists.loadBalancerIps().stream().filter(cidr -> !cidr.single()) : Stream.empty();
        // A single address among the cluster ranges is not filtered out.
        return Stream.of(lists.clusterIps().stream(), external, loadBalancer)
                .flatMap(Function.identity())
                .sorted()
                .distinct();
    }

    /// Whether a service's host routes are announced at all, given the right endpoints.
    boolean possible(Service service, TrafficPolicy trafficPolicy) {
        return advertisable(service)
                && (trafficPolicy == TrafficPolicy.LOCAL || hasSingleEntry(service) || !aggregation());
    }

    /// Whether every node announces a single address by itself, whatever becomes of the service.
    boolean everywhere(Cidr route) {
        return version.singleExternalEverywhere() && lists.externalIps().contains(route);
    }

    /// The nodes that announce a service's host routes.
    List<ClusterNode> announcing(
            Service service, TrafficPolicy trafficPolicy, Endpoints endpoints, List<ClusterNode> nodes) {
        if (!advertisable(service) || !endpoints.anySlice()) {
            return List.of();
        }
        List<ClusterNode> eligible =
                nodes.stream().filter(node -> !node.excludedByCalico()).toList();
        if (trafficPolicy == TrafficPolicy.LOCAL) {
            Set<String> local = nodesWithEndpoints(service, endpoints);
            return eligible.stream().filter(node -> local.contains(node.name())).toList();
        }
        if (hasSingleEntry(service)) {
            return eligible;
        }
        boolean perService =
                !aggregation() && !nodesWithEndpoints(service, endpoints).isEmpty();
        return perService ? eligible : List.of();
    }

    /// Everything that a service has and the lists allow, as host routes.
    List<Cidr> routes(Service service) {
        Set<Cidr> routes = new LinkedHashSet<>();
        if (!lists.clusterIps().isEmpty()) {
            service.clusterIps().stream()
                    .limit(version.allClusterIps() ? Long.MAX_VALUE : 1)
                    .forEach(ip -> routes.add(ip.value().host()));
        }
        addInside(routes, service.externalIps(), lists.externalIps());
        addInside(routes, service.loadBalancerIps(), lists.loadBalancerIps());
        return routes.stream().sorted().toList();
    }

    private static void addInside(Set<Cidr> routes, List<Located<Ip>> addresses, List<Cidr> allowed) {
        addresses.stream()
                .map(Located::value)
                .filter(ip -> allowed.stream().anyMatch(cidr -> cidr.contains(ip)))
                .forEach(ip -> routes.add(ip.host()));
    }

    private boolean aggregation() {
        return !version.aggregationKnob() || lists.aggregation();
    }

    private static boolean advertisable(Service service) {
        return switch (service.type().value()) {
            // One that the cluster has not seen yet will get its cluster address.
            case "ClusterIP", "NodePort", "LoadBalancer" ->
                !service.headless()
                        && !(service.observed() && service.clusterIps().isEmpty());
            default -> false;
        };
    }

    /// Whether the lists name one of the service's addresses alone, which announces a Cluster service from every node
    /// without a look at its endpoints.
    private boolean hasSingleEntry(Service service) {
        boolean loadBalancer = service.type().value().equals("LoadBalancer");
        if (loadBalancer && anySingle(loadBalancerAddresses(service), lists.loadBalancerIps())) {
            return true;
        }
        boolean typeAllows = !version.singleExternalEverywhere()
                && (version.singleExternalAnyType() || !service.type().value().equals("ClusterIP"));
        return typeAllows && anySingle(service.externalIps(), lists.externalIps());
    }

    private List<Located<Ip>> loadBalancerAddresses(Service service) {
        List<Located<Ip>> addresses = new ArrayList<>();
        if (service.requestedLoadBalancerIp() != null) {
            addresses.add(service.requestedLoadBalancerIp());
        }
        if (version.singleFromStatus()) {
            addresses.addAll(service.loadBalancerIps());
        }
        return addresses;
    }

    private static boolean anySingle(List<Located<Ip>> addresses, List<Cidr> entries) {
        return entries.stream()
                .filter(Cidr::single)
                .anyMatch(entry -> addresses.stream().anyMatch(ip -> entry.contains(ip.value())));
    }

    /// Not per family: an endpoint of either family counts for all of a service's addresses.
    private Set<String> nodesWithEndpoints(Service service, Endpoints endpoints) {
        Set<String> found = new LinkedHashSet<>();
        for (Family family : families(service)) {
            found.addAll(version.readyGated() ? endpoints.readyOn(family) : endpoints.on(family));
        }
        return found;
    }

    /// Releases before 3.31.4 looked at the first cluster IP's family alone. What the cluster has not told yet, the
    /// slices tell: there are none of a family that a service does not have.
    private List<Family> families(Service service) {
        List<Family> all = service.families().isEmpty()
                ? service.clusterIps().stream()
                        .map(ip -> ip.value().family())
                        .distinct()
                        .toList()
                : service.families();
        if (all.isEmpty()) {
            return List.of(Family.values());
        }
        return version.allFamilies() ? all : List.of(all.getFirst());
    }
}
