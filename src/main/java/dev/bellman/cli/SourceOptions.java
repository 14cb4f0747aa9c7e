package dev.bellman.cli;

import dev.bellman.compile.CalicoVersion;
import dev.bellman.source.Source;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// The options of a command that reads manifests.
final class SourceOptions {
    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec spec;

    @Option(
            names = {"-i", "--inventory"},
            paramLabel = "PATH",
            description = {
                "The cluster's state: a file or folder of Services, EndpointSlices, Nodes, ... as"
                        + " `kubectl get -o yaml` prints them. May be given several times."
            })
    private List<String> inventory = new ArrayList<>();

    @Option(
            names = "--revision",
            paramLabel = "REV",
            description = "Read the paths from this Git revision instead of the files on disk. Nothing is checked out.")
    private @Nullable String revision;

    @Nullable
    private CalicoVersion calicoVersion;

    @Option(
            names = "--calico-version",
            paramLabel = "VERSION",
            description = {
                "The release of Calico whose routes are predicted, such as 3.31. Default: what"
                        + " .bellman.yaml or the inventory's ClusterInformation says, or the newest known."
            })
    void calicoVersion(String text) {
        calicoVersion = CalicoVersion.parse(text);
        if (calicoVersion == null) {
            throw new ParameterException(
                    Objects.requireNonNull(spec).commandLine(),
                    "not a version of Calico: " + text + ", such as 3.31 or v3.31.4");
        }
    }

    @Nullable
    CalicoVersion calicoVersion() {
        return calicoVersion;
    }

    @Nullable
    String revision() {
        return revision;
    }

    Source.Request request(Terminal terminal, List<String> paths) {
        return new Source.Request(paths, inventory, revision, Path.of(""), terminal.in());
    }
}
