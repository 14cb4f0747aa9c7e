package dev.bellman.plan;

/// Something that only the cluster knows.
///
/// @param what the thing, such as `the ClusterIP of yaobank/customer`
/// @param help what would decide it
/// @param about the service's id, or the name of the class or policy
public record Undecided(String what, String help, String about, Cause cause) {}
