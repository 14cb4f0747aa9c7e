package dev.bellman.model;

import dev.bellman.document.Manifest;
import dev.bellman.document.Mapping;
import dev.bellman.document.Spread;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Turns objects into a [Model].
public final class ModelReader {
    static final String ENDPOINT_SLICE = "discovery.k8s.io/EndpointSlice";

    private static final int MANY = 200;

    private ModelReader() {}

    public static Model read(Overlay overlay) {
        return new Model(
                each(overlay, "bellman.dev/ServiceAdvertisementPolicy", PolicyReader::read),
                each(overlay, "bellman.dev/AdvertisementClass", ClassReader::read),
                each(overlay, "bellman.dev/BGPSpeaker", SpeakerReader::read),
                each(overlay, "/Service", ServiceReader::read),
                slices(overlay),
                each(overlay, "/Node", ClusterReader::node),
                namespaces(each(overlay, "/Namespace", ClusterReader::namespace)),
                first(each(overlay, "projectcalico.org/BGPConfiguration", CalicoReader::bgpConfiguration)),
                first(each(overlay, "projectcalico.org/ClusterInformation", CalicoReader::version)));
    }

    /// The EndpointSlices alone.
    public static List<EndpointSlice> slices(Overlay overlay) {
        return each(overlay, ENDPOINT_SLICE, ClusterReader::slice);
    }

    /// One Service of a cluster.
    public static Service service(Manifest observed) {
        return ServiceReader.read(Overlay.Twin.of(null, observed));
    }

    /// One EndpointSlice of a cluster, or null for one that no Service's rules come from.
    public static @Nullable EndpointSlice slice(Manifest observed) {
        return ClusterReader.slice(Overlay.Twin.of(null, observed));
    }

    /// One Node of a cluster.
    public static ClusterNode node(Manifest observed) {
        return ClusterReader.node(Overlay.Twin.of(null, observed));
    }

    /// One neighbour, as a BGPSpeaker and a NodePlan write it, or null where it has no address.
    public static Speaker.@Nullable Peer peer(Mapping mapping) {
        return SpeakerReader.peer(new Fields(mapping));
    }

    interface Reading<T> {
        @Nullable
        T read(Overlay.Twin twin);
    }

    private static <T> List<T> each(Overlay overlay, String kind, Reading<T> reading) {
        return Spread.flatMap(overlay.twins(kind), MANY, twin -> {
            T value = reading.read(twin);
            return value == null ? List.of() : List.of(value);
        });
    }

    private static <T> @Nullable T first(List<T> found) {
        return found.isEmpty() ? null : found.getFirst();
    }

    private static Map<String, Namespace> namespaces(List<Namespace> namespaces) {
        Map<String, Namespace> byName = new TreeMap<>();
        namespaces.forEach(namespace -> byName.put(namespace.name(), namespace));
        return byName;
    }
}
