package dev.bellman.cli;

import dev.bellman.report.Format;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/// The options of a command that reports findings.
final class FindingsOptions {
    private final OutputOptions output = new OutputOptions();

    private final OptionSpec formats = Options.several(
                    "FORMAT[=FILE]",
                    "pretty (default), concise, json, sarif, junit or github (annotations in GitHub Actions). "
                            + "May be given several times, one of them for stdout.",
                    "-f",
                    "--format")
            .completionCandidates(Words.all(Format.class))
            .build();

    private final OptionSpec failOn = Options.word(
                    FailOn.class,
                    FailOn.ERROR,
                    "SEVERITY",
                    "error (default), warning, info or never: the mildest finding that exits with 1.",
                    "--fail-on")
            .build();

    private List<Target<Format>> targets = List.of();

    void addTo(CommandSpec spec) {
        spec.addOption(formats).addOption(failOn);
        output.addTo(spec);
    }

    /// Reads what to print where, before any work is done.
    ///
    /// @throws ParameterException if that makes no sense
    void check() {
        CommandSpec owner = formats.command();
        List<Target<Format>> parsed = new ArrayList<>();
        Set<@Nullable Object> places = new HashSet<>();
        for (String text : Options.texts(formats)) {
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
        targets = parsed.isEmpty() ? List.of(new Target<>(Format.PRETTY, null)) : List.copyOf(parsed);
    }

    /// What to print where; never empty.
    List<Target<Format>> targets() {
        if (targets.isEmpty()) {
            check();
        }
        return targets;
    }

    OutputOptions output() {
        return output;
    }

    FailOn failOn() {
        return Options.word(failOn, FailOn.class);
    }
}
