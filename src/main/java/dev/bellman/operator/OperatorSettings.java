package dev.bellman.operator;

import org.jspecify.annotations.Nullable;

/// How the operator runs.
///
/// @param lease the Lease by which replicas agree on the one that writes, or null for one that is alone
/// @param namespace of the Lease
/// @param identity of this replica, as the Lease names it
public record OperatorSettings(@Nullable String lease, String namespace, String identity) {}
