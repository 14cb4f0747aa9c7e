package dev.bellman.cli;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/// The shapes that options have, and their values once the command line is parsed.
final class Options {
    private Options() {}

    /// An option that is there or not.
    static OptionSpec.Builder flag(String description, String... names) {
        return OptionSpec.builder(names).type(boolean.class).initialValue(false).description(description);
    }

    /// An option with one value.
    static OptionSpec.Builder one(String label, String description, String... names) {
        return OptionSpec.builder(names)
                .type(String.class)
                .arity("1")
                .paramLabel(label)
                .description(description.split("\n", -1));
    }

    /// An option that may be given several times.
    static OptionSpec.Builder several(String label, String description, String... names) {
        return OptionSpec.builder(names)
                .type(List.class)
                .auxiliaryTypes(String.class)
                .arity("1")
                .paramLabel(label)
                .description(description.split("\n", -1));
    }

    /// An option whose value is a word of an enum.
    static <E extends Enum<E>> OptionSpec.Builder word(
            Class<E> type, E fallback, String label, String description, String... names) {
        return OptionSpec.builder(names)
                .type(type)
                .converters(word -> Words.parse(type, word))
                .initialValue(fallback)
                .completionCandidates(Words.all(type))
                .paramLabel(label)
                .description(description);
    }

    /// The paths that a command reads.
    static PositionalParamSpec paths() {
        return PositionalParamSpec.builder()
                .type(List.class)
                .auxiliaryTypes(String.class)
                .arity("1..*")
                .required(true)
                .paramLabel("PATH")
                .description("Files, folders, or - for standard input.")
                .build();
    }

    /// What `--help` says beside the options.
    ///
    /// @param description the first line is also what the list of commands shows
    /// @param examples commands, each with what it is good for
    static void help(CommandSpec spec, List<String> description, List<String> examples) {
        spec.usageMessage()
                .description(description.toArray(String[]::new))
                .parameterListHeading("%n")
                .optionListHeading("%nOptions:%n")
                .footerHeading("%nExamples:%n")
                .footer(examples.toArray(String[]::new));
    }

    static boolean isSet(ArgSpec flag) {
        return Boolean.TRUE.equals(flag.getValue());
    }

    static @Nullable String text(ArgSpec one) {
        return one.getValue();
    }

    static List<String> texts(ArgSpec several) {
        List<String> values = several.getValue();
        return values == null ? List.of() : List.copyOf(values);
    }

    static <E extends Enum<E>> E word(ArgSpec word, Class<E> type) {
        Object value = word.getValue();
        return type.cast(Objects.requireNonNull(value));
    }

    static boolean isDebugging(CommandLine command) {
        CommandSpec spec = command.getCommandSpec();
        OptionSpec debug = spec.findOption("--debug");
        return debug != null && isSet(debug);
    }
}
