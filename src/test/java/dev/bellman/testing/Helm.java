package dev.bellman.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// helm as a person would run it, against one server or none, with a home of its own.
public final class Helm {
    private final Map<String, String> environment;

    private Helm(Path folder, Path kubeconfig) {
        Path home;
        try {
            home = Files.createDirectories(folder.resolve("helm-home"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        this.environment = Map.of(
                "KUBECONFIG", kubeconfig.toString(),
                "HELM_CACHE_HOME", home.resolve("cache").toString(),
                "HELM_CONFIG_HOME", home.resolve("config").toString(),
                "HELM_DATA_HOME", home.resolve("data").toString(),
                // What client-go remembers of a server would be believed of the next one on the same port.
                "HOME", home.toString());
    }

    /// @param folder for what helm keeps, which the test throws away
    public static Helm at(KubeApiServer server, Path folder) {
        return new Helm(folder, server.kubeconfig());
    }

    /// For what helm does by itself: lint, template.
    public static Helm withoutServer(Path folder) {
        return new Helm(folder, folder.resolve("no-kubeconfig"));
    }

    public Shell.Result run(String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(TestEnvironment.program("helm").toString());
        command.addAll(List.of(arguments));
        return Shell.run(environment, command);
    }
}
