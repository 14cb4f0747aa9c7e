package dev.bellman.cli;

import dev.bellman.plan.Plan;
import dev.bellman.report.PlanFiles;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `bellman compile`: everything that policies come to, as files.
@Command(
        name = CompileCommand.NAME,
        description = {
            "Write what the policies come to, as files to review, or to apply yourself.",
            "",
            "That is the BGPConfiguration, the Service patches, a NodePlan per node, routes and findings."
                    + " With an error nothing is written."
        },
        parameterListHeading = "%n",
        optionListHeading = "%nOptions:%n",
        footerHeading = "%nExamples:%n",
        footer = {
            "  bellman compile policies/ --inventory cluster.yaml -o build/",
            "  git diff --no-index rendered/ build/          what a reviewer reads",
            "  kubectl apply --server-side --field-manager bellman -f build/bgpconfiguration.yaml",
        })
final class CompileCommand implements Callable<Integer> {
    static final String NAME = "compile";

    private final Terminal terminal;

    @Parameters(paramLabel = "PATH", arity = "1..*", description = "Files, folders, or - for standard input.")
    private List<String> paths = List.of();

    @Option(
            names = {"-o", "--output"},
            paramLabel = "DIR",
            required = true,
            description = "The folder to write. It is replaced as a whole, if compile wrote it or it is empty.")
    private @Nullable Path output;

    @Mixin
    private SourceOptions source = new SourceOptions();

    @Mixin
    private FindingsOptions options = new FindingsOptions();

    CompileCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        Inspection inspection;
        try (Progress progress = options.output().progress(terminal, "compiling")) {
            inspection = Inspection.of(source.request(terminal, paths), source.calicoVersion());
            if (output != null
                    && !inspection.hasErrors()
                    && !inspection.findings().nothingChecked()) {
                progress.say("writing " + output);
                write(output, inspection);
            }
        }
        return new FindingsOutput(terminal, options)
                .print(inspection.findings())
                .code();
    }

    private void write(Path folder, Inspection inspection) {
        Plan plan = inspection.result().plan();
        Map<String, String> files = PlanFiles.of(plan, inspection.findings());
        OutputFolder.write(folder, files);
        if (!options.output().isQuiet()) {
            terminal.warn("bellman: wrote " + files.size() + " files to " + folder);
        }
    }
}
