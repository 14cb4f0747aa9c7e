package dev.bellman.cli;

import dev.bellman.plan.Plan;
import dev.bellman.plan.Prediction.NodeRoutes;
import dev.bellman.report.RoutesReport;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `bellman routes`: who announces what, and what the router sees.
@Command(
        name = RoutesCommand.NAME,
        description = {
            "Predict which node announces what, and which routes an upstream router holds.",
            "",
            "Works without any object of Bellman's too: what does my cluster announce today."
        },
        parameterListHeading = "%n",
        optionListHeading = "%nOptions:%n",
        footerHeading = "%nExamples:%n",
        footer = {
            "  bellman routes gitops/                         after the policies in Git",
            "  kubectl get bgpconfigurations,services,endpointslices,nodes -A -o yaml | bellman routes -",
            "  bellman routes --without worker2 gitops/       when that node fails",
            "  bellman routes --format json --calico-version 3.29 gitops/",
        })
final class RoutesCommand implements Callable<Integer> {
    static final String NAME = "routes";

    private final Terminal terminal;

    @Parameters(paramLabel = "PATH", arity = "1..*", description = "Files, folders, or - for standard input.")
    private List<String> paths = List.of();

    @Mixin
    private SourceOptions source = new SourceOptions();

    @Option(names = "--without", paramLabel = "NODE", description = "As if this node and its endpoints were gone.")
    private @Nullable String without;

    @Mixin
    private AnswerOptions options = new AnswerOptions();

    RoutesCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        Inspection inspection;
        Plan plan;
        try (Progress _ = options.output().progress(terminal, "predicting routes")) {
            inspection = Inspection.of(source.request(terminal, paths), source.calicoVersion());
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
        if (without == null) {
            return plan;
        }
        List<String> known =
                plan.prediction().nodes().stream().map(NodeRoutes::node).toList();
        if (!known.contains(without)) {
            throw new Failure(
                    "there is no node " + without + (known.isEmpty() ? "" : "; nodes are " + String.join(", ", known)));
        }
        return inspection.result().without(without);
    }
}
