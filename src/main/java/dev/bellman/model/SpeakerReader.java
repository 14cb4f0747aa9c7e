package dev.bellman.model;

import dev.bellman.address.Ip;
import dev.bellman.model.Speaker.Bfd;
import dev.bellman.model.Speaker.GracefulRestart;
import dev.bellman.model.Speaker.Peer;
import dev.bellman.model.Speaker.SecretRef;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads a BGPSpeaker. Defaults here are those of its custom resource definition.
final class SpeakerReader {
    private static final long BGP_PORT = 179;
    private static final long HOLD_TIME = 90;

    private SpeakerReader() {}

    static Speaker read(Overlay.Twin twin) {
        Fields spec = new Fields(twin.manifest().root()).fields("spec");
        List<Peer> peers = new ArrayList<>();
        for (Fields fields : spec.mappings("peers")) {
            Peer peer = peer(fields);
            if (peer != null) {
                peers.add(peer);
            }
        }
        return new Speaker(
                twin.manifest().name(),
                PolicyReader.selection(spec, "nodes"),
                spec.integerOr("localASN", 0),
                peers,
                twin.manifest());
    }

    static @Nullable Peer peer(Fields fields) {
        Located<Ip> address = fields.parsed("address", Ip::parse);
        if (address == null) {
            return null;
        }
        return new Peer(
                fields.stringOr("name", ""),
                address.value(),
                fields.integerOr("asn", 0).value(),
                fields.integerOr("port", BGP_PORT).value(),
                fields.has("passwordSecretRef") ? secret(fields.fields("passwordSecretRef")) : null,
                gracefulRestart(fields.fields("gracefulRestart")),
                bfd(fields.fields("bfd")),
                fields.integerOr("holdTimeSeconds", HOLD_TIME).value(),
                value(fields.integer("keepaliveSeconds")),
                value(fields.integer("multihopTTL")));
    }

    private static SecretRef secret(Fields fields) {
        Located<String> namespace = fields.string("namespace");
        return new SecretRef(
                namespace == null ? null : namespace.value(),
                fields.stringOr("name", ""),
                fields.stringOr("key", "password"));
    }

    private static GracefulRestart gracefulRestart(Fields fields) {
        return new GracefulRestart(
                !fields.isFalse("enabled"),
                fields.integerOr("restartTimeSeconds", 120).value());
    }

    private static Bfd bfd(Fields fields) {
        return new Bfd(
                fields.isTrue("enabled"),
                fields.integerOr("minTxMillis", 300).value(),
                fields.integerOr("minRxMillis", 300).value(),
                fields.integerOr("multiplier", 3).value());
    }

    private static @Nullable Long value(@Nullable Located<Long> located) {
        return located == null ? null : located.value();
    }
}
