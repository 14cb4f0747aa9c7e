package dev.bellman.report;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.bellman.address.Ip;
import dev.bellman.plan.Prediction;
import dev.bellman.plan.Prediction.Announcement;
import dev.bellman.plan.Prediction.NodeRoutes;
import dev.bellman.plan.Prediction.UpstreamRoute;
import dev.bellman.plan.Undecided;
import dev.bellman.report.Style.Ink;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Who announces what, and what the router sees.
public final class RoutesReport {
    private static final int VERSION = 1;

    private RoutesReport() {}

    public static String pretty(Prediction prediction, List<Undecided> undecided, Style style) {
        StringBuilder out = new StringBuilder();
        out.append(style.paint(Ink.STRONG, "What an upstream router holds")).append('\n');
        out.append(upstream(prediction, style));
        out.append('\n')
                .append(style.paint(Ink.STRONG, "What each node announces"))
                .append('\n');
        out.append(nodes(prediction, style));
        appendUndecided(out, undecided, style);
        return out.toString();
    }

    static void appendUndecided(StringBuilder out, List<Undecided> undecided, Style style) {
        if (undecided.isEmpty()) {
            return;
        }
        out.append('\n').append(style.paint(Ink.STRONG, "Not decided here")).append('\n');
        for (Undecided one : undecided) {
            out.append("  ").append(one.what()).append(": ").append(one.help()).append('\n');
        }
    }

    /// The table alone, as `ip route` would show it.
    private static String upstream(Prediction prediction, Style style) {
        if (prediction.upstream().isEmpty()) {
            return "  nothing\n";
        }
        List<List<String>> rows = new ArrayList<>();
        for (UpstreamRoute route : prediction.upstream()) {
            rows.add(List.of("  " + route.prefix(), "via " + nextHops(route)));
        }
        return new Table(List.of(), rows).print(style);
    }

    static String nextHops(UpstreamRoute route) {
        return String.join(", ", route.nextHops().stream().map(Ip::toString).toList());
    }

    private static String nodes(Prediction prediction, Style style) {
        if (prediction.nodes().isEmpty()) {
            return "  no node is known; an inventory of Nodes would tell\n";
        }
        List<List<String>> rows = new ArrayList<>();
        for (NodeRoutes node : prediction.nodes()) {
            String name = node.node();
            if (node.announcements().isEmpty()) {
                rows.add(List.of("  " + name, "nothing", "", ""));
            }
            for (Announcement announcement : node.announcements()) {
                rows.add(List.of(
                        "  " + name,
                        announcement.prefix().toString(),
                        owner(announcement),
                        announcement.cause().toString()));
                name = "";
            }
        }
        return new Table(List.of("  NODE", "PREFIX", "FOR", "BECAUSE OF"), rows).print(style);
    }

    private static String owner(Announcement announcement) {
        String owner = announcement.service() == null ? "the whole prefix" : announcement.service();
        return announcement.collateral() ? owner + " (collateral)" : owner;
    }

    public static String json(Prediction prediction, List<Undecided> undecided) {
        return JsonText.of(json -> write(json, prediction, undecided));
    }

    private static void write(JsonGenerator json, Prediction prediction, List<Undecided> undecided) throws IOException {
        json.writeStartObject();
        json.writeNumberField("version", VERSION);
        json.writeObjectFieldStart("nodes");
        for (NodeRoutes node : prediction.nodes()) {
            json.writeObjectFieldStart(node.node());
            json.writeArrayFieldStart("advertised");
            List<String> prefixes = node.announcements().stream()
                    .map(announcement -> announcement.prefix().toString())
                    .distinct()
                    .toList();
            for (String prefix : prefixes) {
                json.writeString(prefix);
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        json.writeEndObject();
        json.writeArrayFieldStart("upstream");
        for (UpstreamRoute route : prediction.upstream()) {
            json.writeStartObject();
            json.writeStringField("prefix", route.prefix().toString());
            json.writeArrayFieldStart("nextHops");
            for (Ip hop : route.nextHops()) {
                json.writeString(hop.toString());
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        json.writeEndArray();
        writeUndecided(json, undecided);
        json.writeEndObject();
    }

    static void writeUndecided(JsonGenerator json, List<Undecided> undecided) throws IOException {
        json.writeArrayFieldStart("undecided");
        for (Undecided one : undecided) {
            json.writeString(one.what());
        }
        json.writeEndArray();
    }
}
