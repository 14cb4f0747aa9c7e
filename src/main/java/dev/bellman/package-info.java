/// Bellman decides which Kubernetes Service addresses the network hears about.
///
/// Data flows one way: source → document → schema → model → rule → compile → plan → report | operator | agent.
///
/// Only `source`, `cli`, `operator` and `agent` touch the world; everything else is a function from values to values.
@NullMarked
package dev.bellman;

import org.jspecify.annotations.NullMarked;
