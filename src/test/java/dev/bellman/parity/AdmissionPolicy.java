package dev.bellman.parity;

import dev.bellman.diagnostic.Severity;
import dev.bellman.document.Mapping;
import dev.bellman.document.Node;
import dev.bellman.document.Sequence;
import dev.bellman.rule.Catalogue;
import dev.bellman.rule.Rule;
import dev.bellman.schema.Kinds;
import dev.bellman.yaml.Resource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A rule about one object, as the ValidatingAdmissionPolicy of the chart that says the same in the API server.
///
/// @param kinds the kinds that it is about
/// @param expression CEL over `object`, true when all is well
/// @param message CEL for what is wrong when it is not, or null to say the rule's summary
record AdmissionPolicy(
        Rule rule,
        List<String> kinds,
        String expression,
        @Nullable String message) {
    private static final int WIDTH = 110;
    private static final String GROUP = ".bellman.dev";
    private static final List<String> API_VERSIONS = List.of(
            "bellman.dev/v1alpha1", "crd.projectcalico.org/v1", "discovery.k8s.io/v1", "projectcalico.org/v3", "v1");

    /// Nobody is held up by what was wrong before: a finalizer that goes, or a label, is no reason to be refused.
    private static final String CHANGED = "oldObject == null || object.?spec != oldObject.?spec || "
            + "object.metadata.?labels != oldObject.metadata.?labels";

    /// Rules about one object whose expression is not in their file: what they compare with is Bellman itself, or a
    /// definition says them, which for Calico's kind is not the one that the API server has.
    private static final Map<String, AdmissionPolicy> ELSEWHERE = Map.of(
            "community-range",
            new AdmissionPolicy(
                    Catalogue.builtIn().get("community-range"),
                    List.of("BGPConfiguration"),
                    ofParts(Resource.read("schemas/bgpconfiguration.yaml"), "spec"),
                    found("community-range", """
                            ((has(object.spec.communities) ? object.spec.communities.filter(known, has(known.value) &&
                            !IN_RANGE(known.value)).map(known, '`' + known.value + '` in spec.communities') : []) +
                            (has(object.spec.prefixAdvertisements) ?
                            object.spec.prefixAdvertisements.filter(entry, has(entry.communities) &&
                            entry.communities.exists(community, !IN_RANGE(community))).map(entry,
                            entry.communities.filter(community, !IN_RANGE(community)).map(community, '`' + community +
                            '`').join(', ') + ' in spec.prefixAdvertisements') : [])).join(', ')
                            """.replaceAll("IN_RANGE\\((.*?)\\)", inRange()))),
            "rule-name-taken",
            new AdmissionPolicy(
                    Catalogue.builtIn().get("rule-name-taken"),
                    List.of("AdvertisementRule"),
                    "!(object.metadata.name in " + texts(Catalogue.builtIn().ids()) + ")",
                    "'`' + object.metadata.name + '` is the name of a rule that Bellman ships'"),
            "rule-kind-unknown",
            new AdmissionPolicy(
                    Catalogue.builtIn().get("rule-kind-unknown"),
                    List.of("AdvertisementRule"),
                    "object.spec.match.kinds.all(kind, kind in " + texts(Kinds.names()) + ")",
                    "'Bellman reads no objects of kind ' + object.spec.match.kinds.filter(kind, !(kind in "
                            + texts(Kinds.names()) + ")).join(', ')"));

    /// Lint shows the line. Where that is all that says which value is meant, the API server needs more words.
    private static final Map<String, String> FOUND = Map.of(
            "bgp-configuration-unmasked-cidr",
            found("bgp-configuration-unmasked-cidr", """
                    ['serviceClusterIPs', 'serviceExternalIPs', 'serviceLoadBalancerIPs',
                    'prefixAdvertisements'].filter(list, list in object.spec && object.spec[list].exists(range,
                    has(range.cidr) && isCIDR(range.cidr) && cidr(range.cidr) != cidr(range.cidr).masked())).map(list,
                    object.spec[list].filter(range, has(range.cidr) && isCIDR(range.cidr) && cidr(range.cidr) !=
                    cidr(range.cidr).masked()).map(range, '`' + range.cidr + '`').join(', ') + ' in spec.' +
                    list).join(', ')
                    """),
            "bgp-configuration-undefined-community",
            found("bgp-configuration-undefined-community", """
                    [has(object.spec.communities) ? object.spec.communities.map(known, known.name) : []].map(names,
                    object.spec.prefixAdvertisements.map(entry, has(entry.communities) ?
                    entry.communities.filter(community, !community.matches('^[0-9]+:[0-9]+(:[0-9]+)?$') && !(community
                    in names)) : []).filter(unknown, size(unknown) > 0).map(unknown, unknown.map(community, '`' +
                    community + '`').join(', ')).join(', '))[0] + ' in spec.prefixAdvertisements'
                    """));

    private static String found(String rule, String what) {
        return text(Catalogue.builtIn().get(rule).summary() + ": ") + " + " + what.strip();
    }

    /// What a definition says of a community, as a function of its text.
    private static String inRange() {
        Node rules = ((Mapping) ((Sequence)
                                Resource.read("schemas/bgpconfiguration.yaml").at("spec", "versions"))
                        .items()
                        .getFirst())
                .at(
                        "schema",
                        "openAPIV3Schema",
                        "properties",
                        "spec",
                        "properties",
                        "communities",
                        "items",
                        "properties",
                        "value");
        return Matcher.quoteReplacement(valid((Mapping) rules, "SELF", 1)).replace("SELF", "$1");
    }

    /// All that the chart has, sorted by rule.
    static List<AdmissionPolicy> all() {
        return Catalogue.builtIn().ids().stream()
                .filter(id -> aboutOneObject(id) != null && !leftOut().containsKey(id))
                .map(AdmissionPolicy::aboutOneObject)
                .toList();
    }

    /// Rules about one object that the chart leaves out, with the reason.
    static SortedMap<String, String> leftOut() {
        SortedMap<String, String> reasons = new TreeMap<>();
        for (String id : Catalogue.builtIn().ids()) {
            AdmissionPolicy policy = aboutOneObject(id);
            if (policy == null) {
                continue;
            }
            if (policy.kinds().contains("EndpointSlice")) {
                reasons.put(id, "controllers write these kinds, many a second, and read no warnings");
            } else if (policy.refuses() && policy.kinds().stream().anyMatch(AdmissionPolicy::isOfKubernetes)) {
                reasons.put(id, "the API server refuses it by itself");
            } else if (policy.rule().severity() == Severity.INFO) {
                reasons.put(id, "it is no more than a hint");
            }
        }
        return reasons;
    }

    private static @Nullable AdmissionPolicy aboutOneObject(String id) {
        Rule rule = Catalogue.builtIn().get(id);
        return rule.check() instanceof Rule.OnObjects about
                ? new AdmissionPolicy(
                        rule,
                        about.kinds(),
                        about.condition().expression(),
                        about.condition().message() == null
                                ? FOUND.get(id)
                                : about.condition().message())
                : ELSEWHERE.get(id);
    }

    /// Objects that a cluster cannot do without: Bellman never refuses one.
    private static boolean isOfKubernetes(String kind) {
        return apiVersions(kind).anyMatch(version -> !version.contains("/") || version.contains("k8s.io/"));
    }

    private static Stream<String> apiVersions(String kind) {
        return API_VERSIONS.stream().filter(version -> Kinds.builtIn().isKnown(version, kind));
    }

    /// What a definition has against parts of a field, as one expression. Its rules about the field as a whole
    /// are Calico's own, and the API server has them.
    private static String ofParts(Mapping definition, String field) {
        Sequence versions = (Sequence) definition.at("spec", "versions");
        Node schema = ((Mapping) versions.items().getFirst()).at("schema", "openAPIV3Schema", "properties", field);
        return parts((Mapping) schema, "object." + field, 1);
    }

    /// @param depth makes the names of variables differ
    private static String valid(Mapping schema, String value, int depth) {
        List<String> all = new ArrayList<>();
        if (schema.get("x-kubernetes-validations") instanceof Sequence rules) {
            String together = rules.items().stream()
                    .map(rule -> "(" + ((Mapping) rule).text("rule") + ")")
                    .collect(Collectors.joining(" && "));
            // A definition calls the value `self`.
            all.add("[" + value + "].all(self, " + together + ")");
        }
        String parts = parts(schema, value, depth);
        if (!parts.isEmpty()) {
            all.add(parts);
        }
        return String.join(" && ", all);
    }

    private static String parts(Mapping schema, String value, int depth) {
        List<String> all = new ArrayList<>();
        if (schema.get("properties") instanceof Mapping properties) {
            for (Mapping.Entry property : properties.entries()) {
                String field = value + "." + property.name();
                String valid = valid((Mapping) property.value(), field, depth);
                if (!valid.isEmpty()) {
                    all.add("(!has(" + field + ") || " + valid + ")");
                }
            }
        }
        if (schema.get("items") instanceof Mapping items) {
            String item = "item" + depth;
            String valid = valid(items, item, depth + 1);
            if (!valid.isEmpty()) {
                all.add(value + ".all(" + item + ", " + valid + ")");
            }
        }
        return String.join(" && ", all);
    }

    private static String texts(List<String> texts) {
        return texts.stream().map(text -> "'" + text + "'").collect(Collectors.joining(", ", "[", "]"));
    }

    /// Of the policy and of what binds it.
    String name() {
        return rule.id() + GROUP;
    }

    boolean refuses() {
        return rule.severity() == Severity.ERROR;
    }

    /// The policy and what binds it, as Kubernetes keeps them: with every default, so that Argo CD finds no
    /// difference in a list that the API server filled in.
    String manifest() {
        return """
                apiVersion: admissionregistration.k8s.io/v1
                kind: ValidatingAdmissionPolicy
                metadata:
                  name: %s
                  labels:
                    app.kubernetes.io/part-of: bellman
                spec:
                  failurePolicy: Ignore
                  matchConstraints:
                    matchPolicy: Equivalent
                    namespaceSelector: {}
                    objectSelector: {}
                    resourceRules:
                %s
                  matchConditions:
                  - name: changed
                    expression: >-
                %s
                  validations:
                  - expression: >-
                %s
                    message: >-
                %s%s
                    reason: Invalid
                ---
                apiVersion: admissionregistration.k8s.io/v1
                kind: ValidatingAdmissionPolicyBinding
                metadata:
                  name: %s
                  labels:
                    app.kubernetes.io/part-of: bellman
                spec:
                  policyName: %s
                  validationActions: %s
                """.formatted(
                name(),
                resourceRules(),
                folded(CHANGED),
                folded(expression),
                folded(rule.summary() + "; " + rule.help()),
                message == null
                        ? ""
                        : "\n    messageExpression: >-\n" + folded("(" + message + ") + " + text("; " + rule.help())),
                name(),
                name(),
                refuses() ? "[Deny]" : "[Warn]");
    }

    private String resourceRules() {
        return kinds.stream()
                .flatMap(kind -> apiVersions(kind).map(version -> """
                            - apiGroups: ["%s"]
                              apiVersions: [%s]
                              operations: [CREATE, UPDATE]
                              resources: [%s]
                              scope: "*\"""".formatted(
                                version.contains("/") ? version.substring(0, version.indexOf('/')) : "",
                                version.substring(version.indexOf('/') + 1),
                                Server.plural(kind))
                        .indent(4)
                        .stripTrailing()))
                .collect(Collectors.joining("\n"));
    }

    private static String text(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }

    /// Lines of a folded block scalar, which reads as one line with single spaces.
    private static String folded(String text) {
        StringBuilder lines = new StringBuilder("     ");
        int column = 0;
        for (String word : text.split("\\s+")) {
            if (column > 0 && column + word.length() > WIDTH) {
                lines.append("\n     ");
                column = 0;
            }
            lines.append(' ').append(word);
            column += word.length() + 1;
        }
        return lines.toString();
    }

    /// The file of the chart: nothing in it is taken for Helm's but the condition around it.
    String template() {
        return """
                {{- /* Generated from src/main/resources/rules by AdmissionTemplatesTest: change the rule, not this. */}}
                {{- if and (eq (include "bellman.admission" .) "true") (not (has "%s" .Values.admission.except)) }}
                """.formatted(rule.id()) + manifest().replace("{{", "{{ \"{{\" }}") + "{{- end }}\n";
    }

    /// The row of the documentation's table.
    static String row(String id) {
        AdmissionPolicy policy = aboutOneObject(id);
        String reason = leftOut().get(id);
        return "| [%s](rules/%s.md) | %s | %s |"
                .formatted(
                        id,
                        id,
                        String.join(", ", policy == null ? List.of() : policy.kinds()),
                        reason == null
                                ? policy != null && policy.refuses() ? "refused" : "warned about"
                                : "–: " + reason);
    }
}
