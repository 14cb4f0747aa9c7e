/// How the daemons' log lines are written.
@NullMarked
package dev.bellman.log;

import org.jspecify.annotations.NullMarked;
