package dev.bellman.cli;

import dev.bellman.compile.CalicoVersion;
import dev.bellman.source.Source;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/// The options of a command that reads manifests.
final class SourceOptions {
    private final OptionSpec inventory = Options.several(
                    "PATH",
                    "The cluster's state: a file or folder of Services, EndpointSlices, Nodes, ... as "
                            + "`kubectl get -o yaml` prints them. May be given several times.",
                    "-i",
                    "--inventory")
            .build();

    private final OptionSpec revision = Options.one(
                    "REV",
                    "Read the paths from this Git revision instead of the files on disk. Nothing is checked out.",
                    "--revision")
            .build();

    private final OptionSpec calicoVersion = Options.one(
                    "VERSION",
                    "The release of Calico whose routes are predicted, such as 3.31. Default: what "
                            + ".bellman.yaml or the inventory's ClusterInformation says, or the newest known.",
                    "--calico-version")
            .build();

    void addTo(CommandSpec spec) {
        spec.addOption(inventory).addOption(revision).addOption(calicoVersion);
    }

    /// @throws ParameterException if the text is no version
    @Nullable
    CalicoVersion calicoVersion() {
        String text = Options.text(calicoVersion);
        if (text == null) {
            return null;
        }
        CalicoVersion version = CalicoVersion.parse(text);
        if (version == null) {
            throw new ParameterException(
                    calicoVersion.command().commandLine(),
                    "not a version of Calico: " + text + ", such as 3.31 or v3.31.4");
        }
        return version;
    }

    @Nullable
    String revision() {
        return Options.text(revision);
    }

    List<String> inventory() {
        return Options.texts(inventory);
    }

    Source.Request request(Terminal terminal, List<String> paths) {
        return new Source.Request(paths, inventory(), revision(), Path.of(""), terminal.in());
    }
}
