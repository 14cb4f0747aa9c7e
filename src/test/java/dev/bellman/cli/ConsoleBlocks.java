package dev.bellman.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/// The ```` ```console ```` blocks of a Markdown text: lines that start with `$ ` are commands, and what stands below
/// one is its output. A line of dots alone, `...`, stands for any number of lines that the text leaves out.
final class ConsoleBlocks {
    private static final String OPEN = "```console\n";
    private static final String CLOSE = "```\n";
    private static final String PROMPT = "$ ";
    private static final String ELLIPSIS = "...\n";

    private ConsoleBlocks() {}

    /// @param line where the command stands, counted from 1
    /// @param output what is printed below it, each line with its end
    record Step(int line, String command, String output) {
        /// Whether this is what the text promises.
        boolean promises(String printed) {
            StringBuilder pattern = new StringBuilder();
            for (String line : lines(output)) {
                pattern.append(line.equals(ELLIPSIS) ? "(?:.*\n)*" : Pattern.quote(line));
            }
            return Pattern.matches(pattern.toString(), printed);
        }

        boolean isExcerpt() {
            return lines(output).contains(ELLIPSIS);
        }
    }

    static List<Step> of(String markdown) {
        List<Step> steps = new ArrayList<>();
        rewrite(markdown, step -> {
            steps.add(step);
            return step;
        });
        return steps;
    }

    /// The text with other output below the commands.
    static String rewrite(String markdown, UnaryOperator<Step> change) {
        StringBuilder text = new StringBuilder();
        List<String> lines = lines(markdown);
        boolean inside = false;
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            inside = inside ? !line.equals(CLOSE) : line.equals(OPEN);
            text.append(line);
            if (!inside || line.equals(OPEN)) {
                continue;
            }
            if (!line.startsWith(PROMPT)) {
                throw new AssertionError("line " + (i + 1) + " belongs to no command: " + line);
            }
            int end = i + 1;
            while (!lines.get(end).startsWith(PROMPT) && !lines.get(end).equals(CLOSE)) {
                end++;
            }
            String command = line.substring(PROMPT.length()).strip();
            Step step = new Step(i + 1, command, String.join("", lines.subList(i + 1, end)));
            text.append(change.apply(step).output());
            i = end - 1;
        }
        return text.toString();
    }

    /// Each line with its end, so that joining them gives the text again.
    private static List<String> lines(String text) {
        return text.isEmpty() ? List.of() : List.of(text.split("(?<=\n)"));
    }
}
