package dev.bellman.model;

import dev.bellman.address.Cidr;
import dev.bellman.diagnostic.Span;

/// Addresses that a class grants, and to whom.
///
/// @param cidr canonical: no host bits
/// @param span the cidr's place
/// @param advertiseSpan the place of `advertise`, or of the prefix where it is left out
public record Prefix(
        Cidr cidr, AddressKind kind, Advertise advertise, Selection namespaces, Span span, Span advertiseSpan) {
    /// When the prefix itself is announced.
    public enum Advertise {
        /// By every eligible node.
        ALWAYS("Always"),
        /// Never; only the host routes of services that a policy selects.
        ON_DEMAND("OnDemand");

        private final String word;

        Advertise(String word) {
            this.word = word;
        }

        public String word() {
            return word;
        }
    }
}
