package dev.bellman.cli;

import dev.bellman.report.Style;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// The options of a command that answers a question, for people or for a program.
final class AnswerOptions {
    private enum AnswerFormat {
        PRETTY,
        JSON
    }

    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec spec;

    @Mixin
    private OutputOptions output = new OutputOptions();

    private Target<AnswerFormat> target = new Target<>(AnswerFormat.PRETTY, null);

    @Suggests(AnswerFormat.class)
    @Option(
            names = {"-f", "--format"},
            paramLabel = "FORMAT[=FILE]",
            description = "pretty (default) or json.")
    void format(String text) {
        target = Target.parse(Objects.requireNonNull(spec), AnswerFormat.class, text);
    }

    OutputOptions output() {
        return output;
    }

    /// Prints the answer in the form asked for; only that one is made.
    void print(Terminal terminal, Function<Style, String> pretty, Supplier<String> json) {
        Style style = target.file() == null ? output.style(terminal) : Style.PLAIN;
        target.write(
                terminal,
                switch (target.format()) {
                    case PRETTY -> pretty.apply(style);
                    case JSON -> json.get();
                });
    }
}
