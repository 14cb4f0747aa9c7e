package dev.bellman.bird;

import dev.bellman.address.Cidr;
import dev.bellman.plan.RouteAttributes;

/// A prefix that a node announces now.
///
/// @param origin what it is announced for and who asked, in words
public record Route(Cidr prefix, RouteAttributes attributes, String origin) {}
