package dev.bellman.schema;

import dev.bellman.diagnostic.Diagnostic;
import dev.bellman.diagnostic.Nearest;
import dev.bellman.document.Manifest;
import dev.bellman.document.Mapping;
import dev.bellman.document.Node;
import dev.bellman.document.Rewrite;
import dev.bellman.document.Scalar;
import dev.bellman.document.Sequence;
import dev.bellman.yaml.Resource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The kinds that Bellman can judge, each read from its definition the first time that an object of it turns up.
public final class Kinds {
    /// The API group of Bellman's own kinds.
    public static final String GROUP = "bellman.dev";

    private static final String VERSION = GROUP + "/v1alpha1";

    /// Where each kind is defined. Reading a definition is most of what judging a small file costs, hence a table
    /// instead of looking into the files.
    private static final Map<String, String> DEFINITIONS = new TreeMap<>(Map.ofEntries(
            Map.entry(VERSION + " ServiceAdvertisementPolicy", "crds/serviceadvertisementpolicies.bellman.dev.yaml"),
            Map.entry(VERSION + " AdvertisementClass", "crds/advertisementclasses.bellman.dev.yaml"),
            Map.entry(VERSION + " BGPSpeaker", "crds/bgpspeakers.bellman.dev.yaml"),
            Map.entry(VERSION + " AdvertisementRule", "crds/advertisementrules.bellman.dev.yaml"),
            Map.entry(VERSION + " NodePlan", "crds/nodeplans.bellman.dev.yaml"),
            Map.entry(VERSION + " NodePlanSlice", "crds/nodeplanslices.bellman.dev.yaml"),
            Map.entry("v1 Service", "schemas/service.yaml"),
            Map.entry("v1 Node", "schemas/node.yaml"),
            Map.entry("v1 Namespace", "schemas/namespace.yaml"),
            Map.entry("discovery.k8s.io/v1 EndpointSlice", "schemas/endpointslice.yaml"),
            Map.entry("projectcalico.org/v3 BGPConfiguration", "schemas/bgpconfiguration.yaml"),
            // Where Calico has no API server of its own, the same object lies in its storage group.
            Map.entry("crd.projectcalico.org/v1 BGPConfiguration", "schemas/bgpconfiguration.yaml")));

    private static final Kinds BUILT_IN = new Kinds();

    private final Map<String, ResourceKind> read = new ConcurrentHashMap<>();

    private Kinds() {}

    public static Kinds builtIn() {
        return BUILT_IN;
    }

    /// The names of Bellman's own kinds, sorted.
    public List<String> own() {
        return of(VERSION);
    }

    /// The names of the kinds of an API version that Bellman can judge, sorted.
    static List<String> of(String apiVersion) {
        return DEFINITIONS.keySet().stream()
                .filter(key -> key.startsWith(apiVersion + " "))
                .map(key -> key.substring(apiVersion.length() + 1))
                .toList();
    }

    /// The names of all kinds that Bellman can judge, sorted.
    public static List<String> names() {
        return DEFINITIONS.keySet().stream()
                .map(key -> key.substring(key.indexOf(' ') + 1))
                .distinct()
                .sorted()
                .toList();
    }

    /// The CEL rules of all definitions.
    public Set<String> expressions() {
        Set<String> texts = new TreeSet<>();
        DEFINITIONS.keySet().forEach(key -> {
            ResourceKind kind = find(key.substring(0, key.indexOf(' ')), key.substring(key.indexOf(' ') + 1));
            collect(Objects.requireNonNull(kind).root(), texts);
        });
        return texts;
    }

    private static void collect(Schema schema, Set<String> texts) {
        schema.traits().rules().forEach(rule -> texts.add(rule.expression().text()));
        switch (schema) {
            case Schema.Fields fields -> {
                fields.properties().values().forEach(field -> collect(field, texts));
                if (fields.others() != null) {
                    collect(fields.others(), texts);
                }
            }
            case Schema.Items items -> {
                if (items.item() != null) {
                    collect(items.item(), texts);
                }
            }
            case Schema.Text _, Schema.Numeric _, Schema.Flag _, Schema.IntOrString _, Schema.Anything _ -> {}
        }
    }

    public boolean isKnown(String apiVersion, String kind) {
        return DEFINITIONS.containsKey(apiVersion + " " + kind);
    }

    /// The definition of a kind, or null when Bellman knows none.
    public @Nullable ResourceKind find(String apiVersion, String kind) {
        String key = apiVersion + " " + kind;
        String resource = DEFINITIONS.get(key);
        return resource == null ? null : read.computeIfAbsent(key, _ -> read(Resource.read(resource)));
    }

    /// The finding about an object of Bellman's group that is of no kind known, or of a misspelled one of Kubernetes'
    /// own, or null. Other groups' unknown kinds are nobody's fault.
    @Nullable
    Diagnostic unknown(Manifest manifest, Findings findings) {
        String group = manifest.group();
        String kind = manifest.kind();
        boolean ours = group.equals(GROUP);
        boolean meantOurs = own().contains(kind) && looksLikeOurs(group);
        if (!ours && !meantOurs) {
            return CoreKinds.misspelled(manifest, findings);
        }
        if (!manifest.apiVersion().equals(VERSION)) {
            return noSuchVersion(manifest, findings, VERSION);
        }
        Node node = place(manifest, "kind");
        Nearest nearest = Nearest.to(kind, own());
        Diagnostic finding = findings.error(
                "unknown-kind",
                node.span(),
                "unknown kind `" + kind + "`",
                nearest.help("kinds of `" + VERSION + "` are "
                        + Nearest.either(own()).replace(" or ", " and ")));
        String only = nearest.only();
        return only == null ? finding : finding.withFix(Rewrite.of(node, only));
    }

    /// @param right the version that was meant
    static Diagnostic noSuchVersion(Manifest manifest, Findings findings, String right) {
        Node node = place(manifest, "apiVersion");
        return findings.error(
                        "unknown-kind",
                        node.span(),
                        "there is no API version `" + manifest.apiVersion() + "`",
                        "write `" + right + "`")
                .withFix(Rewrite.of(node, right));
    }

    /// A misspelling, another ending, or none at all: the core group has no kinds of such names.
    private static boolean looksLikeOurs(String group) {
        return group.isEmpty()
                || group.startsWith("bellman.")
                || Nearest.to(group, List.of(GROUP)).only() != null;
    }

    static Node place(Manifest manifest, String field) {
        Node node = manifest.root().get(field);
        return node == null ? manifest.root() : node;
    }

    /// Reads a CustomResourceDefinition of one version, or a definition of somebody else's kind in the same form.
    static ResourceKind read(Mapping definition) {
        Mapping version = (Mapping)
                ((Sequence) required(definition, "spec", "versions")).items().getFirst();
        Mapping names = (Mapping) required(definition, "spec", "names");
        String group = text(definition, "spec", "group");
        String name = text(version, "name");
        Schema.Fields root =
                (Schema.Fields) SchemaReader.read((Mapping) required(version, "schema", "openAPIV3Schema"));
        return new ResourceKind(
                group.isEmpty() ? name : group + "/" + name,
                text(names, "kind"),
                text(definition, "spec", "scope").equals("Namespaced"),
                naming(definition.text("spec", "naming")),
                version.at("subresources", "status") != null,
                ObjectMeta.around(root));
    }

    private static ResourceKind.Naming naming(@Nullable String word) {
        return word == null ? ResourceKind.Naming.SUBDOMAIN : ResourceKind.Naming.valueOf(word);
    }

    private static Node required(Mapping source, String... path) {
        Node node = source.at(path);
        if (node == null) {
            throw new IllegalStateException(source.span() + ": no " + String.join(".", path));
        }
        return node;
    }

    private static String text(Mapping source, String... path) {
        return String.valueOf(((Scalar) required(source, path)).value());
    }
}
