package dev.bellman.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClusterAccessTest {
    @TempDir
    private Path home;

    @Test
    void aKubeconfigThatIsNotThereIsNamed() throws IOException {
        Path there = Files.createFile(home.resolve("there"));

        assertThat(wrong("KUBECONFIG", home + "/none"))
                .isEqualTo("KUBECONFIG names " + home + "/none, and there is no such file");
        assertThat(wrong("KUBECONFIG", there.toString())).isNull();
        assertThat(wrong("KUBECONFIG", home + "/none:" + there)).isNull();
    }

    @Test
    void nothingAtAllIsAMistakeOutsideAPod() throws IOException {
        assertThat(wrong("HOME", home.toString())).contains("set KUBECONFIG");
        assertThat(wrong("KUBERNETES_SERVICE_HOST", "10.0.0.1")).isNull();

        Files.createFile(Files.createDirectory(home.resolve(".kube")).resolve("config"));
        assertThat(wrong("HOME", home.toString())).isNull();
    }

    private static @Nullable String wrong(String variable, String value) {
        return ClusterAccess.whatIsWrong(Map.of(variable, value), new Properties());
    }
}
