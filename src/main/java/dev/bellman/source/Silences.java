package dev.bellman.source;

import dev.bellman.diagnostic.Diagnostic;
import dev.bellman.diagnostic.Silence;
import dev.bellman.diagnostic.SourceText;
import dev.bellman.diagnostic.Span;
import dev.bellman.yaml.Comment;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Reads silences in comments.
///
/// `# bellman:ignore RULE reason` is about its own line, or about the next one when nothing else is on its line;
/// `# bellman:ignore-file RULE reason` is about the whole file. Several rules are separated by commas.
final class Silences {
    private static final Pattern MARK =
            Pattern.compile("\\s*bellman:ignore(-file)?(?:\\s+(\\S+(?:(?<=,)\\s+\\S+)*))?(?:\\s+(.*))?\\s*");

    private Silences() {}

    static List<Silence> of(SourceText source, List<Comment> comments) {
        return comments.stream().flatMap(comment -> of(source, comment)).toList();
    }

    private static Stream<Silence> of(SourceText source, Comment comment) {
        Matcher matcher = MARK.matcher(comment.text());
        if (!matcher.matches()) {
            return Stream.empty();
        }
        String rules = matcher.group(2) == null ? "" : matcher.group(2);
        String reason = matcher.group(3) == null ? "" : matcher.group(3).strip();
        Predicate<Diagnostic> covers = matcher.group(1) != null
                ? in(source.file())
                : on(
                        source.file(),
                        comment.ownLine()
                                ? nextLine(source, comment.span())
                                : comment.span().line());
        return Stream.of(rules.split("\\s*,\\s*")).map(rule -> new Silence(rule, reason, comment.span(), covers));
    }

    private static Predicate<Diagnostic> in(String file) {
        return finding -> finding.span().file().equals(file);
    }

    private static Predicate<Diagnostic> on(String file, int line) {
        return finding -> finding.span().line() == line && finding.span().file().equals(file);
    }

    /// The next line that has something to say.
    private static int nextLine(SourceText source, Span comment) {
        int line = comment.line() + 1;
        while (line <= source.lines()) {
            String text = source.line(line).strip();
            boolean says = !text.isEmpty() && !text.startsWith("#") && !text.matches("---(\\s.*)?");
            if (says) {
                break;
            }
            line++;
        }
        return line;
    }
}
