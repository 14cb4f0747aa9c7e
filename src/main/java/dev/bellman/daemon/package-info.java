/// What the operator and the agent do alike to run for long.
@NullMarked
package dev.bellman.daemon;

import org.jspecify.annotations.NullMarked;
