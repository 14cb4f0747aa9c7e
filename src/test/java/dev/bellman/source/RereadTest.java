package dev.bellman.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bellman.document.Manifest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Files that are read anew one by one come to the same as all of them read at once.
class RereadTest {
    private static final int FILES = 12;

    @TempDir
    Path folder;

    private final Memory memory = new Memory();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void afterEachOfManyChanges(long seed) throws IOException {
        Random random = new Random(seed);
        write(".bellman.yaml", "inventory: observed\n");
        for (int i = 0; i < FILES; i++) {
            write(name(i), content(random, i));
        }
        read(memory);
        for (int step = 0; step < 40; step++) {
            Set<Path> changed = new HashSet<>();
            for (int c = random.nextInt(3); c >= 0; c--) {
                int i = random.nextInt(FILES);
                changed.add(write(name(i), content(random, i)));
            }

            Loaded loaded = reread(changed);

            assertThat(loaded).isNotNull();
            assertSame(loaded, read(null));
        }
    }

    @Test
    void whatDecidesOnOtherFilesIsNotReadAlone() throws IOException {
        Path settings = write(".bellman.yaml", "inventory: observed\n");
        Path kustomization = write("kustomization.yaml", "patches: []\n");
        Path one = write("one.yaml", object("one"));
        read(memory);

        assertThat(reread(Set.of(one))).isNotNull();
        assertThat(reread(Set.of(one, settings))).isNull();
        assertThat(reread(Set.of(kustomization))).isNull();
        assertThat(reread(Set.of(write("two.yaml", object("two"))))).isNull();
        assertThat(reread(Set.of(folder))).isNull();
        Files.delete(one);
        assertThat(reread(Set.of(one))).isNull();
        Files.createSymbolicLink(one, folder.resolve("two.yaml"));
        assertThat(reread(Set.of(one))).isNull();
    }

    @Test
    void whatDidNotChangeIsTheVerySameObject() throws IOException {
        Path one = write("one.yaml", object("one"));
        write("two.yaml", object("two"));
        Loaded before = read(memory);
        write("one.yaml", object("other"));

        Loaded after = reread(Set.of(one));

        assertThat(after).isNotNull();
        assertThat(after.manifests()).extracting(Manifest::name).containsExactly("other", "two");
        assertThat(after.manifests().get(1)).isSameAs(before.manifests().get(1));
    }

    private static void assertSame(Loaded one, Loaded other) {
        assertThat(one.manifests()).isEqualTo(other.manifests());
        assertThat(one.findings()).containsExactlyInAnyOrderElementsOf(other.findings());
        assertThat(one.files()).isEqualTo(other.files());
        assertThat(one.anyAsked()).isEqualTo(other.anyAsked());
        assertThat(one.silences())
                .extracting(silence -> silence.rule() + " " + silence.place())
                .isEqualTo(other.silences().stream()
                        .map(silence -> silence.rule() + " " + silence.place())
                        .toList());
        assertThat(texts(one)).isEqualTo(texts(other));
    }

    private static Map<String, String> texts(Loaded loaded) {
        return loaded.texts().entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, file -> file.getValue().text()));
    }

    private static String name(int i) {
        return (i % 2 == 0 ? "observed/" : "declared/") + "f" + i + ".yaml";
    }

    /// Now and then one that cannot be read, is empty, or holds what another file holds too.
    private static String content(Random random, int i) {
        return switch (random.nextInt(8)) {
            case 0 -> "a: [\n";
            case 1 -> "";
            case 2 -> object("shared");
            case 3 -> "# bellman:ignore-file some-rule because\n" + object("f" + i);
            case 4 -> object("f" + i) + "---\n" + object("g" + random.nextInt(4));
            case 5 -> "just text\n";
            default -> object("f" + i) + "  n: " + random.nextInt() + "\n";
        };
    }

    private static String object(String name) {
        return """
                apiVersion: v1
                kind: Service
                metadata:
                  name: %s
                  namespace: a
                spec:
                  x: y
                """.formatted(name);
    }

    private Path write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    private Source.Request request() {
        return new Source.Request(
                List.of(folder.toString()), List.of(), null, Path.of(""), new ByteArrayInputStream(new byte[0]));
    }

    private Loaded read(Memory known) {
        return Source.read(request(), manifest -> manifest.kind().equals("Service"), known);
    }

    private Loaded reread(Set<Path> changed) {
        return Source.reread(request(), manifest -> manifest.kind().equals("Service"), memory, changed);
    }
}
