/// Internet addresses and prefixes as values.
///
/// Text comes in the way Go's `net/netip` reads it, which is how Kubernetes does; canonical text (RFC 5952) goes out.
/// Nothing here resolves a name or looks at an interface.
@NullMarked
package dev.bellman.address;

import org.jspecify.annotations.NullMarked;
