package dev.bellman.schema;

import dev.bellman.document.Manifest;
import dev.bellman.yaml.Resource;

/// Small objects and definitions, written in the test that needs them.
final class Samples {
    private Samples() {}

    static Manifest manifest(String yaml) {
        return Manifest.of(Resource.parse("a.yaml", yaml), false);
    }

    /// A cluster-scoped kind `Thing` whose `spec` has the schema given.
    static ResourceKind thing(String spec) {
        return Kinds.read(Resource.parse("thing.yaml", """
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
}
