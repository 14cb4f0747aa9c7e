/// A manifest as it was written: a tree in which every node knows its place.
///
///     Manifest = apiVersion kind namespace name Mapping
///     Node     = Mapping | Sequence | Scalar
///     Mapping  = { Scalar: Node }
///     Sequence = [ Node ]
///     Scalar   = string | integer | float | boolean | null
///
/// `source` parses text into it; schema, rules and the model read it. Values follow Kubernetes' reading of YAML, not
/// YAML 1.2's. Nothing here parses, reads files or judges.
@NullMarked
package dev.bellman.document;

import org.jspecify.annotations.NullMarked;
