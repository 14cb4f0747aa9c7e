package dev.bellman.cel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bellman.cel.Expression.Compiled;
import dev.bellman.cel.Expression.Evaluation;
import dev.bellman.cel.Precompiled.Source;
import dev.bellman.diagnostic.SourceText;
import dev.bellman.document.Mapping;
import dev.bellman.document.Node;
import dev.bellman.document.Scalar;
import dev.bellman.document.Sequence;
import dev.bellman.rule.Catalogue;
import dev.bellman.yaml.Resource;
import dev.bellman.yaml.Yaml;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EvidentTest {
    private static final Mapping SERVICE = Resource.parse("service.yaml", """
            metadata:
              name: web
              labels: {app.kubernetes.io/name: web}
            spec:
              type: ClusterIP
              clusterIP: 10.49.60.52
              weight: 1.5
              ports: [{port: 80, name: http}, {port: 8080, name: admin}]
              ranges: [10.49.0.0/16, 10.50.0.0/16]
            """);
    private static final int SAMPLES = 2_000;
    private static final int OF_EACH_SHAPE = 3;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "object.spec.type == 'ClusterIP'",
                "object.spec.type != \"NodePort\"",
                "object.spec.type in ['ClusterIP', 'NodePort']",
                "!has(object.spec.externalTrafficPolicy)",
                "has(object.metadata.labels)",
                "'app.kubernetes.io/name' in object.metadata.labels",
                "object.metadata.labels['app.kubernetes.io/name'] == 'web'",
                "object.metadata.labels.all(k, k.startsWith('app.'))",
                "object.metadata.labels.all(k, !format.qualifiedName().validate(k).hasValue())",
                "object.spec.ports.all(p, p.port > 0 && p.port <= 8080)",
                "object.spec.ports.all(p, object.spec.ports.exists_one(other, other.name == p.name))",
                "object.spec.ports.map(p, p.port) == [80, 8080]",
                "object.spec.ports[1].port == 8080",
                "size(object.spec.ports) == 2 && size(object.metadata.labels) == 1",
                "object.spec.clusterIP.contains('.') == (object.spec.type == 'ClusterIP')",
                "[has(object.spec.type), has(object.spec.other)].exists_one(given, given)",
                "object.spec.type == 'ClusterIP' ? size(object.spec.ports) > 0 : false",
                "object.spec.missing == 1 || object.spec.type == 'ClusterIP'",
                "object.spec.weight > 1 || true",
                "object.spec.ranges.all(r, isCIDR(r) && cidr(r) == cidr(r).masked() && cidr(r).prefixLength() == 16)",
                "cidr(object.spec.ranges[0]).ip().family() == 4 && ip(object.spec.clusterIP).isGlobalUnicast()",
                "ip.isCanonical(object.spec.ranges[1].split('/')[0]) && int('16') == 16 && isIP(object.spec.clusterIP)",
            })
    void knowsWhatIsPlainlyTrue(String text) {
        assertThat(engine(text, Map.of("object", SERVICE))).isEqualTo(true);
        assertThat(evident(text, Set.of("object"), Map.of("object", SERVICE))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "object.spec.type == 'NodePort'",
                "object.spec.missing != 'x'",
                "object.spec.type != 1",
                "object.spec.ports[9].port == 80",
                "object.spec.weight > 1",
                "object.spec.weight == 1.5",
                "object.spec.type.matches('^Cluster')",
                "object.spec.type.matches(r'^\\w+$')",
                "object.spec.ports.filter(p, p.port > 100).size() == 1",
                "object.metadata.labels.exists(k, v, v == 'web')",
                "object.spec.?externalTrafficPolicy.orValue('Cluster') == 'Cluster'",
                "object.spec.ports[0].port + 1 == 81",
                "object.spec.ports[0].port > -1",
                "object.spec.ports.exists_one(p, p.missing == 1)",
                "!(object.spec.missing == 'x')",
                "has(object.spec.type.deeper) == false",
                "'\\u0041' == 'A'",
            })
    void leavesTheRestToTheEngine(String text) {
        assertThat(evident(text, Set.of("object"), Map.of("object", SERVICE))).isFalse();
    }

    /// Whatever is asked of whatever there is, the engine never says false where this says true. It may fail: of
    /// a field below a missing one there is no answer, and for a rule that is the same as no objection.
    @Test
    void neverContradictsTheEngine() throws IOException {
        List<Mapping> objects = objects();
        List<Node> nodes = new ArrayList<>();
        objects.forEach(object -> collect(object, nodes));
        Random random = new Random(1);
        Collections.shuffle(nodes, random);
        List<Node> selves = new ArrayList<>(nodes.subList(0, Math.min(SAMPLES, nodes.size())));
        // However seldom one of its kind is, a rule may be about just that.
        Map<Set<String>, Integer> shapes = new HashMap<>();
        for (Node node : nodes) {
            if (node instanceof Mapping mapping && shapes.merge(keys(mapping), 1, Integer::sum) <= OF_EACH_SHAPE) {
                selves.add(mapping);
            }
        }
        List<Mapping> services = ofKind(objects, "Service");
        List<Mapping> policies = ofKind(objects, "ServiceAdvertisementPolicy");
        List<Mapping> classes = ofKind(objects, "AdvertisementClass");
        Set<String> never = new TreeSet<>();
        for (Source source : Catalogue.builtIn().expressions()) {
            boolean known = false;
            if (source.variables().equals(Set.of("self"))) {
                for (Node self : selves) {
                    known |= agrees(source, Map.of("self", self));
                }
            } else if (source.variables().equals(Set.of("object"))) {
                for (Mapping object : objects) {
                    known |= agrees(source, Map.of("object", object));
                }
            } else {
                for (int i = 0; i < SAMPLES; i++) {
                    Map<String, Node> values = new HashMap<>();
                    values.put("policy", any(policies, random));
                    values.put("service", any(services, random));
                    values.put("class", any(classes, random));
                    known |= agrees(source, values);
                }
            }
            if (!known) {
                never.add(source.text());
            }
        }
        // Messages are texts, never true.
        assertThat(never)
                .as("expressions that the engine decides for every object")
                .allMatch(text -> !text.contains("has(") || text.contains(" + ") || text.contains("matches("));
    }

    private static Set<String> keys(Mapping mapping) {
        return mapping.entries().stream().map(Mapping.Entry::name).collect(Collectors.toSet());
    }

    private static boolean agrees(Source source, Map<String, Node> values) {
        if (!evident(source.text(), source.variables(), values)) {
            return false;
        }
        assertThat(engine(source.text(), values))
                .as("%s of %s", source.text(), values)
                .isIn(true, "no answer");
        return true;
    }

    private static boolean evident(String text, Set<String> variables, Map<String, Node> values) {
        return Evident.of(text, List.copyOf(variables)).isTrue(values);
    }

    private static Object engine(String text, Map<String, Node> values) {
        assertThat(Expression.compile(text, values.keySet())).as(text).isInstanceOf(Compiled.Ok.class);
        Expression expression = ((Compiled.Ok) Expression.compile(text, values.keySet())).expression();
        return expression.evaluate(values) instanceof Evaluation.Value value ? value.value() : "no answer";
    }

    private static List<Mapping> objects() throws IOException {
        List<Mapping> objects = new ArrayList<>();
        for (String folder : List.of(
                "src/test/resources/crd",
                "src/test/resources/core",
                "src/test/resources/rule",
                "src/test/resources/compile",
                "gitops-examples")) {
            try (Stream<Path> files = Files.walk(Path.of(folder))) {
                for (Path file : files.filter(path -> path.toString().endsWith(".yaml"))
                        .sorted()
                        .toList()) {
                    Yaml.parse(new SourceText(
                                    file.toString(), new String(Files.readAllBytes(file), StandardCharsets.UTF_8)))
                            .documents()
                            .stream()
                            .filter(Mapping.class::isInstance)
                            .map(Mapping.class::cast)
                            .forEach(objects::add);
                }
            }
        }
        return objects;
    }

    private static void collect(Node node, List<Node> into) {
        into.add(node);
        switch (node) {
            case Mapping mapping -> mapping.entries().forEach(entry -> collect(entry.value(), into));
            case Sequence sequence -> sequence.items().forEach(item -> collect(item, into));
            case Scalar _ -> {}
        }
    }

    private static List<Mapping> ofKind(List<Mapping> objects, String kind) {
        return objects.stream()
                .filter(object -> kind.equals(object.text("kind")))
                .toList();
    }

    private static Mapping any(List<Mapping> objects, Random random) {
        return objects.get(random.nextInt(objects.size()));
    }
}
