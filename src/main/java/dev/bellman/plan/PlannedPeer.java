package dev.bellman.plan;

import dev.bellman.model.Speaker;

/// A BGP session that a node's BIRD keeps.
public record PlannedPeer(String speaker, long localAsn, Speaker.Peer peer, Cause cause) {}
