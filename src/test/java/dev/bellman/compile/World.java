package dev.bellman.compile;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.bellman.diagnostic.SourceText;
import dev.bellman.document.Manifest;
import dev.bellman.document.Mapping;
import dev.bellman.yaml.Yaml;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// A small cluster and the policies about it, made up at random: each object in a file of its own, so that its place
/// does not depend on the others.
record World(List<Thing> things) {
    /// What the properties draw their worlds with. It is fixed so that a build that fails does so for what was changed
    /// in
    /// it; another value hunts in other worlds.
    static final String SEED = "20261128";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String EXCLUDE = "node.kubernetes.io/exclude-from-external-load-balancers";

    World {
        things = List.copyOf(things);
    }

    /// @param file its file, by which it is known
    record Thing(String file, boolean observed, JsonNode object) {
        String kind() {
            return object.path("kind").asText();
        }

        String name() {
            return object.path("metadata").path("name").asText();
        }
    }

    static World of(long seed) {
        return new Maker(new Random(seed)).world();
    }

    World shuffled(Random random) {
        List<Thing> other = new ArrayList<>(things);
        Collections.shuffle(other, random);
        return new World(other);
    }

    World where(Predicate<Thing> stays) {
        return new World(things.stream().filter(stays).toList());
    }

    World with(UnaryOperator<JsonNode> change) {
        return new World(things.stream()
                .map(thing -> new Thing(
                        thing.file(),
                        thing.observed(),
                        change.apply(thing.object().deepCopy())))
                .toList());
    }

    /// The cluster once a node and the pods on it are gone.
    World without(String node) {
        return where(thing -> !(thing.kind().equals("Node") && thing.name().equals(node)))
                .with(object -> {
                    if (object.path("endpoints") instanceof ArrayNode endpoints) {
                        for (int i = endpoints.size() - 1; i >= 0; i--) {
                            if (endpoints.get(i).path("nodeName").asText().equals(node)) {
                                endpoints.remove(i);
                            }
                        }
                    }
                    return object;
                });
    }

    List<String> nodes() {
        return things.stream()
                .filter(thing -> thing.kind().equals("Node"))
                .map(Thing::name)
                .toList();
    }

    /// All objects as a cluster has them.
    List<Manifest> observed() {
        List<Manifest> manifests = new ArrayList<>();
        for (Thing thing : things) {
            SourceText text = new SourceText(thing.file(), thing.object().toString());
            Yaml.parse(text).documents().forEach(document -> {
                if (document instanceof Mapping mapping) {
                    manifests.add(Manifest.of(mapping, true));
                }
            });
        }
        return manifests;
    }

    Engine.Result compile() {
        List<Manifest> manifests = new ArrayList<>();
        Map<String, SourceText> texts = new HashMap<>();
        for (Thing thing : things) {
            SourceText text = new SourceText(thing.file(), thing.object().toString());
            texts.put(thing.file(), text);
            Yaml.parse(text).documents().forEach(document -> {
                if (document instanceof Mapping mapping) {
                    manifests.add(Manifest.of(mapping, thing.observed()));
                }
            });
        }
        return Engine.run(new Engine.Input(manifests, texts::get, null, List.of()));
    }

    /// Replaces some values with others that do not belong there.
    World spoiled(Random random) {
        List<Thing> spoiled = new ArrayList<>(things);
        for (int i = 0; i < 6; i++) {
            int at = random.nextInt(spoiled.size());
            Thing thing = spoiled.get(at);
            JsonNode object = thing.object().deepCopy();
            spoil(object, random);
            spoiled.set(at, new Thing(thing.file(), thing.observed(), object));
        }
        return new World(spoiled);
    }

    private static void spoil(JsonNode root, Random random) {
        List<JsonNode> parents = new ArrayList<>();
        collect(root, parents);
        JsonNode parent = parents.get(random.nextInt(parents.size()));
        JsonNode wrong = wrong(random);
        switch (parent) {
            case ObjectNode object -> {
                List<String> names = new ArrayList<>();
                object.fieldNames().forEachRemaining(names::add);
                String name = names.get(random.nextInt(names.size()));
                switch (random.nextInt(3)) {
                    case 0 -> object.remove(name);
                    case 1 -> object.set(name, wrong);
                    default -> object.set(name + "x", object.remove(name));
                }
            }
            case ArrayNode array -> array.set(random.nextInt(array.size()), wrong);
            default -> throw new IllegalStateException();
        }
    }

    private static void collect(JsonNode node, List<JsonNode> found) {
        if (node.isContainerNode() && !node.isEmpty()) {
            found.add(node);
        }
        node.forEach(inner -> collect(inner, found));
    }

    private static JsonNode wrong(Random random) {
        List<Object> values = new ArrayList<>(List.of(
                "",
                "x",
                -1,
                1.5,
                99999999999L,
                true,
                false,
                List.of(),
                Map.of(),
                List.of(Map.of()),
                Map.of("a", "b"),
                "10.49.0.0/99",
                "::/0",
                "0.0.0.0/0",
                "10.49.0.1",
                "Local",
                "a/b",
                List.of("a", 1),
                "1:2:3:4"));
        values.add(null);
        return JSON.valueToTree(values.get(random.nextInt(values.size())));
    }

    /// Builds the objects out of plain maps and lists.
    private static final class Maker {
        private final Random random;
        private final List<Thing> things = new ArrayList<>();
        private int nodes;

        Maker(Random random) {
            this.random = random;
        }

        World world() {
            nodes = 1 + random.nextInt(4);
            IntStream.range(0, nodes).forEach(this::node);
            add(true, "v1", "Namespace", "", "a", Map.of("tier", "gold"), Map.of());
            if (maybe()) {
                add(false, "v1", "Namespace", "", "b", Map.of("tier", one("gold", "tin")), Map.of());
            }
            IntStream.range(0, 1 + random.nextInt(2)).forEach(this::advertisementClass);
            IntStream.range(0, one(0, 1, 1, 1, 2)).forEach(this::speaker);
            for (String namespace : List.of("a", "b")) {
                IntStream.range(0, 1 + random.nextInt(3)).forEach(i -> service(namespace, "s" + i));
                IntStream.range(0, 1 + random.nextInt(3)).forEach(i -> policy(namespace, "p" + i));
            }
            if (maybe()) {
                bgpConfiguration();
            }
            if (maybe()) {
                String version = one("v3.29.1", "v3.30.6", "v3.31.3", "v3.31.6", "v3.32.1", "v3.33.0");
                add(
                        true,
                        "projectcalico.org/v3",
                        "ClusterInformation",
                        "",
                        "default",
                        Map.of(),
                        Map.of("spec", Map.of("calicoVersion", version)));
            }
            Map<String, Object> rule = Map.of(
                    "spec",
                    Map.of(
                            "severity", "warning",
                            "match", Map.of("kinds", List.of("Service")),
                            "expression", "object.metadata.labels['owner'] != ''",
                            "message", "no owner"));
            add(false, "bellman.dev/v1alpha1", "AdvertisementRule", "", "owner", Map.of(), rule);
            return new World(things);
        }

        private void node(int i) {
            List<Object> addresses = new ArrayList<>();
            addresses.add(Map.of("type", "Hostname", "address", "n" + i));
            if (random.nextInt(5) > 0) {
                addresses.add(Map.of("type", "InternalIP", "address", "10.0.1." + (i + 1)));
            }
            if (maybe()) {
                addresses.add(Map.of("type", "InternalIP", "address", "fd00:1::" + (i + 1)));
            }
            Map<String, Object> labels = new HashMap<>();
            labels.put("role", one("edge", "worker"));
            if (random.nextInt(4) == 0) {
                labels.put(EXCLUDE, one("true", "", "false"));
            }
            add(true, "v1", "Node", "", "n" + i, labels, Map.of("status", Map.of("addresses", addresses)));
        }

        private void advertisementClass(int i) {
            List<Object> prefixes = new ArrayList<>();
            int third = i + 1;
            for (String[] range : List.of(
                    new String[] {"10.49." + third + ".0/24", "ClusterIP"},
                    new String[] {"203.0." + third + ".0/24", "ExternalIP"},
                    new String[] {"198.51." + third + ".0/24", "LoadBalancerIP"},
                    new String[] {"fd00:49:" + third + "::/112", "ClusterIP"})) {
                if (random.nextInt(4) > 0) {
                    prefixes.add(Map.of(
                            "cidr",
                            range[0],
                            "addresses",
                            range[1],
                            "advertise",
                            one("Always", "OnDemand"),
                            "namespaces",
                            one(
                                    Map.of("matchAll", true),
                                    Map.of("names", List.of("a")),
                                    Map.of("selector", Map.of("matchLabels", Map.of("tier", "gold"))))));
                }
            }
            Map<String, Object> spec = new HashMap<>();
            spec.put("backend", one("Calico", "Bird"));
            spec.put("prefixes", prefixes);
            spec.put("nodes", nodeSelection());
            spec.put("attributes", attributes());
            spec.put(
                    "guardrails", Map.of("maxHostRoutes", 1 + random.nextInt(5), "minNextHops", 1 + random.nextInt(3)));
            add(false, "bellman.dev/v1alpha1", "AdvertisementClass", "", "c" + i, Map.of(), Map.of("spec", spec));
        }

        private Object nodeSelection() {
            return one(
                    Map.of("matchAll", true),
                    Map.of("matchAll", true),
                    Map.of("matchAll", true),
                    Map.of("names", List.of("n0", "n1")),
                    Map.of("selector", Map.of("matchLabels", Map.of("role", "edge"))));
        }

        private Map<String, Object> attributes() {
            Map<String, Object> attributes = new HashMap<>();
            if (maybe()) {
                attributes.put("communities", List.of("64512:" + random.nextInt(9)));
            }
            if (random.nextInt(6) == 0) {
                attributes.put(one("med", "localPreference", "prepend"), random.nextInt(3));
            }
            return attributes;
        }

        private void speaker(int i) {
            Map<String, Object> peer = Map.of("name", "p", "address", "10.0.1." + (100 + i), "asn", 64512);
            add(
                    false,
                    "bellman.dev/v1alpha1",
                    "BGPSpeaker",
                    "",
                    "speaker" + i,
                    Map.of(),
                    Map.of(
                            "spec",
                            Map.of(
                                    "nodes", nodeSelection(),
                                    "localASN", one(64512, 64512, 64513),
                                    "peers", List.of(peer))));
        }

        private void service(String namespace, String name) {
            String type = one("ClusterIP", "NodePort", "NodePort", "LoadBalancer", "LoadBalancer", "ExternalName");
            Map<String, Object> spec = new HashMap<>();
            spec.put("type", type);
            spec.put("ports", List.of(Map.of("port", 80)));
            List<String> ips = new ArrayList<>();
            List<String> families = new ArrayList<>();
            if (random.nextInt(4) > 0) {
                ips.add("10.49." + (1 + random.nextInt(random.nextInt(4) == 0 ? 3 : 1)) + "."
                        + (1 + random.nextInt(250)));
                families.add("IPv4");
            }
            if (ips.isEmpty() || maybe()) {
                ips.add("fd00:49:" + (1 + random.nextInt(random.nextInt(4) == 0 ? 3 : 1)) + "::"
                        + (1 + random.nextInt(250)));
                families.add("IPv6");
            }
            List<String> external = Stream.of("203.0.", "203.0.")
                    .limit(random.nextInt(3))
                    .map(start -> start + (1 + random.nextInt(2)) + "." + (1 + random.nextInt(4)))
                    .distinct()
                    .toList();
            spec.put("externalIPs", external);
            boolean policed = !type.equals("ExternalName") && (!type.equals("ClusterIP") || !external.isEmpty());
            Map<String, Object> labels = maybe() ? Map.of("app", one("x", "y")) : Map.of("owner", "me", "app", "x");
            boolean declared = maybe();
            if (declared) {
                Map<String, Object> inGit = new HashMap<>(spec);
                if (policed && random.nextInt(4) == 0) {
                    inGit.put("externalTrafficPolicy", one("Local", "Cluster"));
                }
                add(false, "v1", "Service", namespace, name, labels, Map.of("spec", inGit));
            }
            if (!declared || maybe()) {
                if (!type.equals("ExternalName")) {
                    spec.put("clusterIP", ips.getFirst());
                    spec.put("clusterIPs", ips);
                    spec.put("ipFamilies", families);
                }
                if (policed) {
                    spec.put("externalTrafficPolicy", one("Local", "Cluster", "Cluster"));
                }
                Map<String, Object> rest = new HashMap<>(Map.of("spec", spec));
                if (type.equals("LoadBalancer") && random.nextInt(4) > 0) {
                    String ip = "198.51." + (1 + random.nextInt(random.nextInt(4) == 0 ? 3 : 1)) + "."
                            + (1 + random.nextInt(250));
                    rest.put("status", Map.of("loadBalancer", Map.of("ingress", List.of(Map.of("ip", ip)))));
                }
                add(true, "v1", "Service", namespace, name, labels, rest);
            }
            families.forEach(
                    family -> IntStream.range(0, one(0, 1, 1, 2)).forEach(i -> slice(namespace, name, family, i)));
        }

        private void slice(String namespace, String service, String family, int i) {
            List<Object> endpoints = new ArrayList<>();
            int pods = random.nextInt(4);
            for (int pod = 0; pod < pods; pod++) {
                Map<String, Object> endpoint = new HashMap<>();
                endpoint.put("addresses", List.of(family.equals("IPv4") ? "10.48.0.9" : "fd00:48::9"));
                // One node more than there are: the inventory may lack some.
                endpoint.put("nodeName", "n" + random.nextInt(nodes + (random.nextInt(9) == 0 ? 1 : 0)));
                if (random.nextInt(4) > 0) {
                    endpoint.put("conditions", Map.of("ready", random.nextInt(4) > 0));
                }
                endpoints.add(endpoint);
            }
            add(
                    true,
                    "discovery.k8s.io/v1",
                    "EndpointSlice",
                    namespace,
                    service + "-" + family.toLowerCase(Locale.ROOT) + i,
                    Map.of("kubernetes.io/service-name", service),
                    Map.of("addressType", family, "endpoints", endpoints));
        }

        private void policy(String namespace, String name) {
            Map<String, Object> spec = new HashMap<>();
            spec.put("className", one("c0", "c0", "c0", "c1"));
            spec.put(
                    "services",
                    one(
                            Map.of("matchAll", true),
                            Map.of("names", List.of("s" + random.nextInt(3))),
                            Map.of("names", List.of("s" + random.nextInt(3))),
                            Map.of("selector", Map.of("matchLabels", Map.of("app", "x")))));
            if (maybe()) {
                spec.put("addresses", List.of(one("ClusterIP", "ExternalIP", "LoadBalancerIP")));
            }
            spec.put("trafficPolicy", one("Local", "Local", "Local", "Cluster", "Unchanged"));
            if (maybe()) {
                spec.put("routes", one("PerService", "PerService", "Covered"));
            }
            spec.put("attributes", attributes());
            add(
                    maybe(),
                    "bellman.dev/v1alpha1",
                    "ServiceAdvertisementPolicy",
                    namespace,
                    name,
                    Map.of(),
                    Map.of("spec", spec));
        }

        private void bgpConfiguration() {
            Map<String, Object> spec = new HashMap<>();
            if (maybe()) {
                spec.put("serviceClusterIPs", List.of(Map.of("cidr", "10.49.0.0/16")));
            }
            if (maybe()) {
                spec.put("serviceExternalIPs", List.of(Map.of("cidr", one("203.0.0.0/16", "203.0.1.1/32"))));
            }
            if (maybe()) {
                spec.put("serviceLoadBalancerIPs", List.of(Map.of("cidr", "198.51.0.0/16")));
            }
            if (random.nextInt(3) == 0) {
                spec.put("serviceLoadBalancerAggregation", one("Enabled", "Disabled"));
            }
            add(maybe(), "projectcalico.org/v3", "BGPConfiguration", "", "default", Map.of(), Map.of("spec", spec));
        }

        private void add(
                boolean observed,
                String apiVersion,
                String kind,
                String namespace,
                String name,
                Map<String, ?> labels,
                Map<String, ?> rest) {
            ObjectNode object = JSON.createObjectNode();
            object.put("apiVersion", apiVersion).put("kind", kind);
            ObjectNode metadata = object.putObject("metadata").put("name", name);
            if (!namespace.isEmpty()) {
                metadata.put("namespace", namespace);
            }
            if (!labels.isEmpty()) {
                metadata.set("labels", JSON.valueToTree(labels));
            }
            rest.forEach((key, value) -> object.set(key, JSON.valueToTree(value)));
            things.add(new Thing(
                    (observed ? "inventory/" : "git/") + kind + "-" + namespace + "-" + name + ".json",
                    observed,
                    object));
        }

        private boolean maybe() {
            return random.nextBoolean();
        }

        @SafeVarargs
        private <T> T one(T... values) {
            return values[random.nextInt(values.length)];
        }
    }
}
