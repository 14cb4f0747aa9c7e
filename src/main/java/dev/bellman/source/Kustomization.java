package dev.bellman.source;

import dev.bellman.document.Mapping;
import dev.bellman.document.Node;
import dev.bellman.yaml.Yaml;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The settings of Kustomize in a folder, as far as they say what is no object: a patch looks like one, and is only a
/// part of it.
final class Kustomization {
    private static final Set<String> NAMES = Set.of("kustomization.yaml", "kustomization.yml", "Kustomization");

    private Kustomization() {}

    static boolean isOne(String name) {
        return NAMES.contains(name);
    }

    /// The files that are named as patches, relative to the folder.
    static List<String> patches(String shown, byte[] bytes) {
        List<String> patches = new ArrayList<>();
        if (Text.of(shown, bytes) instanceof Text.Readable(var source, var _)) {
            for (Node document : Yaml.parse(source).documents()) {
                if (document instanceof Mapping root) {
                    root.items("patches").forEach(item -> add(patches, item.text("path")));
                    root.items("patchesJson6902").forEach(item -> add(patches, item.text("path")));
                    root.items("patchesStrategicMerge").forEach(item -> add(patches, item.text()));
                }
            }
        }
        return patches;
    }

    /// What has several lines is the patch itself.
    private static void add(List<String> patches, @Nullable String path) {
        if (path != null && path.indexOf('\n') < 0 && path.indexOf('\0') < 0) {
            patches.add(path);
        }
    }
}
