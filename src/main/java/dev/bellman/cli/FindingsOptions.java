package dev.bellman.cli;

import dev.bellman.report.Format;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// The options of a command that reports findings.
final class FindingsOptions {
    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec spec;

    @Mixin
    private OutputOptions output = new OutputOptions();

    @Option(
            names = "--fail-on",
            paramLabel = "SEVERITY",
            description = "error (default), warning, info or never: the mildest finding that exits with 1.")
    private FailOn failOn = FailOn.ERROR;

    private List<Target<Format>> targets = List.of();

    @Suggests(Format.class)
    @Option(
            names = {"-f", "--format"},
            paramLabel = "FORMAT[=FILE]",
            description = {
                "pretty (default), concise, json, sarif, junit or github (annotations in GitHub Actions)."
                        + " May be given several times, one of them for stdout."
            })
    void formats(List<String> formats) {
        CommandSpec owner = Objects.requireNonNull(spec);
        List<Target<Format>> parsed = new ArrayList<>();
        Set<@Nullable Object> places = new HashSet<>();
        for (String text : formats) {
            Target<Format> target = Target.parse(owner, Format.class, text);
            if (!places.add(target.file())) {
                throw new ParameterException(
                        owner.commandLine(),
                        target.file() == null
                                ? "only one format can go to stdout, give the others a file: --format " + text + "=FILE"
                                : "two formats go to " + target.file());
            }
            parsed.add(target);
        }
        targets = List.copyOf(parsed);
    }

    /// What to print where; never empty.
    List<Target<Format>> targets() {
        return targets.isEmpty() ? List.of(new Target<>(Format.PRETTY, null)) : targets;
    }

    OutputOptions output() {
        return output;
    }

    FailOn failOn() {
        return failOn;
    }
}
