package dev.bellman.testing;

import dev.bellman.diagnostic.SourceText;
import dev.bellman.document.Manifest;
import dev.bellman.document.Mapping;
import dev.bellman.yaml.Yaml;
import java.util.List;

/// Objects of a cluster, out of YAML.
public final class Manifests {
    private Manifests() {}

    public static List<Manifest> observed(String text) {
        return Yaml.parse(new SourceText("cluster", text)).documents().stream()
                .map(document -> Manifest.of((Mapping) document, true))
                .toList();
    }
}
