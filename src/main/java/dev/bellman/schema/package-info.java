/// Judges one object by the definition that the API server would judge it by, and says where it is wrong.
///
///     ResourceKind = apiVersion kind scope Schema
///     Schema       = Fields | Items | Text | Numeric | Flag | IntOrString | Anything
///
/// In comes a manifest and the structural schema of its kind, read from the same custom resource definitions that a
/// cluster loads; out go findings, and the object with its defaults. The steps are the server's own, in its order:
/// unknown fields and nulls are dropped, defaults set, values checked, lists checked, rules evaluated. Nothing here
/// knows another object, and nothing here reads a file other than a definition on the class path.
@NullMarked
package dev.bellman.schema;

import org.jspecify.annotations.NullMarked;
