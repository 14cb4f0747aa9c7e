package dev.bellman.parity;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.bellman.diagnostic.Severity;
import dev.bellman.diagnostic.SourceText;
import dev.bellman.document.Manifest;
import dev.bellman.document.Mapping;
import dev.bellman.document.Node;
import dev.bellman.rule.Catalogue;
import dev.bellman.schema.Kinds;
import dev.bellman.testing.Json;
import dev.bellman.testing.KubeApiServer;
import dev.bellman.testing.Kubectl;
import dev.bellman.yaml.Resource;
import dev.bellman.yaml.Yaml;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A real API server with the chart's admission policies says what `bellman lint` says of one object: of every case
/// of a definition, of every case of a rule, and of objects that nobody thought of.
class AdmissionParityTest {
    private static final Path RESOURCES = Path.of("src/test/resources");
    private static final Path PAGE = Path.of("docs/admission.md");
    private static final Path RULES = RESOURCES.resolve("rule");
    private static final int TRIES = Integer.getInteger("parity.tries", 250);
    private static final long SEED = Long.getLong("parity.seed", 1);
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Pattern POLICY = Pattern.compile("ValidatingAdmissionPolicy '([a-z0-9-]+)\\.bellman\\.dev'");
    private static final String BAD = """
            apiVersion: projectcalico.org/v3
            kind: BGPConfiguration
            metadata: {name: node.older}
            spec: {serviceClusterIPs: [{cidr: 10.49.0.1/16}], prefixAdvertisements: []}
            """;

    private static KubeApiServer apiServer;
    private static Server server;

    /// A text with one object, from a case of a rule.
    private record Sample(String name, String yaml, Mapping root) {
        @Override
        public String toString() {
            return name;
        }
    }

    @BeforeAll
    static void install(@TempDir Path folder) throws IOException {
        apiServer = KubeApiServer.start();
        server = Server.of(apiServer);
        apiServer.serve(calico(folder));
        assertThat(send("POST", "", BAD).statusCode()).isEqualTo(201);

        // Before there is any policy: what the API server does by itself.
        for (String rule : AdmissionPolicy.leftOut().keySet()) {
            if (Catalogue.builtIn().get(rule).severity() == Severity.ERROR) {
                assertThat(samples(rule, "fires"))
                        .as(rule)
                        .anySatisfy(
                                sample -> assertThat(server.judge(sample.yaml()).accepted())
                                        .isFalse());
            }
        }

        Path file = folder.resolve("policies.yaml");
        Files.writeString(
                file,
                AdmissionPolicy.all().stream().map(AdmissionPolicy::manifest).collect(Collectors.joining("---\n")));
        apiServer.apply(file);
        for (AdmissionPolicy policy : AdmissionPolicy.all()) {
            awaitSaid(policy);
        }
    }

    /// Calico's kind, served in both of its groups by the definition that lint has, less what Bellman adds to it.
    private static Path calico(Path folder) throws IOException {
        Path definitions = Files.createDirectory(folder.resolve("calico"));
        for (String group : List.of("projectcalico.org/v3", "crd.projectcalico.org/v1")) {
            ObjectNode definition = (ObjectNode) Json.of(Resource.read("schemas/bgpconfiguration.yaml"));
            String name = group.substring(0, group.indexOf('/'));
            definition.put("apiVersion", "apiextensions.k8s.io/v1").put("kind", "CustomResourceDefinition");
            definition.putObject("metadata").put("name", "bgpconfigurations." + name);
            ((ObjectNode) definition.get("spec")).put("group", name);
            ObjectNode version = (ObjectNode) definition.at("/spec/versions/0");
            version.put("name", group.substring(group.indexOf('/') + 1))
                    .put("served", true)
                    .put("storage", true);
            ObjectNode fields = (ObjectNode) version.at("/schema/openAPIV3Schema/properties/spec/properties");
            fields.putObject("asNumber").put("x-kubernetes-int-or-string", true);
            ((ObjectNode) fields.at("/communities/items/properties/value")).remove("x-kubernetes-validations");
            ((ObjectNode) fields.at("/prefixAdvertisements/items/properties/communities/items"))
                    .remove("x-kubernetes-validations");
            Files.writeString(definitions.resolve(name + ".json"), definition.toString());
        }
        return definitions;
    }

    /// The API server takes a moment to go by a policy.
    private static void awaitSaid(AdmissionPolicy policy) {
        Sample sample = samples(policy.rule().id(), "fires").getFirst();
        long deadline = System.nanoTime() + LIMIT.toNanos();
        Server.Verdict verdict = server.judge(sample.yaml());
        while (!said(verdict).contains(policy.rule().id())) {
            assertThat(System.nanoTime())
                    .as("%s on %s: %s", policy.name(), sample, verdict)
                    .isLessThan(deadline);
            verdict = server.judge(sample.yaml());
        }
    }

    @AfterAll
    static void stop() {
        apiServer.close();
    }

    /// Those of Kubernetes' own kinds too: with the policies a Service is accepted or refused as without.
    @ParameterizedTest
    @MethodSource("files")
    void theServerSaysWhatTheNameOfTheFileSays(Path file) {
        String yaml = CaseFiles.read(file);
        Server.Verdict verdict = server.judge(yaml);

        assertThat(verdict.accepted()).as(verdict.message()).isEqualTo(CaseFiles.isValid(file));
        assertThat(Lint.errors(yaml).isEmpty()).isEqualTo(verdict.accepted());
    }

    @ParameterizedTest
    @MethodSource("samples")
    void theServerNamesTheRulesThatLintNames(Sample sample) {
        assertThat(difference(sample.yaml())).isNull();
    }

    /// Lint shows the line; who is told by the API server has to be told the value.
    @ParameterizedTest
    @MethodSource("policies")
    void theServerNamesTheValuesThatLintPointsTo(AdmissionPolicy policy) {
        String rule = policy.rule().id();
        int named = 0;
        for (Sample sample : samples(rule, "fires")) {
            Server.Verdict verdict = server.judge(sample.yaml());
            if (said(verdict).contains(rule)) {
                for (String place : Lint.places(sample.yaml(), rule)) {
                    assertThat(verdict.message() + verdict.warnings())
                            .as(sample.name())
                            .contains(place);
                    named++;
                }
            }
        }
        assertThat(named).isPositive();
    }

    /// A message has an end (5 KiB), and so has what CEL may cost: what is wrong beyond both is refused all the same.
    @Test
    void refusesWhatIsWrongInMorePlacesThanItCanName() {
        String ranges = IntStream.range(0, 4000)
                .mapToObj(i -> "{cidr: 10.%d.%d.1/24}".formatted(i / 250, i % 250))
                .collect(Collectors.joining(", "));
        Server.Verdict verdict =
                server.judge(BAD.replace("{cidr: 10.49.0.1/16}", ranges).replace("node.older", "default"));

        assertThat(verdict.accepted()).isFalse();
        assertThat(verdict.message())
                .contains(Catalogue.builtIn()
                                .get("bgp-configuration-unmasked-cidr")
                                .summary() + ";");
    }

    @Test
    void theyAgreeOnObjectsThatNobodyThoughtOf() {
        long first = SEED == 0 ? ThreadLocalRandom.current().nextLong(1_000_000_000) : SEED;
        List<Sample> bases = samples();
        Map<String, List<Mapping>> byKind = new TreeMap<>();
        bases.forEach(base -> byKind.computeIfAbsent(kind(base.root()), _ -> new ArrayList<>())
                .add(base.root()));
        List<String> differences = new ArrayList<>();
        int spoken = 0;
        int silent = 0;
        for (long seed = first; seed < first + TRIES; seed++) {
            Sample base = bases.get(new Random(seed).nextInt(bases.size()));
            Map<String, List<Mapping.Entry>> pool = Mutation.pool(byKind.get(kind(base.root())));
            String yaml = Json.of(new Mutation(seed, pool).spoil(base.root())).toString();
            String difference = difference(yaml);
            if (difference != null) {
                differences.add(seed + " " + base + "\n  " + difference);
            } else if (said(server.judge(yaml)).isEmpty()) {
                silent++;
            } else {
                spoken++;
            }
        }

        assertThat(differences).as("from seed %d", first).isEmpty();
        // Policies that never speak, or always, would agree with too much.
        assertThat(spoken).isGreaterThan(TRIES / 20);
        assertThat(silent).isGreaterThan(TRIES / 20);
    }

    /// What the server filled in would be a difference to Argo CD, for ever.
    @ParameterizedTest
    @MethodSource("policies")
    void theServerKeepsThePolicyAsTheChartHasIt(AdmissionPolicy policy) {
        List<Node> documents =
                Yaml.parse(new SourceText("policy.yaml", policy.manifest())).documents();
        for (Node document : documents) {
            String kind = kind((Mapping) document);
            JsonNode kept = Json.parse(
                    apiServer.kubectl("get", kind, policy.name(), "-o", "json").stdout());

            assertThat(kept.get("spec")).isEqualTo(Json.of(document).get("spec"));
        }
    }

    @Test
    void refusesWithTheRulesOwnWords(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("bgpconfiguration.yaml");
        Files.writeString(file, BAD.replace("node.older", "default"));
        Kubectl.Result result = apiServer.kubectl("apply", "-f", file.toString());

        assertThat(words(Files.readString(PAGE))).contains(words(result.stderr()));
    }

    private static String words(String text) {
        return String.join(" ", text.strip().split("\\s+"));
    }

    /// An object that was there before the policies is not held up by what was wrong with it then.
    @Test
    void holdsUpOnlyChangesOfTheSpec() {
        String path = "/node.older";
        String patch = "application/merge-patch+json";

        assertThat(apiServer
                        .send("PATCH", BGP + path, patch, "{\"metadata\":{\"annotations\":{\"a\":\"b\"}}}")
                        .statusCode())
                .isEqualTo(200);
        assertThat(apiServer
                        .send("PATCH", BGP + path, patch, "{\"metadata\":{\"finalizers\":[\"example.com/a\"]}}")
                        .statusCode())
                .isEqualTo(200);
        HttpResponse<String> changed =
                apiServer.send("PATCH", BGP + path, patch, "{\"spec\":{\"nodeToNodeMeshEnabled\":true}}");
        assertThat(changed.statusCode()).isEqualTo(422);
        assertThat(changed.body()).contains("bgp-configuration-unmasked-cidr.bellman.dev");
        assertThat(send("DELETE", path, "").statusCode()).isEqualTo(200);
        assertThat(apiServer
                        .send("PATCH", BGP + path, patch, "{\"metadata\":{\"finalizers\":null}}")
                        .statusCode())
                .isEqualTo(200);
        assertThat(send("GET", path, "").statusCode()).isEqualTo(404);
    }

    private static final String BGP = "/apis/projectcalico.org/v3/bgpconfigurations";

    private static HttpResponse<String> send(String method, String name, String yaml) {
        return apiServer.send(method, BGP + name, "application/yaml", yaml);
    }

    /// How the two verdicts on an object differ, or null. What the definition of its kind refuses, no policy sees.
    private static String difference(String yaml) {
        Server.Verdict verdict = server.judge(yaml);
        Set<String> said = said(verdict);
        if (!verdict.accepted() && said.isEmpty()) {
            return null;
        }
        Set<String> policies = AdmissionPolicy.all().stream()
                .map(policy -> policy.rule().id())
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> found = Lint.rules(yaml);
        found.retainAll(policies);
        Set<String> errors = found.stream()
                .filter(rule -> Catalogue.builtIn().get(rule).severity() == Severity.ERROR)
                .collect(Collectors.toSet());
        // Of several refusals the server tells one.
        boolean agree = errors.isEmpty()
                ? verdict.accepted() && said.equals(found)
                : !verdict.accepted() && found.containsAll(said);
        return agree
                ? null
                : "%s%n  server: %s %s%n  lint: %s"
                        .formatted(yaml, verdict.accepted() ? "takes it" : "refuses it", said, found);
    }

    /// The rules that a verdict names.
    private static Set<String> said(Server.Verdict verdict) {
        return Stream.concat(Stream.of(verdict.message()), verdict.warnings().stream())
                .flatMap(text -> POLICY.matcher(text).results())
                .map((MatchResult match) -> match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String kind(Mapping root) {
        return String.valueOf(root.text("kind"));
    }

    static List<Path> files() {
        return Stream.of("crd", "core")
                .flatMap(name -> CaseFiles.of(RESOURCES.resolve(name)).stream())
                .toList();
    }

    static List<AdmissionPolicy> policies() {
        return AdmissionPolicy.all();
    }

    /// Every object of every case of a rule about one object.
    static List<Sample> samples() {
        return Stream.concat(
                        AdmissionPolicy.all().stream()
                                .map(policy -> policy.rule().id()),
                        AdmissionPolicy.leftOut().keySet().stream())
                .flatMap(rule -> samples(rule, "").stream())
                .toList();
    }

    /// @param prefix of the case's name: `fires`, `clean`, or nothing for both
    private static List<Sample> samples(String rule, String prefix) {
        List<Sample> samples = new ArrayList<>();
        for (Path file : CaseFiles.of(RULES.resolve(rule))) {
            if (!RULES.resolve(rule).relativize(file).toString().startsWith(prefix)) {
                continue;
            }
            for (Node document : Yaml.parse(new SourceText(file.toString(), CaseFiles.read(file)))
                    .documents()) {
                if (document instanceof Mapping root && isKnown(Manifest.of(root, false))) {
                    samples.add(sample(RULES.relativize(file) + " " + kind(root), root));
                    if (Manifest.of(root, false).group().equals("projectcalico.org")) {
                        Yaml.Parsed stored = Yaml.parse(new SourceText(
                                file.toString(),
                                Json.of(root).toString().replace("projectcalico.org/v3", "crd.projectcalico.org/v1")));
                        samples.add(sample(RULES.relativize(file) + " as it is stored", (Mapping)
                                stored.documents().getFirst()));
                    }
                }
            }
        }
        // What the rule is about first, then what stands beside it.
        AdmissionPolicy policy = AdmissionPolicy.all().stream()
                .filter(one -> one.rule().id().equals(rule))
                .findFirst()
                .orElse(null);
        return policy == null
                ? samples
                : Stream.concat(
                                samples.stream().filter(sample -> policy.kinds().contains(kind(sample.root()))),
                                samples.stream()
                                        .filter(sample -> !policy.kinds().contains(kind(sample.root()))))
                        .toList();
    }

    private static Sample sample(String name, Mapping root) {
        return new Sample(name, Json.of(root).toString(), root);
    }

    private static boolean isKnown(Manifest manifest) {
        return Kinds.builtIn().isKnown(manifest.apiVersion(), manifest.kind());
    }
}
