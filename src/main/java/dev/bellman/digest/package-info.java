/// SHA-256 (FIPS 180-4), for names and hashes that are the same on every machine.
@NullMarked
package dev.bellman.digest;

import org.jspecify.annotations.NullMarked;
