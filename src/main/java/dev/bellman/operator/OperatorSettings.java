package dev.bellman.operator;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// How the operator runs.
///
/// @param lease the Lease by which replicas agree on the one that writes, or null for one that is alone
/// @param leaseDuration how long others wait for one that leads and is not heard of any more
/// @param namespace of the Lease
/// @param identity of this replica, as the Lease names it
public record OperatorSettings(@Nullable String lease, Duration leaseDuration, String namespace, String identity) {
    /// As Kubernetes' own components have it.
    public static final int LEASE_SECONDS = 15;
}
