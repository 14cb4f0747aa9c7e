package dev.bellman.schema;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bellman.diagnostic.Diagnostic;
import dev.bellman.diagnostic.Fix;
import dev.bellman.document.Mapping;
import dev.bellman.yaml.Resource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class KindsTest {
    @Test
    void ownsAKindForEachDefinition() throws IOException {
        assertThat(definitions()
                        .map(file -> Resource.parse(file.toString(), read(file)))
                        .map(definition -> definition.text("spec", "names", "kind")))
                .containsExactlyInAnyOrderElementsOf(Kinds.builtIn().own());
    }

    @ParameterizedTest
    @MethodSource("definitions")
    void findsWhatADefinitionDefines(Path file) {
        Mapping definition = Resource.parse(file.toString(), read(file));
        String kind = String.valueOf(definition.text("spec", "names", "kind"));

        ResourceKind found = Kinds.builtIn().find("bellman.dev/v1alpha1", kind);

        assertThat(found).isNotNull();
        assertThat(found.kind()).isEqualTo(kind);
        assertThat(found.namespaced()).isEqualTo("Namespaced".equals(definition.text("spec", "scope")));
        assertThat(found.root().properties()).containsKeys("apiVersion", "kind", "metadata", "spec");
    }

    @ParameterizedTest
    @CsvSource({
        "v1,Service,true",
        "v1,Node,false",
        "v1,Namespace,false",
        "discovery.k8s.io/v1,EndpointSlice,true",
        "projectcalico.org/v3,BGPConfiguration,false"
    })
    void knowsTheKindsThatBellmanReads(String apiVersion, String kind, boolean namespaced) {
        ResourceKind found = Kinds.builtIn().find(apiVersion, kind);

        assertThat(found).isNotNull();
        assertThat(found.apiVersion()).isEqualTo(apiVersion);
        assertThat(found.kind()).isEqualTo(kind);
        assertThat(found.namespaced()).isEqualTo(namespaced);
    }

    @Test
    void passesOverKindsOfOthers() {
        assertThat(check("apps/v1", "Deployment")).isEmpty();
        assertThat(check("example.org/v1", "Policy")).isEmpty();
    }

    @Test
    void correctsAKindOfItsOwnGroup() {
        assertThat(check("bellman.dev/v1alpha1", "ServiceAdvertismentPolicy"))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.rule()).isEqualTo("unknown-kind");
                    assertThat(finding.message()).isEqualTo("unknown kind `ServiceAdvertismentPolicy`");
                    assertThat(finding.help()).isEqualTo("did you mean `ServiceAdvertisementPolicy`?");
                    assertThat(finding.span().toString()).isEqualTo("a.yaml:2:7");
                    assertThat(finding.fix()).isEqualTo(Fix.replace(finding.span(), "ServiceAdvertisementPolicy"));
                });
    }

    @Test
    void listsItsKindsWhenNoneIsNear() {
        assertThat(check("bellman.dev/v1alpha1", "Thing")).singleElement().satisfies(finding -> {
            assertThat(finding.help()).contains("`AdvertisementClass`").contains("`NodePlan`");
            assertThat(finding.fix()).isNull();
        });
    }

    @ParameterizedTest
    @CsvSource({
        "v1,Servce,Service",
        "v1,service,Service",
        "v1,Namespaces,Namespace",
        "discovery.k8s.io/v1,Endpointslice,EndpointSlice"
    })
    void correctsAKindOfKubernetesThatItReads(String apiVersion, String kind, String meant) {
        assertThat(check(apiVersion, kind)).singleElement().satisfies(finding -> {
            assertThat(finding.rule()).isEqualTo("unknown-kind");
            assertThat(finding.message()).isEqualTo("unknown kind `" + kind + "` of `" + apiVersion + "`");
            assertThat(finding.help()).isEqualTo("did you mean `" + meant + "`?");
            assertThat(finding.fix()).isEqualTo(Fix.replace(finding.span(), meant));
        });
    }

    @ParameterizedTest
    @CsvSource({"v1,Secret", "v1,ServiceList", "v1,ServiceAccount", "v1,Pod", "v2,Servce", "discovery.k8s.io/v1,Lease"})
    void passesOverOtherKindsOfKubernetes(String apiVersion, String kind) {
        assertThat(check(apiVersion, kind)).isEmpty();
    }

    @Test
    void correctsTheVersionOfTheCoreGroup() {
        assertThat(check("V1", "Service")).singleElement().satisfies(finding -> {
            assertThat(finding.help()).isEqualTo("write `v1`");
            assertThat(finding.fix()).isEqualTo(Fix.replace(finding.span(), "v1"));
        });
    }

    @ParameterizedTest
    @CsvSource({"bellman.dev/v1,BGPSpeaker", "bellman.dev/v1alpha2,Thing", "belman.dev/v1alpha1,BGPSpeaker"})
    void correctsAVersionThatDoesNotExist(String apiVersion, String kind) {
        assertThat(check(apiVersion, kind)).singleElement().satisfies(finding -> {
            assertThat(finding.rule()).isEqualTo("unknown-kind");
            assertThat(finding.message()).isEqualTo("there is no API version `" + apiVersion + "`");
            assertThat(finding.help()).isEqualTo("write `bellman.dev/v1alpha1`");
            assertThat(finding.span().toString()).isEqualTo("a.yaml:1:13");
        });
    }

    private static List<Diagnostic> check(String apiVersion, String kind) {
        return Validation.check(Samples.manifest("""
                apiVersion: %s
                kind: %s
                metadata: {name: a}
                """.formatted(apiVersion, kind)));
    }

    private static Stream<Path> definitions() throws IOException {
        return Files.list(Path.of("crds")).sorted();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
