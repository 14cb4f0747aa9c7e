/// The expression language that rules are written in: CEL, with the functions that Kubernetes adds to it.
///
/// An expression's text comes in, then documents to evaluate it over; a value and the nodes that it was read from go
/// out. Nothing here knows what a rule is or which objects exist.
@NullMarked
package dev.bellman.cel;

import org.jspecify.annotations.NullMarked;
