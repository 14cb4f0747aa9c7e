package dev.bellman.netfilter;

import dev.bellman.address.Family;
import dev.bellman.address.Ip;

/// Where a connection ends up: an endpoint's address and port.
public record Backend(Ip ip, int port) {
    /// `10.48.0.43:80` or `[fd00::1]:80`.
    @Override
    public String toString() {
        return (ip.family() == Family.IPV6 ? "[" + ip + "]" : ip.toString()) + ":" + port;
    }
}
