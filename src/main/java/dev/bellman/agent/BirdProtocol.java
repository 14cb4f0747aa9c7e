package dev.bellman.agent;

import dev.bellman.agent.BirdReply.Line;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A protocol of BIRD's, as `show protocols all` tells of it.
///
/// @param state `up`, `start`, `stop`, `flush` or `down`
/// @param bgpState such as `Established`, `Active` or `Idle`; empty for other protocols and where it is disabled
/// @param lastError why a session ended or does not come up, or empty
public record BirdProtocol(String name, String state, String bgpState, String lastError, List<Channel> channels) {
    private static final int SUMMARY = 1002;
    private static final int DETAILS = 1006;

    public BirdProtocol {
        channels = List.copyOf(channels);
    }

    /// A family that a session may carry.
    ///
    /// @param name `ipv4` or `ipv6`
    /// @param state `UP` where both sides want it
    /// @param exported how many routes are announced
    public record Channel(String name, String state, String table, long exported) {
        public boolean isUp() {
            return state.equals("UP");
        }
    }

    public boolean isEstablished() {
        return bgpState.equals("Established");
    }

    static List<BirdProtocol> parse(BirdReply reply) {
        List<BirdProtocol> protocols = new ArrayList<>();
        Reader reader = null;
        for (Line line : reply.lines()) {
            if (line.code() == SUMMARY) {
                add(protocols, reader);
                reader = new Reader(line.text().strip().split("\\s+"));
            } else if (line.code() == DETAILS && reader != null) {
                reader.read(line.text().strip());
            }
        }
        add(protocols, reader);
        return List.copyOf(protocols);
    }

    private static void add(List<BirdProtocol> protocols, @Nullable Reader reader) {
        if (reader != null) {
            protocols.add(reader.protocol());
        }
    }

    /// Name, protocol, table and state are the first columns.
    private static final class Reader {
        private final String[] columns;
        private String bgpState = "";
        private String lastError = "";
        private final List<Channel> channels = new ArrayList<>();
        private String channel = "";
        private String channelState = "";
        private String table = "";
        private long exported;

        Reader(String[] columns) {
            this.columns = columns;
        }

        void read(String line) {
            if (line.startsWith("Channel ")) {
                endChannel();
                channel = line.substring("Channel ".length());
                return;
            }
            int colon = line.indexOf(':');
            if (colon < 0) {
                return;
            }
            String value = line.substring(colon + 1).strip();
            switch (line.substring(0, colon)) {
                case "BGP state" -> bgpState = value;
                case "Last error" -> lastError = value;
                case "State" -> channelState = value;
                case "Table" -> table = value;
                case "Routes" -> exported = exported(value);
                default -> {}
            }
        }

        /// Out of `0 imported, 2 exported, 0 preferred`.
        private static long exported(String routes) {
            for (String part : routes.split(",\\s*", -1)) {
                if (part.endsWith(" exported")) {
                    return Long.parseLong(part.substring(0, part.indexOf(' ')));
                }
            }
            return 0;
        }

        private void endChannel() {
            if (!channel.isEmpty()) {
                channels.add(new Channel(channel, channelState, table, exported));
            }
            channel = "";
            channelState = "";
            table = "";
            exported = 0;
        }

        BirdProtocol protocol() {
            endChannel();
            return new BirdProtocol(columns[0], columns.length > 3 ? columns[3] : "", bgpState, lastError, channels);
        }
    }
}
