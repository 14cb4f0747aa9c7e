package dev.bellman.cli;

import dev.bellman.bird.Announced;
import dev.bellman.bird.BirdConfig;
import dev.bellman.bird.HeldDown;
import dev.bellman.plan.NodeState;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/// `bellman bird`: the configuration that a node's BIRD would read.
final class BirdCommand implements CliCommand {
    static final String NAME = "bird";

    private final Terminal terminal;
    private final PositionalParamSpec paths = Options.paths();
    private final SourceOptions source = new SourceOptions();
    private final OutputOptions output = new OutputOptions();
    private final OptionSpec node = Options.one("NODE", "The node whose BIRD is meant.", "--node")
            .required(true)
            .build();
    private final CommandSpec spec = CommandSpec.wrapWithoutInspection(this);

    BirdCommand(Terminal terminal) {
        this.terminal = terminal;
        spec.name(NAME).addPositional(paths);
        spec.addOption(node);
        source.addTo(spec);
        output.addTo(spec);
        Options.help(
                spec,
                List.of(
                        "Print the BIRD 2 configuration that a node would load: its sessions and its routes.",
                        "",
                        "For the Services and endpoints in the manifests. Sessions' passwords are not read and not",
                        "shown; they are taken to be there."),
                List.of(
                        "  bellman bird --node worker1 gitops/",
                        "  bellman bird --node worker1 gitops/ > bird.conf && bird -p -c bird.conf",
                        "  kubectl get services,endpointslices,nodes -A -o yaml | bellman bird --node worker1 gitops/ -"));
    }

    @Override
    public CommandSpec spec() {
        return spec;
    }

    @Override
    public Integer call() {
        Inspection inspection;
        NodeState state;
        BirdConfig config;
        try (Progress _ = output.progress(terminal, "computing routes")) {
            inspection = Inspection.of(source.request(terminal, Options.texts(paths)), source.calicoVersion());
            state = NodeStates.get(inspection, String.valueOf(Options.text(node)));
            config = BirdConfig.of(state, Announced.of(state), _ -> "not known here");
        }
        terminal.out().print(config.shown());
        if (state.plan().peers().isEmpty()) {
            terminal.warn("node " + state.node().name()
                    + " has no peer, so its BIRD announces nothing: no class with the Bird backend and no BGPSpeaker"
                    + " select it, or a label excludes it");
        }
        for (HeldDown held : config.heldDown()) {
            terminal.warn("peer " + held.peer().peer().name() + " of BGPSpeaker "
                    + held.peer().speaker() + " is held down: " + held.reason());
        }
        return Errors.warn(terminal, inspection).code();
    }
}
