/// What BIRD 2 on a node is told: configuration as text, out of the node's plan.
///
/// The main file changes when the plan does, the file of routes when endpoints come and go. The node announces
/// what the file of routes holds, as long as the main file's filter says that the plan allows it, and nothing
/// else.
@NullMarked
package dev.bellman.bird;

import org.jspecify.annotations.NullMarked;
