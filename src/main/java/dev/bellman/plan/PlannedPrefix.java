package dev.bellman.plan;

import dev.bellman.address.Cidr;
import dev.bellman.model.AddressKind;
import dev.bellman.model.AdvertisementClass.Backend;

/// A prefix that a node announces whole.
public record PlannedPrefix(
        Cidr cidr, AddressKind kind, String className, Backend backend, RouteAttributes attributes, Cause cause) {}
