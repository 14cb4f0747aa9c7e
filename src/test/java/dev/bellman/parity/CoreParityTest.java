package dev.bellman.parity;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Kubernetes' own kinds, whose definitions Bellman wrote by hand: the verdict in each file's name is that of a
/// real API server, and that of `bellman lint`.
class CoreParityTest {
    @ParameterizedTest
    @MethodSource("files")
    void serverAndLintSayWhatTheNameSays(Path file) {
        String yaml = CaseFiles.read(file);
        Server.Verdict server = Server.shared().judge(yaml);
        List<String> lint = Lint.errors(yaml);

        assertThat(server.accepted()).as("server: %s", server.message()).isEqualTo(CaseFiles.isValid(file));
        assertThat(lint.isEmpty()).as("lint: %s", lint).isEqualTo(CaseFiles.isValid(file));
    }

    static List<Path> files() {
        return CaseFiles.of(Path.of("src/test/resources/core"));
    }
}
