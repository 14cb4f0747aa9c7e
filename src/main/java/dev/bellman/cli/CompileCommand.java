package dev.bellman.cli;

import dev.bellman.plan.Plan;
import dev.bellman.report.PlanFiles;
import dev.bellman.source.Source;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/// `bellman compile`: everything that policies come to, as files.
final class CompileCommand implements CliCommand {
    static final String NAME = "compile";

    private final Terminal terminal;
    private final PositionalParamSpec paths = Options.paths();
    private final SourceOptions source = new SourceOptions();
    private final FindingsOptions options = new FindingsOptions();
    private final OptionSpec output = Options.one(
                    "DIR",
                    "The folder to write. It is replaced as a whole, if compile wrote it or it is empty.",
                    "-o",
                    "--output")
            .required(true)
            .build();
    private final CommandSpec spec = CommandSpec.wrapWithoutInspection(this);

    CompileCommand(Terminal terminal) {
        this.terminal = terminal;
        spec.name(NAME).addPositional(paths).addOption(output);
        source.addTo(spec);
        options.addTo(spec);
        Options.help(
                spec,
                List.of(
                        "Write what the policies come to, as files to review, or to apply yourself.",
                        "",
                        "That is the BGPConfiguration, the Service patches, a NodePlan per node, routes and findings."
                                + " With an error nothing is written."),
                List.of(
                        "  bellman compile policies/ --inventory cluster.yaml -o build/",
                        "  git diff --no-index rendered/ build/          what a reviewer reads",
                        "  kubectl apply --server-side --field-manager bellman -f build/bgpconfiguration.yaml",
                        "  kubectl apply --server-side --field-manager bellman --force-conflicts \\",
                        "    -f build/service-patches.yaml               whoever made a Service owns all its fields"));
    }

    @Override
    public CommandSpec spec() {
        return spec;
    }

    @Override
    public Integer call() {
        options.check();
        Path folder = Path.of(Objects.requireNonNull(Options.text(output)));
        Inspection inspection;
        try (Progress progress = options.output().progress(terminal, "compiling")) {
            Source.Request request =
                    source.request(terminal, Options.texts(paths)).withOutput(folder);
            inspection = Inspection.of(request, source.calicoVersion());
            if (!inspection.hasErrors() && !inspection.findings().nothingChecked()) {
                progress.say("writing " + folder);
                write(folder, inspection);
            }
        }
        Outcome outcome = new FindingsOutput(terminal, options).print(inspection.findings());
        if (!options.output().isQuiet()) {
            inspection.sayUndecided(terminal);
        }
        return outcome.code();
    }

    private void write(Path folder, Inspection inspection) {
        Plan plan = inspection.result().plan();
        Map<String, Supplier<String>> files = PlanFiles.of(plan, inspection.findings());
        OutputFolder.write(folder, files);
        if (!options.output().isQuiet()) {
            terminal.warn("bellman: wrote " + files.size() + " files to " + folder);
        }
    }
}
