/// The agent of one node: carries out the node's plan in the kernel and in BIRD, and proves it.
///
/// `NodeAgent` is the loop. It decides nothing about policies: what it is given says what the node should do.
/// `Handover`
/// decides in which order, so that no packet is sent to a node that does not deliver it.
@NullMarked
package dev.bellman.agent;

import org.jspecify.annotations.NullMarked;
