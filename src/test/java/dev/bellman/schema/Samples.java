package dev.bellman.schema;

import dev.bellman.document.Manifest;
import dev.bellman.document.Mapping;

/// Small objects and definitions, written in the test that needs them.
final class Samples {
    private Samples() {}

    static Manifest manifest(String yaml) {
        Mapping root = YamlTree.parse("a.yaml", yaml);
        return new Manifest(
                text(root, "apiVersion"),
                text(root, "kind"),
                text(root, "metadata", "namespace"),
                text(root, "metadata", "name"),
                false,
                root);
    }

    /// A cluster-scoped kind `Thing` whose `spec` has the schema given.
    static ResourceKind thing(String spec) {
        return Kinds.read(YamlTree.parse("thing.yaml", """
                spec:
                  group: example.org
                  names: {kind: Thing, plural: things}
                  scope: Cluster
                  versions:
                  - name: v1
                    schema:
                      openAPIV3Schema:
                        type: object
                        properties:
                          spec:
                """ + spec.indent(12)));
    }

    private static String text(Mapping root, String... path) {
        String text = root.text(path);
        return text == null ? "" : text;
    }
}
