package dev.bellman.cli;

import dev.bellman.report.Findings;
import dev.bellman.report.Format;
import dev.bellman.report.Style;
import dev.bellman.report.Summary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/// Prints findings as the user asked, and says how the command ends.
record FindingsOutput(Terminal terminal, FindingsOptions options) {
    Outcome print(Findings findings) {
        options.targets().forEach(target -> refuseInput(findings, target));
        boolean onStdout = false;
        for (Target<Format> target : options.targets()) {
            onStdout |= target.file() == null;
            if (isWorthPrinting(findings, target)) {
                target.write(terminal, target.format().print(findings, style(target), Version.text()));
            }
        }
        boolean isUnsaid = findings.nothingChecked() ? !isOnStdoutForPeople() : !onStdout;
        if (isUnsaid && (findings.nothingChecked() || !options.output().isQuiet())) {
            terminal.warn(Summary.line(findings, Style.PLAIN));
        }
        return outcome(findings);
    }

    /// A slip of the keyboard must not cost anybody a manifest.
    ///
    /// @throws Failure if the report would replace a file that was read
    private static void refuseInput(Findings findings, Target<Format> target) {
        Path file = target.file();
        if (file == null || !Files.exists(file)) {
            return;
        }
        for (String input : findings.texts().keySet()) {
            if (isSame(input, file)) {
                throw new Failure(file + " is one of the files that were read; write the report to another");
            }
        }
    }

    private static boolean isSame(String input, Path file) {
        try {
            return Files.exists(Path.of(input)) && Files.isSameFile(Path.of(input), file);
        } catch (IOException | InvalidPathException e) {
            // It is no file that could be replaced.
            return false;
        }
    }

    private Outcome outcome(Findings findings) {
        if (findings.nothingChecked()) {
            return Outcome.FAILURE;
        }
        return options.failOn().isMetBy(findings) ? Outcome.FINDINGS : Outcome.CLEAN;
    }

    /// A quiet run leaves a clean report for people out; a machine always gets its report.
    private boolean isWorthPrinting(Findings findings, Target<Format> target) {
        boolean silent = options.output().isQuiet() && target.file() == null && target.format() == Format.PRETTY;
        return !silent || !findings.diagnostics().isEmpty() || findings.nothingChecked();
    }

    private boolean isOnStdoutForPeople() {
        return options.targets().stream().anyMatch(target -> target.file() == null && target.format() == Format.PRETTY);
    }

    private Style style(Target<Format> target) {
        return target.file() == null ? options.output().style(terminal) : Style.PLAIN;
    }
}
