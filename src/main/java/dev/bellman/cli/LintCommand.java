package dev.bellman.cli;

import dev.bellman.report.Findings;
import dev.bellman.source.Fixer;
import dev.bellman.source.Source;
import dev.bellman.source.SourceException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `bellman lint`: is it valid, and on which line not.
@Command(
        name = LintCommand.NAME,
        description = "Check manifests: the API server's own checks, and what only shows between objects.",
        parameterListHeading = "%n",
        optionListHeading = "%nOptions:%n",
        footerHeading = "%nExamples:%n",
        footer = {
            "  bellman lint .                                what a pull request should run",
            "  bellman lint --inventory cluster.yaml teams/  with the cluster's state beside it",
            "  bellman lint -f github -f sarif=out.sarif .   annotations, and a file for code scanning",
            "  bellman lint --fix policies/                  mend what has one right answer",
            "  bellman lint --revision origin/main .         what is on main, without a checkout",
            "  kustomize build . | bellman lint -            what another tool rendered",
        })
final class LintCommand implements Callable<Integer> {
    static final String NAME = "lint";
    /// Mending one thing can uncover the next; more rounds than this would mean that two fixes undo each other.
    private static final int MAX_ROUNDS = 10;

    private final Terminal terminal;

    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(paramLabel = "PATH", arity = "1..*", description = "Files, folders, or - for standard input.")
    private List<String> paths = List.of();

    @Mixin
    private SourceOptions source = new SourceOptions();

    @Mixin
    private FindingsOptions options = new FindingsOptions();

    @Option(
            names = "--fix",
            description = "Mend what has one right answer, in the files; comments and layout stay as they are.")
    private boolean fix;

    LintCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        if (fix && (source.revision() != null || paths.contains("-"))) {
            throw new ParameterException(
                    Objects.requireNonNull(spec).commandLine(),
                    "--fix needs files on disk, not a revision or standard input");
        }
        Findings findings;
        try (Progress progress = options.output().progress(terminal, "checking")) {
            findings = check();
            if (fix) {
                progress.say("mending");
                findings = mend(findings);
            }
        }
        return new FindingsOutput(terminal, options).print(findings).code();
    }

    private Findings check() {
        Source.Request request = source.request(terminal, paths);
        return Inspection.of(request, source.calicoVersion()).findings();
    }

    private Findings mend(Findings found) {
        Findings findings = found;
        int mended = 0;
        for (int round = 0; round < MAX_ROUNDS; round++) {
            int now;
            try {
                now = Fixer.fix(findings.diagnostics(), findings.texts(), Path.of(""));
            } catch (SourceException e) {
                throw new Failure(String.valueOf(e.getMessage()), e);
            }
            if (now == 0) {
                break;
            }
            mended += now;
            findings = check();
        }
        if (!options.output().isQuiet()) {
            terminal.warn("bellman: mended " + mended + " finding" + (mended == 1 ? "" : "s"));
        }
        return findings;
    }
}
