/// What the operator and the agent do alike to start, and to run for long.
@NullMarked
package dev.bellman.daemon;

import org.jspecify.annotations.NullMarked;
