package dev.bellman.schema;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bellman.diagnostic.Severity;
import dev.bellman.document.Manifest;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MetadataTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{name: a, namespace: b}",
                "{name: a}",
                "{generateName: a-}",
                "{name: a, labels: {app: web, example.org/App_1: ''}, annotations: {Example.ORG/x: '1'}}",
                "{name: a, finalizers: [example.org/x], ownerReferences: [{apiVersion: v1, kind: A, name: b, uid: c}]}",
                "{name: a, creationTimestamp: '2026-11-23T10:00:00Z', generation: 3}"
            })
    void takesGoodMetadata(String metadata) {
        assertThat(lines("Service", metadata)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {namespace: b}                    | 3:11 missing-field missing field `name`
            {name: ''}                        | 3:18 missing-field `metadata.name` is empty
            {name: 1}                         | 3:18 wrong-type `metadata.name` must be a string, not an integer
            {name: a, namspace: b}            | 3:21 unknown-field unknown field `namspace`
            {name: a, namespace: B}           | 3:32 invalid-metadata `B` is not a namespace
            {name: a, labels: {-x: v}}        | 3:30 invalid-metadata `-x` is not a name of a label
            {name: a, labels: {a/b/c: v}}     | 3:30 invalid-metadata `a/b/c` is not a name of a label
            {name: a, labels: {x: a b}}       | 3:33 invalid-metadata `a b` is not a value of a label
            {name: a, labels: {x: 1}}         | 3:33 wrong-type `metadata.labels.x` must be a string, not an integer
            {name: a, annotations: {/x: v}}   | 3:35 invalid-metadata `/x` is not a name of an annotation
            {name: 9a}                        | 3:18 invalid-metadata `9a` is not a name of a Service
            {name: a.b}                       | 3:18 invalid-metadata `a.b` is not a name of a Service
            {name: Customer}                  | 3:18 invalid-metadata `Customer` is not a name of a Service
            """)
    void pointsToWhatIsWrong(String metadata, String line) {
        assertThat(lines("Service", metadata)).singleElement().asString().startsWith(line);
    }

    @Test
    void takesDotsAndDigitsInTheNameOfANode() {
        assertThat(lines("Node", "{name: 10.worker-1.example}")).isEmpty();
    }

    @Test
    void warnsOfANamespaceThatTheServerDropsInSilence() {
        assertThat(Validation.check(object("Node", "{name: a, namespace: b}")))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.rule()).isEqualTo("invalid-metadata");
                    assertThat(finding.severity()).isEqualTo(Severity.WARNING);
                    assertThat(finding.message())
                            .isEqualTo("a Node has no namespace: it is there for the whole cluster");
                });
    }

    private static List<String> lines(String kind, String metadata) {
        return Validation.check(object(kind, metadata)).stream()
                .map(finding -> finding.span().line() + ":" + finding.span().column() + " " + finding.rule() + " "
                        + finding.message())
                .toList();
    }

    private static Manifest object(String kind, String metadata) {
        return Samples.manifest(
                """
                apiVersion: v1
                kind: %s
                metadata: %s
                %s
                """.formatted(kind, metadata, kind.equals("Service") ? "spec: {ports: [{port: 80}]}" : ""));
    }
}
