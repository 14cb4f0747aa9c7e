/// What is checked: the catalogue of rules, and those of them that are CEL.
///
/// Manifests go in, findings come out. Rules that CEL cannot say are code in `compile`, `schema`, `yaml` and `source`;
/// their severity, help and rationale are here all the same.
@NullMarked
package dev.bellman.rule;

import org.jspecify.annotations.NullMarked;
