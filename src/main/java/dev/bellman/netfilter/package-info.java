/// Service rules of a node as data, and their spelling for the tools that load them.
///
/// `ServiceRules` computes what kube-proxy 1.35 would program for the same Services and EndpointSlices. The rules
/// are records first, so that one set can be printed, compared and walked through.
@NullMarked
package dev.bellman.netfilter;

import org.jspecify.annotations.NullMarked;
