package dev.bellman.model;

/// A BGPPeer of Calico's whose AS is stated.
///
/// @param asn as it is written: a number, or two with a dot between
/// @param filtered whether it has BGPFilters
public record CalicoPeer(String name, Located<String> asn, boolean filtered) {}
