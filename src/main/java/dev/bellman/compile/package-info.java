/// The one pure function from a [Model][dev.bellman.model.Model] to a [Plan][dev.bellman.plan.Plan] and everything
/// that is wrong with it.
///
/// Its steps, in order: bind policies to services, authorise their addresses, merge what several policies ask, decide,
/// lower to each backend, predict the routes. A step never stops at a finding and never throws on bad input.
///
/// No I/O, no clock, no logger, no randomness: the same model gives the same bytes on any machine at any time.
@NullMarked
package dev.bellman.compile;

import org.jspecify.annotations.NullMarked;
