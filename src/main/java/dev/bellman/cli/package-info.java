/// The command line: arguments in, reports and an exit code out.
///
/// Each command reads the world through `source`, asks the pure packages and prints through `report`. This is the only
/// package beside `source` that knows environment variables, terminals and files; it holds no knowledge of policies.
@NullMarked
package dev.bellman.cli;

import org.jspecify.annotations.NullMarked;
