package dev.bellman.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bellman.testing.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Every case, in every format, to the letter. `-Dgolden=update` writes what is printed instead: read the diff.
class ReportCaseTest {
    private static final Map<Format, String> FILES = Map.of(
            Format.PRETTY, "pretty.txt",
            Format.CONCISE, "concise.txt",
            Format.JSON, "report.json",
            Format.SARIF, "report.sarif",
            Format.JUNIT, "junit.xml",
            Format.GITHUB, "github.txt");

    @TestFactory
    Stream<DynamicTest> printsWhatTheCaseSays() throws IOException {
        return Cases.all().stream()
                .flatMap(folder -> Stream.of(Format.values())
                        .map(format -> DynamicTest.dynamicTest(
                                folder.getFileName() + " as " + format.word(), () -> check(folder, format))));
    }

    @TestFactory
    Stream<DynamicTest> everyFileOfACaseIsUsed() throws IOException {
        return Cases.all().stream()
                .map(folder -> DynamicTest.dynamicTest(folder.getFileName().toString(), () -> {
                    try (Stream<Path> files = Files.list(folder)) {
                        Set<String> names =
                                files.map(file -> file.getFileName().toString()).collect(Collectors.toSet());
                        names.removeAll(FILES.values());
                        assertThat(names).contains("findings.json").isSubsetOf("findings.json", "in");
                    }
                }));
    }

    private static void check(Path folder, Format format) throws IOException {
        String printed = format.print(Cases.read(folder), Style.PLAIN, "1.2.3");
        Path expected = folder.resolve(FILES.get(format));
        assertThat(printed).isEqualTo(Golden.text(expected, printed));
    }
}
