package dev.bellman.cli;

import java.io.BufferedOutputStream;
import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The process's surroundings: what tests replace to run a command as a user would.
///
/// @param out for reports; UTF-8 whatever the locale, since it repeats what UTF-8 files say
/// @param err for people only
/// @param outIsTerminal whether somebody watches `out`
/// @param errIsTerminal whether somebody watches `err`
/// @param environment the environment variables
public record Terminal(
        InputStream in,
        PrintStream out,
        PrintStream err,
        boolean outIsTerminal,
        boolean errIsTerminal,
        Map<String, String> environment) {
    /// The launcher tells which of 1 (stdout) and 2 (stderr) are terminals: a shell knows, Java can only guess.
    private static final String TERMINALS = "bellman.terminals";

    private static final int BUFFER = 1 << 16;

    static Terminal system() {
        String terminals = System.getProperty(TERMINALS);
        boolean guess = terminals == null && isWatched(System.console());
        return new Terminal(
                System.in,
                stream(FileDescriptor.out),
                stream(FileDescriptor.err),
                terminals == null ? guess : terminals.contains("1"),
                terminals == null ? guess : terminals.contains("2"),
                System.getenv());
    }

    private static boolean isWatched(@Nullable Console console) {
        return console != null && console.isTerminal();
    }

    private static PrintStream stream(FileDescriptor descriptor) {
        return new PrintStream(
                new BufferedOutputStream(new FileOutputStream(descriptor), BUFFER), false, StandardCharsets.UTF_8);
    }

    /// An environment variable that is set to something.
    boolean isSet(String variable) {
        return !environment.getOrDefault(variable, "").isEmpty();
    }

    /// One line on stderr, at once.
    void warn(String line) {
        err.println(line);
        err.flush();
    }
}
