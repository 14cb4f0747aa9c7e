package dev.bellman.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bellman.diagnostic.SourceText;
import dev.bellman.diagnostic.Span;
import dev.bellman.document.Manifest;
import dev.bellman.document.Mapping;
import dev.bellman.document.Node;
import dev.bellman.document.Scalar;
import dev.bellman.document.Sequence;
import dev.bellman.schema.Defaults;
import dev.bellman.schema.Kinds;
import dev.bellman.schema.ResourceKind;
import dev.bellman.yaml.Yaml;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// What a reader takes for a field that is left out is what the API server writes there, so that a pull request shows
/// what the cluster will do.
class DefaultsTest {
    @ParameterizedTest
    @MethodSource("objects")
    void readersAssumeWhatTheDefinitionsSay(Path file) {
        for (Mapping variant : withEachFieldLeftOut(parse(file))) {
            assertThat(read(variant))
                    .usingRecursiveComparison()
                    .ignoringFieldsOfTypes(Span.class, Manifest.class)
                    .isEqualTo(read(defaulted(variant)));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "AdvertisementClass, advertisementclasses",
        "BGPSpeaker, bgpspeakers",
        "ServiceAdvertisementPolicy, serviceadvertisementpolicies"
    })
    void everyDefaultIsAmongWhatIsCompared(String kind, String plural) {
        Set<String> filledIn = new TreeSet<>();
        objects()
                .map(DefaultsTest::parse)
                .filter(object -> kind.equals(object.text("kind")))
                .flatMap(object -> withEachFieldLeftOut(object).stream())
                .forEach(variant -> {
                    Set<String> names = names(defaulted(variant));
                    names.removeAll(names(variant));
                    filledIn.addAll(names);
                });

        Set<String> defaults = fieldsWithDefault(parse(Path.of("crds", plural + ".bellman.dev.yaml")));
        assertThat(defaults).isNotEmpty();
        assertThat(filledIn).containsAll(defaults);
    }

    static Stream<Path> objects() {
        try (Stream<Path> files = Files.walk(Path.of("src/test/resources/crd"))) {
            return files
                    .filter(file -> file.getFileName().toString().matches("valid-.*\\.yaml"))
                    .filter(file -> Set.of("AdvertisementClass", "BGPSpeaker", "ServiceAdvertisementPolicy")
                            .contains(String.valueOf(parse(file).text("kind"))))
                    .sorted()
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Mapping parse(Path file) {
        try {
            return (Mapping) Yaml.parse(new SourceText(file.toString(), Files.readString(file)))
                    .documents()
                    .getFirst();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Model read(Mapping object) {
        return ModelReader.read(Overlay.of(List.of(Manifest.of(object, false))));
    }

    private static Mapping defaulted(Mapping object) {
        ResourceKind kind =
                Kinds.builtIn().find(String.valueOf(object.text("apiVersion")), String.valueOf(object.text("kind")));
        return Defaults.apply(object, Objects.requireNonNull(kind));
    }

    /// The object itself, and the object without one of its fields, for each field of its spec.
    private static List<Mapping> withEachFieldLeftOut(Mapping object) {
        List<Mapping> variants = new ArrayList<>();
        variants.add(object);
        for (Node spec : withoutOne(Objects.requireNonNull(object.get("spec")))) {
            variants.add(replaced(object, "spec", spec));
        }
        return variants;
    }

    private static List<Node> withoutOne(Node node) {
        List<Node> variants = new ArrayList<>();
        switch (node) {
            case Mapping mapping -> {
                for (Mapping.Entry entry : mapping.entries()) {
                    variants.add(new Mapping(
                            mapping.entries().stream()
                                    .filter(other -> !other.name().equals(entry.name()))
                                    .toList(),
                            mapping.span()));
                    withoutOne(entry.value()).forEach(value -> variants.add(replaced(mapping, entry.name(), value)));
                }
            }
            case Sequence sequence -> {
                for (int i = 0; i < sequence.items().size(); i++) {
                    for (Node item : withoutOne(sequence.items().get(i))) {
                        List<Node> items = new ArrayList<>(sequence.items());
                        items.set(i, item);
                        variants.add(new Sequence(items, sequence.span()));
                    }
                }
            }
            case Scalar _ -> {}
        }
        return variants;
    }

    private static Mapping replaced(Mapping mapping, String key, Node value) {
        return new Mapping(
                mapping.entries().stream()
                        .map(entry -> entry.name().equals(key) ? new Mapping.Entry(entry.key(), value) : entry)
                        .toList(),
                mapping.span());
    }

    private static Set<String> names(Node node) {
        Set<String> names = new TreeSet<>();
        switch (node) {
            case Mapping mapping ->
                mapping.entries().forEach(entry -> {
                    names.add(entry.name());
                    names.addAll(names(entry.value()));
                });
            case Sequence sequence -> sequence.items().forEach(item -> names.addAll(names(item)));
            case Scalar _ -> {}
        }
        return names;
    }

    private static Set<String> fieldsWithDefault(Node definition) {
        Set<String> found = new TreeSet<>();
        collect("", definition, found);
        return found;
    }

    private static void collect(String name, Node node, Set<String> found) {
        switch (node) {
            case Mapping mapping -> {
                if (mapping.get("default") != null && mapping.text("type") != null) {
                    found.add(name);
                }
                mapping.entries().forEach(entry -> collect(entry.name(), entry.value(), found));
            }
            case Sequence sequence -> sequence.items().forEach(item -> collect("", item, found));
            case Scalar _ -> {}
        }
    }
}
