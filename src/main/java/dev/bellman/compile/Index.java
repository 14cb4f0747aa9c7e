package dev.bellman.compile;

import dev.bellman.address.Family;
import dev.bellman.model.AdvertisementClass;
import dev.bellman.model.ClusterNode;
import dev.bellman.model.EndpointSlice;
import dev.bellman.model.Model;
import dev.bellman.model.Service;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The model, found by name.
final class Index {
    private final Model model;
    private final Map<String, Service> services = new HashMap<>();
    private final Map<String, List<Service>> byNamespace = new HashMap<>();
    private final Map<String, AdvertisementClass> classes = new HashMap<>();
    private final Map<String, Endpoints> endpoints = new HashMap<>();
    private final Set<String> nodeNames = new HashSet<>();

    Index(Model model) {
        this.model = model;
        for (Service service : model.services()) {
            services.put(service.id(), service);
            byNamespace
                    .computeIfAbsent(service.namespace(), _ -> new ArrayList<>())
                    .add(service);
        }
        model.classes().forEach(advertisementClass -> classes.put(advertisementClass.name(), advertisementClass));
        model.nodes().forEach(node -> nodeNames.add(node.name()));
        for (EndpointSlice slice : model.slices()) {
            endpoints.computeIfAbsent(slice.serviceId(), _ -> new Endpoints()).add(slice);
        }
    }

    Model model() {
        return model;
    }

    @Nullable
    AdvertisementClass advertisementClass(String name) {
        return classes.get(name);
    }

    Set<String> classNames() {
        return new TreeSet<>(classes.keySet());
    }

    @Nullable
    Service service(String id) {
        return services.get(id);
    }

    List<Service> servicesIn(String namespace) {
        return byNamespace.getOrDefault(namespace, List.of());
    }

    /// Whether anything is known about Services at all, so that one that is not there is missing rather than unknown.
    boolean servicesKnown() {
        return !services.isEmpty();
    }

    /// Whether anything is known about endpoints at all.
    boolean endpointsKnown() {
        return !model.slices().isEmpty();
    }

    /// Whether anything is known about Namespaces at all, so that the labels of one that is not there are none.
    boolean namespacesKnown() {
        return !model.namespaces().isEmpty();
    }

    boolean nodesKnown() {
        return model.nodesKnown();
    }

    Endpoints endpoints(String serviceId) {
        return endpoints.getOrDefault(serviceId, Endpoints.NONE);
    }

    List<ClusterNode> nodes() {
        return model.nodes();
    }

    Set<String> nodeNames() {
        return nodeNames;
    }

    /// Where a service's ready endpoints are, per family.
    static final class Endpoints {
        static final Endpoints NONE = new Endpoints();

        private final Map<Family, Set<String>> readyNodes = new EnumMap<>(Family.class);
        private final Map<Family, Set<String>> allNodes = new EnumMap<>(Family.class);
        private boolean anySlice;

        private void add(EndpointSlice slice) {
            anySlice = true;
            for (EndpointSlice.Endpoint endpoint : slice.endpoints()) {
                // An endpoint outside the cluster counts as ready somewhere, on no node.
                String node = endpoint.nodeName() == null ? "" : endpoint.nodeName();
                allNodes.computeIfAbsent(slice.family(), _ -> new TreeSet<>()).add(node);
                if (endpoint.ready()) {
                    readyNodes
                            .computeIfAbsent(slice.family(), _ -> new TreeSet<>())
                            .add(node);
                }
            }
        }

        /// Whether an EndpointSlice object exists, be it empty.
        boolean anySlice() {
            return anySlice;
        }

        boolean anyReady(Family family) {
            return !readyOn(family).isEmpty();
        }

        /// Names of nodes with a ready endpoint of a family, sorted; empty text stands for "outside the cluster".
        Set<String> readyOn(Family family) {
            return readyNodes.getOrDefault(family, Set.of());
        }

        /// Names of nodes with a ready endpoint of any family, sorted.
        Set<String> readyNodes() {
            Set<String> nodes = new TreeSet<>();
            readyNodes.values().forEach(nodes::addAll);
            return nodes;
        }

        /// Names of nodes with an endpoint of a family, ready or not.
        Set<String> on(Family family) {
            return allNodes.getOrDefault(family, Set.of());
        }
    }
}
