package dev.bellman.plan;

/// Something that only the cluster knows.
///
/// @param what the thing, such as `the ClusterIP of yaobank/customer`
/// @param help what would decide it
public record Undecided(String what, String help, Cause cause) {}
