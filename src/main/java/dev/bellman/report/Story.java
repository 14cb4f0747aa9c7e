package dev.bellman.report;

import dev.bellman.diagnostic.Diagnostic;

/// A finding in plain words, for formats that have no place of their own for related places and help.
final class Story {
    private Story() {}

    /// The message, then a line for each related place, then the help.
    static String of(Diagnostic diagnostic) {
        StringBuilder story = new StringBuilder(diagnostic.message());
        diagnostic
                .related()
                .forEach(related ->
                        story.append('\n').append(related.span()).append(": ").append(related.message()));
        if (!diagnostic.help().isEmpty()) {
            story.append("\nhelp: ").append(diagnostic.help());
        }
        return story.toString();
    }
}
