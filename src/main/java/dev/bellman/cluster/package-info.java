/// Objects of an API server as manifests, and word of every change: what files are to the command line, for the
/// operator and for agents that are fed by a cluster.
///
/// Nothing of Kubernetes' client leaves this package but the client itself.
@NullMarked
package dev.bellman.cluster;

import org.jspecify.annotations.NullMarked;
