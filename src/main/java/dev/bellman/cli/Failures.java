package dev.bellman.cli;

import dev.bellman.daemon.StartException;
import dev.bellman.diagnostic.Nearest;
import dev.bellman.report.DisplayText;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/// Says in one line on stderr why a command did not do its work. The stack trace is for `--debug` only.
///
/// @param root knows whether the user asked for it
record Failures(BellmanCommand root, Terminal terminal) {
    /// Wrong usage.
    Outcome report(ParameterException given) {
        ParameterException e = cause(given);
        String command = e.getCommandLine().getCommandSpec().qualifiedName();
        return say(command + ": " + usage(e) + "; see " + command + " --help", given);
    }

    /// A failure of the tool or of its surroundings.
    Outcome report(Throwable e) {
        return say("bellman: " + words(e), e);
    }

    private Outcome say(String line, Throwable e) {
        terminal.out().flush();
        if (root.isDebug()) {
            StringWriter trace = new StringWriter();
            e.printStackTrace(new PrintWriter(trace));
            terminal.warn(trace.toString().stripTrailing());
        }
        terminal.warn(DisplayText.inline(line));
        return Outcome.FAILURE;
    }

    /// An option with a typing error is the reason why the one that was meant is missing.
    private static ParameterException cause(ParameterException e) {
        List<String> unmatched = e.getCommandLine().getUnmatchedArguments();
        return e instanceof MissingParameterException && !unmatched.isEmpty()
                ? new UnmatchedArgumentException(e.getCommandLine(), unmatched)
                : e;
    }

    private static String usage(ParameterException e) {
        if (!(e instanceof UnmatchedArgumentException unmatched)) {
            return decapitalised(
                    String.valueOf(e.getMessage()).lines().findFirst().orElse("wrong usage"));
        }
        boolean hasCommands = !e.getCommandLine().getSubcommands().isEmpty();
        String noun = unmatched.isUnknownOption() ? "option" : hasCommands ? "command" : "argument";
        String written = unmatched.getUnmatched().getFirst();
        String words = "unknown " + noun + " '" + written + "'";
        List<String> suggestions = noun.equals("command")
                ? Nearest.to(written, e.getCommandLine().getSubcommands().keySet())
                        .names()
                : unmatched.getSuggestions();
        return suggestions.isEmpty() ? words : words + " (did you mean " + String.join(" or ", suggestions) + "?)";
    }

    private String words(Throwable e) {
        return switch (e) {
            case Failure failure -> String.valueOf(failure.getMessage());
            case StartException start when start.getCause() instanceof Failure failure -> words(failure);
            case StartException start -> String.valueOf(start.getMessage());
            case InvalidPathException path -> "no file can be named so: " + path.getMessage();
            case UncheckedIOException io when io.getCause() != null -> words(io.getCause());
            case NoSuchFileException missing -> missing.getFile() + ": no such file or folder";
            case FileNotFoundException missing -> String.valueOf(missing.getMessage());
            case AccessDeniedException denied -> denied.getFile() + ": permission denied";
            case FileSystemException file
            when file.getReason() != null -> file.getFile() + ": " + decapitalised(file.getReason());
            case FileSystemException file -> String.valueOf(file.getMessage());
            case IOException io when io.getMessage() != null -> decapitalised(io.getMessage());
            case OutOfMemoryError _ -> "out of memory; give Java more, such as BELLMAN_JAVA_OPTS=-Xmx4g";
            case StackOverflowError _ -> "the input is nested too deeply";
            default -> "internal error: " + e + (root.isDebug() ? "" : "; --debug shows where");
        };
    }

    /// As all messages begin; an acronym stays.
    private static String decapitalised(String message) {
        boolean acronym = message.length() > 1 && Character.isUpperCase(message.charAt(1));
        return message.isEmpty() || acronym
                ? message
                : message.substring(0, 1).toLowerCase(Locale.ROOT) + message.substring(1);
    }
}
