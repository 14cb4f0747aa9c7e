package dev.bellman.model;

import dev.bellman.address.Ip;
import dev.bellman.document.Manifest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A `BGPSpeaker`: where BGP sessions of the Bird backend run, and to whom.
///
/// @param localAsn 1 to 4294967295 (RFC 6793)
public record Speaker(String name, Selection nodes, Located<Long> localAsn, List<Peer> peers, Manifest manifest) {
    public Speaker {
        peers = List.copyOf(peers);
    }

    /// One neighbour. Times are in seconds unless their name says otherwise.
    ///
    /// @param holdTime 0 for ever
    /// @param keepalive null for a third of the hold time
    /// @param multihopTtl null for a directly connected neighbour
    public record Peer(
            String name,
            Ip address,
            long asn,
            long port,
            @Nullable SecretRef password,
            GracefulRestart gracefulRestart,
            Bfd bfd,
            long holdTime,
            @Nullable Long keepalive,
            @Nullable Long multihopTtl) {}

    /// Where a session's password lies. Never the password itself.
    public record SecretRef(@Nullable String namespace, String name, String key) {}

    /// RFC 4724.
    public record GracefulRestart(boolean enabled, long restartTimeSeconds) {}

    /// RFC 5880.
    public record Bfd(boolean enabled, long minTxMillis, long minRxMillis, long multiplier) {}
}
