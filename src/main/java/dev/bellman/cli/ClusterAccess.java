package dev.bellman.cli;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Where a daemon finds its cluster. The client itself would fall back to an address that answers in a pod alone.
final class ClusterAccess {
    private static final List<String> VARIABLES = List.of("KUBERNETES_SERVICE_HOST", "KUBERNETES_MASTER");
    private static final List<String> PROPERTIES =
            List.of("kubernetes.master", "kubeconfig", "quarkus.kubernetes-client.api-server-url");

    private ClusterAccess() {}

    /// @throws Failure if nothing says which cluster it is
    static void check() {
        String wrong = whatIsWrong(System.getenv(), System.getProperties());
        if (wrong != null) {
            throw new Failure(wrong);
        }
    }

    static @Nullable String whatIsWrong(Map<String, String> environment, Properties properties) {
        String named = environment.getOrDefault("KUBECONFIG", "");
        if (!named.isEmpty()) {
            return Stream.of(named.split(File.pathSeparator, -1)).anyMatch(ClusterAccess::isFile)
                    ? null
                    : "KUBECONFIG names " + named + ", and there is no such file";
        }
        boolean isSaid = VARIABLES.stream().anyMatch(environment::containsKey)
                || PROPERTIES.stream().anyMatch(properties::containsKey)
                || isFile(environment.getOrDefault("HOME", "") + "/.kube/config");
        return isSaid
                ? null
                : "nothing says which cluster it is: this is no pod, and there is no ~/.kube/config; set KUBECONFIG to"
                        + " a file that kubectl uses";
    }

    private static boolean isFile(String path) {
        return Files.isReadable(Path.of(path)) && !Files.isDirectory(Path.of(path));
    }
}
