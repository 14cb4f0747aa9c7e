package dev.bellman.model;

import dev.bellman.diagnostic.Span;
import dev.bellman.document.Manifest;
import dev.bellman.document.Node;
import java.util.List;

/// How services are advertised and who may: the platform team's side.
///
/// @param complete false where a prefix or who may use it could not be read, which its schema reports
public record AdvertisementClass(
        String name,
        Located<Backend> backend,
        List<Prefix> prefixes,
        boolean complete,
        Selection nodes,
        Attributes attributes,
        Guardrails guardrails,
        Dataplane dataplane,
        Manifest manifest) {
    public AdvertisementClass {
        prefixes = List.copyOf(prefixes);
    }

    /// The place of `dataplane`, or of the spec that leaves it out.
    public Span dataplaneSpan() {
        Node found = manifest.root().at("spec", "dataplane");
        return found == null ? manifest.span() : found.span();
    }

    /// Whether a node announces what the class advertises.
    public boolean announcesFrom(ClusterNode node) {
        return switch (backend.value()) {
            case CALICO -> !node.excludedByCalico();
            case BIRD -> !node.excluded() && nodes.selects(node.name(), node.labels());
        };
    }

    /// Who announces the routes.
    public enum Backend {
        /// Calico, through BGPConfiguration.
        CALICO("Calico"),
        /// Bellman's own BIRD on each node.
        BIRD("Bird");

        private final String word;

        Backend(String word) {
            this.word = word;
        }

        public String word() {
            return word;
        }
    }

    /// Limits against accidents.
    ///
    /// @param maxHostRoutes host routes that one class may add to the network's tables
    /// @param minNextHops nodes that must be left to announce an address
    /// @param maxWithdrawnPercent share of a class's addresses that one change may withdraw, in percent
    public record Guardrails(
            Located<Long> maxHostRoutes, Located<Long> minNextHops, Located<Long> maxWithdrawnPercent) {}
}
