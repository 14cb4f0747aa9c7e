package dev.bellman.cli;

import dev.bellman.report.Findings;
import dev.bellman.source.Fixer;
import dev.bellman.source.Source;
import dev.bellman.source.SourceException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;

/// `bellman lint`: is it valid, and on which line not.
final class LintCommand implements CliCommand {
    static final String NAME = "lint";
    /// Mending one thing can uncover the next; more rounds than this would mean that two fixes undo each other.
    private static final int MAX_ROUNDS = 10;

    private final Terminal terminal;
    private final PositionalParamSpec paths = Options.paths();
    private final SourceOptions source = new SourceOptions();
    private final FindingsOptions options = new FindingsOptions();
    private final OptionSpec fix = Options.flag(
                    "Mend what has one right answer, in the files; comments and layout stay as they are.", "--fix")
            .build();
    private final OptionSpec base = Options.one(
                    "REV",
                    "Report only what was not found at the merge base with this Git revision, such as origin/main.",
                    "--base")
            .build();
    private final CommandSpec spec = CommandSpec.wrapWithoutInspection(this);

    LintCommand(Terminal terminal) {
        this.terminal = terminal;
        spec.name(NAME).addPositional(paths);
        source.addTo(spec);
        spec.addOption(base).addOption(fix);
        options.addTo(spec);
        Options.help(
                spec,
                List.of("Check manifests: the API server's own checks, and what only shows between objects."),
                List.of(
                        "  bellman lint .                                what a pull request should run",
                        "  bellman lint --inventory cluster.yaml teams/  with the cluster's state beside it",
                        "  bellman lint -f github -f sarif=out.sarif .   annotations, and a file for code scanning",
                        "  bellman lint --base origin/main .             only what this branch adds",
                        "  bellman lint --fix policies/                  mend what has one right answer",
                        "  bellman lint --revision origin/main .         what is on main, without a checkout",
                        "  kustomize build . | bellman lint -            what another tool rendered"));
    }

    @Override
    public CommandSpec spec() {
        return spec;
    }

    @Override
    public Integer call() {
        options.check();
        boolean mends = Options.isSet(fix);
        if (mends && (source.revision() != null || Options.texts(paths).stream().anyMatch(LintCommand::isNoFile))) {
            throw new ParameterException(
                    spec.commandLine(), "--fix needs files on disk, not a revision or standard input");
        }
        String since = Options.text(base);
        if (since != null && since.isBlank()) {
            throw new ParameterException(spec.commandLine(), "--base needs a revision, such as origin/main");
        }
        if (since != null
                && Stream.concat(Options.texts(paths).stream(), source.inventory().stream())
                        .anyMatch(LintCommand::isNoFile)) {
            throw new ParameterException(spec.commandLine(), "--base needs files to compare, not standard input");
        }
        Checked checked;
        try (Progress progress = options.output().progress(terminal, "checking")) {
            Baseline baseline = since == null ? null : baseline(since);
            checked = check(baseline);
            if (mends) {
                progress.say("mending");
                checked = mend(checked, baseline);
            }
        }
        Outcome outcome =
                new FindingsOutput(terminal, options).print(checked.inspection().findings());
        if (!options.output().isQuiet()) {
            if (checked.before() > 0) {
                terminal.warn("bellman: " + amount(checked.before())
                        + " not reported: there before, at the merge base with " + since);
            }
            checked.inspection().sayUndecided(terminal);
        }
        return (checked.everywhere() ? outcome : Outcome.FAILURE).code();
    }

    /// @param before how many findings are not reported, since they were there before
    /// @param everywhere whether every file could be written that was to be
    private record Checked(Inspection inspection, int before, boolean everywhere) {}

    private static String amount(int findings) {
        return findings + " finding" + (findings == 1 ? "" : "s");
    }

    private Baseline baseline(String since) {
        Source.Request request;
        try {
            request = Source.atMergeBase(source.request(terminal, Options.texts(paths)), since);
        } catch (SourceException e) {
            throw new Failure(String.valueOf(e.getMessage()), e);
        }
        return new Baseline(
                request.paths().isEmpty()
                        ? null
                        : Inspection.of(request, source.calicoVersion()).findings());
    }

    /// A pipe cannot be written back to.
    private static boolean isNoFile(String path) {
        return path.equals("-")
                || (Files.exists(Path.of(path))
                        && !Files.isRegularFile(Path.of(path))
                        && !Files.isDirectory(Path.of(path)));
    }

    private Checked check(@Nullable Baseline baseline) {
        Source.Request request = source.request(terminal, Options.texts(paths));
        Inspection all = Inspection.of(request, source.calicoVersion());
        if (baseline == null) {
            return new Checked(all, 0, true);
        }
        Findings added = baseline.added(all.findings());
        int before = all.findings().diagnostics().size() - added.diagnostics().size();
        return new Checked(new Inspection(all.loaded(), all.result(), added), before, true);
    }

    private Checked mend(Checked found, @Nullable Baseline baseline) {
        Checked checked = found;
        int mended = 0;
        Set<String> failures = new LinkedHashSet<>();
        for (int round = 0; round < MAX_ROUNDS; round++) {
            Inspection inspection = checked.inspection();
            Fixer.Result now =
                    Fixer.fix(inspection.mendable(), inspection.findings().texts(), Path.of(""));
            failures.addAll(now.failures());
            if (now.mended() == 0) {
                break;
            }
            mended += now.mended();
            checked = check(baseline);
        }
        if (!options.output().isQuiet()) {
            terminal.warn("bellman: mended " + amount(mended));
        }
        failures.forEach(failure -> terminal.warn("bellman: " + failure));
        return new Checked(checked.inspection(), checked.before(), failures.isEmpty());
    }
}
