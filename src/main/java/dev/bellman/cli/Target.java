package dev.bellman.cli;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;

/// One `--format FORMAT[=FILE]`: what to print, and where to.
///
/// @param file null for stdout
record Target<F extends Enum<F>>(F format, @Nullable Path file) {
    /// Reads `json`, `json=report.json`; `json=-` is stdout too.
    ///
    /// @throws ParameterException that lists the formats, if this is none of them
    static <F extends Enum<F>> Target<F> parse(CommandSpec spec, Class<F> formats, String text) {
        int equals = text.indexOf('=');
        String word = equals < 0 ? text : text.substring(0, equals);
        try {
            F format = Words.parse(formats, word);
            return new Target<>(format, equals < 0 ? null : path(spec, text.substring(equals + 1)));
        } catch (TypeConversionException e) {
            throw new ParameterException(spec.commandLine(), "format " + e.getMessage(), e);
        }
    }

    private static @Nullable Path path(CommandSpec spec, String text) {
        if (text.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "a format's file name is empty");
        }
        try {
            return text.equals("-") ? null : Path.of(text);
        } catch (InvalidPathException e) {
            throw new ParameterException(spec.commandLine(), "no file can be named so: " + e.getMessage(), e);
        }
    }

    /// Prints to stdout, or replaces the file as a whole.
    void write(Terminal terminal, String text) {
        if (file == null) {
            terminal.out().print(text);
        } else {
            ReportFile.write(file, text);
        }
    }
}
