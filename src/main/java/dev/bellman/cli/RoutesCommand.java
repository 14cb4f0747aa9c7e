package dev.bellman.cli;

import dev.bellman.plan.Plan;
import dev.bellman.plan.Prediction.NodeRoutes;
import dev.bellman.report.RoutesReport;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/// `bellman routes`: who announces what, and what the router sees.
final class RoutesCommand implements CliCommand {
    static final String NAME = "routes";

    private final Terminal terminal;
    private final PositionalParamSpec paths = Options.paths();
    private final SourceOptions source = new SourceOptions();
    private final AnswerOptions options = new AnswerOptions();
    private final OptionSpec without = Options.one("NODE", "As if this node and its endpoints were gone.", "--without")
            .build();
    private final CommandSpec spec = CommandSpec.wrapWithoutInspection(this);

    RoutesCommand(Terminal terminal) {
        this.terminal = terminal;
        spec.name(NAME).addPositional(paths);
        source.addTo(spec);
        spec.addOption(without);
        options.addTo(spec);
        Options.help(
                spec,
                List.of(
                        "Predict which node announces what, and which routes an upstream router holds.",
                        "",
                        "Works without any object of Bellman's too: what does my cluster announce today. What Calico",
                        "announces by itself, although no policy asked for it, is marked collateral."),
                List.of(
                        "  bellman routes gitops/                         after the policies in Git",
                        "  kubectl get bgpconfigurations,services,endpointslices,nodes -A -o yaml | bellman routes -",
                        "  bellman routes --without worker2 gitops/       when that node fails",
                        "  bellman routes --format json --calico-version 3.29 gitops/"));
    }

    @Override
    public CommandSpec spec() {
        return spec;
    }

    @Override
    public Integer call() {
        Inspection inspection;
        Plan plan;
        try (Progress _ = options.output().progress(terminal, "predicting routes")) {
            inspection = Inspection.of(source.request(terminal, Options.texts(paths)), source.calicoVersion());
            plan = plan(inspection);
        }
        options.print(
                terminal,
                style -> RoutesReport.pretty(plan.prediction(), plan.undecided(), style),
                () -> RoutesReport.json(plan.prediction(), plan.undecided()));
        return Errors.warn(terminal, inspection).code();
    }

    private Plan plan(Inspection inspection) {
        Plan plan = inspection.result().plan();
        String lost = Options.text(without);
        if (lost == null) {
            return plan;
        }
        List<String> known =
                plan.prediction().nodes().stream().map(NodeRoutes::node).toList();
        if (!known.contains(lost)) {
            throw NodeStates.unknown(lost, known);
        }
        return inspection.result().without(lost);
    }
}
