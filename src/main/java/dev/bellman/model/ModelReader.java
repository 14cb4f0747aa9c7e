package dev.bellman.model;

import dev.bellman.document.Kept;
import dev.bellman.document.Manifest;
import dev.bellman.document.Mapping;
import dev.bellman.document.Spread;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Turns objects into a [Model].
public final class ModelReader {
    static final String ENDPOINT_SLICE = "discovery.k8s.io/EndpointSlice";

    private static final int MANY = 200;

    private ModelReader() {}

    /// What was read of the objects of a cluster, for the next reading of it.
    public static final class Memory {
        private final Map<String, Kept<Manifest, List<?>>> kinds = new HashMap<>();

        private Kept<Manifest, List<?>> of(String kind) {
            return kinds.computeIfAbsent(kind, _ -> new Kept<>());
        }
    }

    public static Model read(Overlay overlay) {
        return read(overlay, null);
    }

    /// @param memory of earlier readings, or null
    public static Model read(Overlay overlay, @Nullable Memory memory) {
        List<ClusterNode> nodes = each(overlay, "/Node", memory, ClusterReader::node);
        return new Model(
                each(overlay, "bellman.dev/ServiceAdvertisementPolicy", memory, PolicyReader::read),
                each(overlay, "bellman.dev/AdvertisementClass", memory, ClassReader::read),
                each(overlay, "bellman.dev/BGPSpeaker", memory, SpeakerReader::read),
                each(overlay, "/Service", memory, ServiceReader::read),
                each(overlay, ENDPOINT_SLICE, memory, ClusterReader::slice),
                nodes,
                !nodes.isEmpty(),
                namespaces(each(overlay, "/Namespace", memory, ClusterReader::namespace)),
                first(each(overlay, "projectcalico.org/BGPConfiguration", memory, CalicoReader::bgpConfiguration)),
                each(overlay, "projectcalico.org/BGPPeer", memory, CalicoReader::peer),
                first(each(overlay, "projectcalico.org/ClusterInformation", memory, CalicoReader::version)));
    }

    /// The EndpointSlices alone.
    public static List<EndpointSlice> slices(Overlay overlay) {
        return each(overlay, ENDPOINT_SLICE, null, ClusterReader::slice);
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

    private static <T> List<T> each(Overlay overlay, String kind, @Nullable Memory memory, Reading<T> reading) {
        List<Overlay.Twin> twins = overlay.twins(kind);
        if (memory == null) {
            return Spread.flatMap(twins, MANY, twin -> read(twin, reading));
        }
        List<T> all = new ArrayList<>(twins.size());
        memory.of(kind)
                .map(twins, ModelReader::observedAlone, MANY, twin -> read(twin, reading))
                .forEach(read -> {
                    @SuppressWarnings("unchecked") // one reading for each kind
                    List<T> values = (List<T>) read;
                    all.addAll(values);
                });
        return all;
    }

    private static <T> List<T> read(Overlay.Twin twin, Reading<T> reading) {
        T value = reading.read(twin);
        return value == null ? List.of() : List.of(value);
    }

    private static @Nullable Manifest observedAlone(Overlay.Twin twin) {
        return twin.declared() == null ? twin.observed() : null;
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
