package dev.bellman.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.bellman.diagnostic.Diagnostic;
import dev.bellman.diagnostic.Fix;
import dev.bellman.diagnostic.Severity;
import dev.bellman.diagnostic.Span;
import dev.bellman.document.Manifest;
import dev.bellman.yaml.Resource;
import java.util.List;
import org.junit.jupiter.api.Test;

class ValidationTest {
    private static final ResourceKind THING = Samples.thing("""
            type: object
            required: [name]
            properties:
              name: {type: string, description: Name of the thing. It has one., minLength: 1, maxLength: 5, pattern: '^[a-z]+$'}
              trafficPolicy: {type: string, enum: [Local, Cluster, Unchanged], default: Unchanged}
              addresses:
                type: array
                maxItems: 3
                x-kubernetes-list-type: set
                items: {type: string, enum: [ClusterIP, ExternalIP, LoadBalancerIP]}
              peers:
                type: array
                x-kubernetes-list-type: map
                x-kubernetes-list-map-keys: [name]
                items:
                  type: object
                  required: [name]
                  properties:
                    name: {type: string}
                    asn: {type: integer, minimum: 1, maximum: 4294967295}
              port: {x-kubernetes-int-or-string: true}
              weight: {type: number, minimum: 0, exclusiveMinimum: true}
              shut: {type: boolean}
              since: {type: string, format: date-time}
              labels: {type: object, maxProperties: 2, additionalProperties: {type: string}}
              free: {type: object, x-kubernetes-preserve-unknown-fields: true}
            """);

    @Test
    void isSilentAboutAGoodObject() {
        assertThat(check("""
                name: abc
                trafficPolicy: Local
                addresses: [ClusterIP, ExternalIP]
                peers: [{name: a, asn: 64512}, {name: b}]
                port: http
                weight: 0.5
                shut: true
                since: "2026-11-23T10:00:00Z"
                labels: {a: b}
                free: {any: [1, {thing: true}]}
                """)).isEmpty();
    }

    @Test
    void pointsToTheKeyOfAnUnknownFieldAndKnowsWhatWasMeant() {
        List<Diagnostic> findings = check("""
                name: abc
                trafficPolcy: Local
                """);

        assertThat(findings).singleElement().satisfies(finding -> {
            assertThat(finding.rule()).isEqualTo("unknown-field");
            assertThat(finding.severity()).isEqualTo(Severity.ERROR);
            assertThat(finding.message()).isEqualTo("unknown field `trafficPolcy`");
            assertThat(finding.help()).isEqualTo("did you mean `trafficPolicy`?");
            assertThat(finding.span()).isEqualTo(new Span("a.yaml", 6, 3, 6, 15));
            assertThat(finding.object()).isEqualTo("Thing x");
            assertThat(finding.fix()).isEqualTo(Fix.replace(finding.span(), "trafficPolicy"));
        });
    }

    @Test
    void stillChecksTheValueOfAFieldWhoseNameWasMisspelt() {
        assertThat(lines("""
                nam: abc
                trafficPolcy: Locl
                """))
                .containsExactly(
                        "5:3 unknown-field unknown field `nam`",
                        "6:3 unknown-field unknown field `trafficPolcy`",
                        "6:17 unknown-value `Locl` is not a traffic policy here: Local, Cluster or Unchanged");
    }

    @Test
    void doesNotGuessWhenAFieldIsAlreadyThere() {
        assertThat(check("""
                name: abc
                nam: abc
                """)).singleElement().satisfies(finding -> {
            assertThat(finding.fix()).isNull();
            assertThat(finding.help()).startsWith("fields of `spec` are `name`, `trafficPolicy`,");
        });
    }

    /// To mend both would make one key of two.
    @Test
    void mendsNeitherOfTwoSlipsOfOneField() {
        assertThat(check("""
                nam: abc
                name_: abc
                trafficPolcy: Local
                """))
                .extracting(Diagnostic::message, finding -> finding.fix() == null)
                .containsExactly(
                        tuple("unknown field `nam`", true),
                        tuple("unknown field `name_`", true),
                        tuple("unknown field `trafficPolcy`", false));
    }

    @Test
    void mendsNoSlipOfAFieldThatIsThereWithoutAValue() {
        assertThat(check("""
                name: abc
                trafficPolcy: Local
                trafficPolicy:
                """)).singleElement().satisfies(finding -> {
            assertThat(finding.fix()).isNull();
            assertThat(finding.help()).isEqualTo("did you mean `trafficPolicy`?");
        });
    }

    @Test
    void pointsToTheMappingThatLacksAField() {
        assertThat(lines("""
                peers:
                - asn: 1
                """))
                .containsExactly("5:3 missing-field missing field `name`", "6:5 missing-field missing field `name`");
    }

    @Test
    void saysWhatAMissingFieldIsFor() {
        assertThat(check("{}"))
                .singleElement()
                .satisfies(finding -> assertThat(finding.help()).isEqualTo("add `name` to `spec`: name of the thing"));
    }

    @Test
    void saysWhatTypeAValueShouldHave() {
        assertThat(lines("""
                name: 5
                addresses: ClusterIP
                peers: [a]
                port: true
                weight: heavy
                shut: "true"
                labels: {a: 1}
                free: 1
                """))
                .containsExactly(
                        "5:9 wrong-type `spec.name` must be a string, not an integer",
                        "6:14 wrong-type `spec.addresses` must be a list, not a string",
                        "7:11 wrong-type `spec.peers[0]` must be an object, not a string",
                        "8:9 wrong-type `spec.port` must be an integer or a string, not a boolean",
                        "9:11 wrong-type `spec.weight` must be a number, not a string",
                        "10:9 wrong-type `spec.shut` must be true or false, not a string",
                        "11:15 wrong-type `spec.labels.a` must be a string, not an integer",
                        "12:9 wrong-type `spec.free` must be an object, not an integer");
    }

    @Test
    void takesTheQuotesOffANumber() {
        assertThat(check("""
                name: a
                peers: [{name: a, asn: "64512"}]
                """)).singleElement().satisfies(finding -> {
            assertThat(finding.help()).isEqualTo("take the quotes off");
            assertThat(finding.fix()).isEqualTo(Fix.replace(finding.span(), "64512"));
        });
    }

    @Test
    void takesANumberWithoutAFractionForAnInteger() {
        assertThat(check("""
                name: a
                peers: [{name: a, asn: 64512.0}]
                """)).isEmpty();
    }

    @Test
    void keepsLengthsAndRanges() {
        assertThat(lines("""
                name: abcdef
                peers: [{name: a, asn: 0}]
                weight: 0
                labels: {a: b, c: d, e: f}
                addresses: [ClusterIP, ExternalIP, LoadBalancerIP, ClusterIP]
                """))
                .containsExactly(
                        "5:9 out-of-range `spec.name` is 6 characters long, but at most 5 are allowed",
                        "6:26 out-of-range `spec.peers[0].asn` is 0, but must be between 1 and 4294967295",
                        "7:11 out-of-range `spec.weight` is 0, but must be greater than 0",
                        "8:11 out-of-range `spec.labels` has 3 fields, but at most 2 are allowed",
                        "9:14 out-of-range `spec.addresses` has 4 items, but at most 3 are allowed",
                        "9:54 duplicate-item `ClusterIP` is in the list twice");
    }

    @Test
    void countsCodePointsRatherThanChars() {
        ResourceKind kind = Samples.thing("""
                type: object
                properties:
                  name: {type: string, maxLength: 3}
                """);
        assertThat(Validation.check(thing("name: 🦉🦉🦉"), kind)).isEmpty();
        assertThat(Validation.check(thing("name: 🦉🦉🦉🦉"), kind)).hasSize(1);
    }

    @Test
    void showsTheFirstOfTwoEqualKeys() {
        assertThat(check("""
                name: a
                peers:
                - name: bastion
                - name: other
                - name: bastion
                """)).singleElement().satisfies(finding -> {
            assertThat(finding.message()).isEqualTo("two items of `spec.peers` have name `bastion`");
            assertThat(finding.span().toString()).isEqualTo("a.yaml:9:11");
            assertThat(finding.related())
                    .singleElement()
                    .satisfies(first -> assertThat(first.span().toString()).isEqualTo("a.yaml:7:11"));
        });
    }

    @Test
    void matchesPatternsAndFormats() {
        assertThat(lines("""
                name: aBc
                since: yesterday
                """))
                .containsExactly(
                        "5:9 wrong-format `aBc` does not match `^[a-z]+$`",
                        "6:10 wrong-format `yesterday` is not a time, such as `2026-11-23T10:00:00Z`");
    }

    @Test
    void dropsAStatusThatNobodyMaySet() {
        ResourceKind kind = Kinds.read(Resource.parse("thing.yaml", """
                spec:
                  group: example.org
                  names: {kind: Thing, plural: things}
                  scope: Cluster
                  versions:
                  - name: v1
                    subresources: {status: {}}
                    schema:
                      openAPIV3Schema:
                        type: object
                        properties:
                          status: {type: object, properties: {count: {type: integer}}}
                """));
        assertThat(Validation.check(Samples.manifest("""
                apiVersion: example.org/v1
                kind: Thing
                metadata: {name: x}
                status: {count: many}
                """), kind)).isEmpty();
        assertThat(Validation.check(Samples.manifest("""
                apiVersion: example.org/v1
                kind: Thing
                metadata: {name: x}
                status: {sum: 1}
                """), kind))
                .extracting(Diagnostic::rule)
                .containsExactly("unknown-field");
    }

    private static List<Diagnostic> check(String spec) {
        return Validation.check(thing(spec), THING);
    }

    private static List<String> lines(String spec) {
        return check(spec).stream()
                .map(finding -> finding.span().line() + ":" + finding.span().column() + " " + finding.rule() + " "
                        + finding.message())
                .toList();
    }

    private static Manifest thing(String spec) {
        return Samples.manifest("""
                apiVersion: example.org/v1
                kind: Thing
                metadata: {name: x}
                spec:
                """ + spec.indent(2));
    }
}
