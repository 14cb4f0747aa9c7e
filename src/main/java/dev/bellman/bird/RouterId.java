package dev.bellman.bird;

import dev.bellman.address.Family;
import dev.bellman.address.Ip;
import dev.bellman.digest.Sha256;
import dev.bellman.model.ClusterNode;
import java.nio.ByteBuffer;

/// The BGP identifier of a node: 32 bits, unique in its AS (RFC 6286).
final class RouterId {
    private static final int LOOPBACK = 127;

    private RouterId() {}

    /// The node's IPv4 address. For a node without one an identifier that follows from its name, so that it
    /// stays the same wherever and whenever it is computed.
    static Ip of(ClusterNode node) {
        Ip address = node.internalIp(Family.IPV4);
        return address == null ? of(node.name()) : address;
    }

    /// Looks like a unicast address: some routers refuse a session with another identifier (RFC 4271 section
    /// 4.2).
    private static Ip of(String name) {
        int hash = ByteBuffer.wrap(Sha256.of(name)).getInt();
        long first = 1L + (hash >>> 24) % 223;
        return new Ip(Family.IPV4, 0, (first == LOOPBACK ? first - 1 : first) << 24 | (hash & 0xff_ffff));
    }
}
