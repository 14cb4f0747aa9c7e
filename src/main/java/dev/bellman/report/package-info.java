/// Turns what was found into text for people and for machines.
///
/// In: one [Findings] value, or the rows of a table. Out: a string in one of the [Format]s, the same bytes for the
/// same value. Whether a finding fails the command, whether there is a terminal, and where the text goes, is never
/// decided here.
@NullMarked
package dev.bellman.report;

import org.jspecify.annotations.NullMarked;
