package dev.bellman.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;

/// A command, with its options described in code.
///
/// picocli's annotations would be shorter to write. Reading them by reflection takes a cold run longer than linting a
/// file does (90 of 340 ms, measured), so commands build the same model themselves.
interface CliCommand extends Callable<Integer> {
    /// Its name, options and help.
    CommandSpec spec();
}
