package dev.bellman.bird;

import dev.bellman.plan.PlannedPeer;

/// A session that is in the plan and is not opened.
public record HeldDown(PlannedPeer peer, String reason) {}
