/// What is wrong, how bad it is, where it stands and what helps.
///
/// Every stage puts findings in; `report` prints them. Nothing here knows who reports, and nothing here reads a file.
@NullMarked
package dev.bellman.diagnostic;

import org.jspecify.annotations.NullMarked;
