/// What will be done, not yet done: the compiler's result, which can be shown, compared and reviewed.
///
///     Plan     = BgpConfigurationPlan? ServicePatch* NodePlan* ServiceDecision* Prediction Undecided*
///     NodePlan = node Dataplane PlannedPrefix* PlannedService* PlannedPeer*
///
/// Every part says what caused it. Nothing here holds the syntax of a tool, and no endpoint is in a
/// NodePlan: pods come and go without changing it. In a cluster a NodePlan may be in parts, NodePlanSlices,
/// since objects have to be small.
@NullMarked
package dev.bellman.plan;

import org.jspecify.annotations.NullMarked;
