package dev.bellman.netfilter;

/// One endpoint of a Service's port, as a node sees it.
///
/// @param local whether it runs on this node
/// @param ready whether new connections should go there
/// @param fallback whether it still serves while it terminates: used where no ready one is left
public record Endpoint(Backend backend, boolean local, boolean ready, boolean fallback) {}
