/// Carries a plan out in a cluster: lists, compiles, applies, reports, and nothing else.
///
///     Pass = Cluster -> Judgement -> Hold -> Changes -> Outcome
///
/// One pass looks at the whole cluster, by the same compiler as the command line. [Judgement], [Hold], [Changes] and
/// [Conditions] are pure: what they take is a value, and so is what they give. [PassLoop] decides when, [ApiServer]
/// writes, and the reconcilers tell each object what became of it.
@NullMarked
package dev.bellman.operator;

import org.jspecify.annotations.NullMarked;
