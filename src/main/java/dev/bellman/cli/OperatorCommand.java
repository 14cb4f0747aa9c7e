package dev.bellman.cli;

import dev.bellman.operator.OperatorApplication;
import dev.bellman.operator.OperatorSettings;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/// `bellman operator`: carries policies out in a cluster.
final class OperatorCommand implements CliCommand {
    static final String NAME = "operator";

    private static final int SHORTEST_LEASE = 3;

    private final OptionSpec lease = Options.one(
                    "NAME",
                    "The Lease by which replicas agree on the one that writes. Without it the operator believes that it "
                            + "is alone.",
                    "--lease")
            .build();
    private final OptionSpec leaseDuration = Options.one(
                    "SECONDS",
                    "How long another replica waits for one that leads and is not heard of any more. Default: "
                            + OperatorSettings.LEASE_SECONDS + ".",
                    "--lease-duration")
            .type(Integer.class)
            .build();
    private final OptionSpec namespace = Options.one(
                    "NAMESPACE", "Where the Lease is. Default: the namespace of its pod.", "--namespace")
            .build();
    private final CommandSpec spec = CommandSpec.wrapWithoutInspection(this);

    OperatorCommand() {
        spec.name(NAME).addOption(lease).addOption(leaseDuration).addOption(namespace);
        Options.help(
                spec,
                List.of(
                        "Carry out the policies of a cluster: BGPConfiguration, Service patches and a NodePlan per node.",
                        "",
                        "The cluster is that of its pod, or of KUBECONFIG. Health is at /q/health, metrics are at "
                                + "/q/metrics, of http://127.0.0.1:9479."),
                List.of("  KUBECONFIG=~/.kube/config bellman operator"));
    }

    @Override
    public CommandSpec spec() {
        return spec;
    }

    @Override
    public Integer call() {
        ClusterAccess.check();
        String host = System.getenv("HOSTNAME");
        String pod = System.getenv("POD_NAMESPACE");
        String given = Options.text(namespace);
        return OperatorApplication.run(new OperatorSettings(
                Options.text(lease),
                Duration.ofSeconds(seconds()),
                given != null ? given : Objects.requireNonNullElse(pod, "default"),
                (host == null ? "bellman" : host) + "-"
                        + ProcessHandle.current().pid()));
    }

    private int seconds() {
        Integer given = leaseDuration.getValue();
        if (given != null && given < SHORTEST_LEASE) {
            throw new Failure("--lease-duration is " + given + ", and has to be " + SHORTEST_LEASE + " or more");
        }
        return given == null ? OperatorSettings.LEASE_SECONDS : given;
    }
}
