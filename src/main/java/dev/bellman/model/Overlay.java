package dev.bellman.model;

import dev.bellman.document.Manifest;
import dev.bellman.schema.Kinds;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Objects as they will be once what Git declares is applied to what was observed.
public final class Overlay {
    private final Map<String, List<Twin>> kinds;

    private Overlay(Map<String, List<Twin>> kinds) {
        this.kinds = kinds;
    }

    /// One object as Git declares it and as the cluster has it.
    ///
    /// @param manifest both laid over each other
    record Twin(@Nullable Manifest declared, @Nullable Manifest observed, Manifest manifest) {
        static Twin of(@Nullable Manifest declared, @Nullable Manifest observed) {
            if (declared == null) {
                return new Twin(null, observed, Objects.requireNonNull(observed));
            }
            // What is only Git's is what Git says now: a field that it dropped is gone, and of two selections one.
            return observed == null || declared.group().equals(Kinds.GROUP)
                    ? new Twin(declared, observed, declared)
                    : new Twin(declared, observed, applied(declared, observed));
        }
    }

    private static Manifest applied(Manifest declared, Manifest observed) {
        return declared.kind().equals("Service") && declared.group().isEmpty()
                ? AppliedService.of(declared, observed)
                : declared.over(observed);
    }

    public static Overlay of(List<Manifest> manifests) {
        Map<String, Map<String, Twin>> kinds = new LinkedHashMap<>();
        for (Manifest manifest : manifests) {
            Map<String, Twin> objects = kinds.computeIfAbsent(kind(manifest), _ -> new TreeMap<>());
            objects.merge(
                    key(manifest),
                    manifest.observed() ? Twin.of(null, manifest) : Twin.of(manifest, null),
                    Overlay::both);
        }
        Map<String, List<Twin>> sorted = new LinkedHashMap<>();
        kinds.forEach((kind, objects) -> sorted.put(kind, List.copyOf(objects.values())));
        return new Overlay(sorted);
    }

    /// The first one of each counts; whoever read them has reported the second.
    private static Twin both(Twin first, Twin second) {
        Manifest declared = first.declared() == null ? second.declared() : first.declared();
        Manifest observed = first.observed() == null ? second.observed() : first.observed();
        return Twin.of(declared, observed);
    }

    /// Every object once, by kind in the order met, then by namespace and name.
    public List<Manifest> manifests() {
        List<Manifest> manifests = new ArrayList<>();
        kinds.values().forEach(twins -> twins.forEach(twin -> manifests.add(twin.manifest())));
        return manifests;
    }

    /// @param kind as `group/Kind`
    List<Twin> twins(String kind) {
        return kinds.getOrDefault(kind, List.of());
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
}
