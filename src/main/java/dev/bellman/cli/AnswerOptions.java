package dev.bellman.cli;

import dev.bellman.report.Style;
import java.util.function.Function;
import java.util.function.Supplier;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/// The options of a command that answers a question, for people or for a program.
final class AnswerOptions {
    private enum AnswerFormat {
        PRETTY,
        JSON
    }

    private final OutputOptions output = new OutputOptions();
    private final OptionSpec format = Options.one("FORMAT[=FILE]", "pretty (default) or json.", "-f", "--format")
            .completionCandidates(Words.all(AnswerFormat.class))
            .build();

    void addTo(CommandSpec spec) {
        spec.addOption(format);
        output.addTo(spec);
    }

    OutputOptions output() {
        return output;
    }

    /// Prints the answer in the form asked for; only that one is made.
    void print(Terminal terminal, Function<Style, String> pretty, Supplier<String> json) {
        Target<AnswerFormat> target = target();
        Style style = target.file() == null ? output.style(terminal) : Style.PLAIN;
        target.write(
                terminal,
                switch (target.format()) {
                    case PRETTY -> pretty.apply(style);
                    case JSON -> json.get();
                });
    }

    /// @throws picocli.CommandLine.ParameterException if the format is none
    private Target<AnswerFormat> target() {
        String text = Options.text(format);
        return text == null
                ? new Target<>(AnswerFormat.PRETTY, null)
                : Target.parse(format.command(), AnswerFormat.class, text);
    }
}
