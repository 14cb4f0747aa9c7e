package dev.bellman.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bellman.testing.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// From files to a plan, to the letter. `-Dgolden=update` writes what was made instead: read the diff.
class CompileCasesTest {
    @ParameterizedTest
    @MethodSource("cases")
    void compilesToWhatTheCaseSays(CompileCase one) throws IOException {
        Inspection inspection = one.inspect();
        Map<String, String> plan = CompileCase.plan(inspection);
        String diagnostics = CompileCase.diagnostics(inspection);
        Path expected = one.folder().resolve("diagnostics.txt");
        if (Golden.UPDATE) {
            write(one.folder().resolve("plan"), plan);
            Files.writeString(expected, diagnostics);
        }

        assertThat(diagnostics).isEqualTo(Files.readString(expected));
        assertThat(plan).isEqualTo(one.expectedPlan());
    }

    @ParameterizedTest
    @ValueSource(strings = {"pods-after-they-moved", "pods-all-gone"})
    void nodePlansStayWhenPodsMove(String after) throws IOException {
        CompileCase before = CompileCase.named("pods-before-they-move");
        CompileCase moved = CompileCase.named(after);

        assertThat(nodePlans(moved)).isNotEmpty().isEqualTo(nodePlans(before));
        assertThat(moved.expectedPlan().get("routes.yaml"))
                .isNotEqualTo(before.expectedPlan().get("routes.yaml"));
    }

    @Test
    void everyCaseHasSomethingToCompile() throws IOException {
        assertThat(CompileCase.all())
                .hasSizeGreaterThan(45)
                .allSatisfy(one -> assertThat(one.in()).isNotEmptyDirectory());
    }

    static List<CompileCase> cases() throws IOException {
        return CompileCase.all();
    }

    private static Map<String, String> nodePlans(CompileCase one) throws IOException {
        return one.expectedPlan().entrySet().stream()
                .filter(file -> file.getKey().startsWith("nodeplans/"))
                // Where the inventory is longer, its lines have other numbers.
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        file -> file.getValue().replaceAll("inventory/cluster.yaml:\\d+:\\d+", "inventory")));
    }

    private static void write(Path folder, Map<String, String> files) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> old = Files.walk(folder)) {
                for (Path path : old.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
        for (Map.Entry<String, String> file : files.entrySet()) {
            Path path = folder.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.writeString(path, file.getValue());
        }
    }
}
