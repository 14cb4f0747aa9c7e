package dev.bellman.model;

import dev.bellman.document.Manifest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Turns manifests into a [Model].
///
/// Transforms `[Manifest(declared), Manifest(observed), ...]` into one record per object: where an object is there once
/// as each, what Git declares is laid over what was observed, field by field, as applying it would.
public final class ModelReader {
    private ModelReader() {}

    public static Model read(List<Manifest> manifests) {
        Map<String, List<Manifest>> kinds = new LinkedHashMap<>();
        for (Manifest manifest : manifests) {
            kinds.computeIfAbsent(kind(manifest), _ -> new ArrayList<>()).add(manifest);
        }
        return new Model(
                each(kinds, "bellman.dev/ServiceAdvertisementPolicy", PolicyReader::read),
                each(kinds, "bellman.dev/AdvertisementClass", ClassReader::read),
                each(kinds, "bellman.dev/BGPSpeaker", SpeakerReader::read),
                each(kinds, "/Service", ServiceReader::read),
                each(kinds, "discovery.k8s.io/EndpointSlice", ClusterReader::slice),
                each(kinds, "/Node", ClusterReader::node),
                namespaces(each(kinds, "/Namespace", ClusterReader::namespace)),
                each(kinds, "projectcalico.org/BGPConfiguration", CalicoReader::bgpConfiguration).stream()
                        .findFirst()
                        .orElse(null),
                calicoVersion(kinds));
    }

    /// One object as Git declares it and as the cluster has it.
    ///
    /// @param manifest both laid over each other
    record Twin(@Nullable Manifest declared, @Nullable Manifest observed, Manifest manifest) {
        static Twin of(@Nullable Manifest declared, @Nullable Manifest observed) {
            if (declared == null) {
                return new Twin(null, observed, Objects.requireNonNull(observed));
            }
            return observed == null
                    ? new Twin(declared, null, declared)
                    : new Twin(declared, observed, declared.over(observed));
        }
    }

    interface Reading<T> {
        @Nullable
        T read(Twin twin);
    }

    private static <T> List<T> each(Map<String, List<Manifest>> kinds, String kind, Reading<T> reading) {
        Map<String, Manifest> declared = new TreeMap<>();
        Map<String, Manifest> observed = new TreeMap<>();
        for (Manifest manifest : kinds.getOrDefault(kind, List.of())) {
            // The first one counts; `source` has reported the second.
            (manifest.observed() ? observed : declared).putIfAbsent(key(manifest), manifest);
        }
        Map<String, Twin> twins = new TreeMap<>();
        declared.forEach((key, manifest) -> twins.put(key, Twin.of(manifest, observed.get(key))));
        observed.forEach((key, manifest) -> twins.computeIfAbsent(key, _ -> Twin.of(null, manifest)));
        List<T> found = new ArrayList<>();
        for (Twin twin : twins.values()) {
            T value = reading.read(twin);
            if (value != null) {
                found.add(value);
            }
        }
        return found;
    }

    private static String key(Manifest manifest) {
        // U+0000 sorts before every character of a name, so `a/b` stays before `a-b/c`.
        return manifest.namespace() + "\0" + manifest.name();
    }

    /// `group/Kind`. Calico's older storage group holds the same objects.
    private static String kind(Manifest manifest) {
        String group = manifest.group().equals("crd.projectcalico.org") ? "projectcalico.org" : manifest.group();
        return group + "/" + manifest.kind();
    }

    private static Map<String, Namespace> namespaces(List<Namespace> namespaces) {
        Map<String, Namespace> byName = new TreeMap<>(Comparator.naturalOrder());
        namespaces.forEach(namespace -> byName.put(namespace.name(), namespace));
        return byName;
    }

    private static @Nullable String calicoVersion(Map<String, List<Manifest>> kinds) {
        return each(kinds, "projectcalico.org/ClusterInformation", CalicoReader::version).stream()
                .findFirst()
                .orElse(null);
    }
}
