package dev.bellman.cel;

import dev.bellman.cel.Expression.Problem;
import dev.cel.common.CelErrorCode;
import dev.cel.common.CelIssue;
import dev.cel.common.CelSourceLocation;
import dev.cel.runtime.CelEvaluationException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Puts what the engine has to say into words that help, at the place that they are about.
final class Problems {
    private static final Pattern LOCATED = Pattern.compile("evaluation error at [^:]*:(\\d+): (.*)", Pattern.DOTALL);

    /// Kubernetes says "no such key" for all of these, so that is what people search for.
    private static final List<Pattern> NO_SUCH_KEY = List.of(
            Pattern.compile("key '(.*)' is not present in map\\.?"),
            Pattern.compile(
                    "Error resolving field '(.*)'\\. Field selections must be performed on messages or maps\\.?"),
            Pattern.compile("no such key: (.*)"));

    /// All that the engine says of a key that an index did not find.
    private static final Pattern BARE_WORD = Pattern.compile("\\S+");

    private static final Pattern FUNCTION_FAILED = Pattern.compile("Function '.*' failed with arg\\(s\\) '.*'");
    /// What follows is a list of dozens.
    private static final Pattern NO_OVERLOAD =
            Pattern.compile("No matching overload for function '_?(.+?)_?'\\. Overload candidates: .*");

    private Problems() {}

    static Problem of(CelIssue issue, String text) {
        CelSourceLocation location = issue.getSourceLocation();
        int offset = Places.offset(text, location.getLine(), location.getColumn());
        String message = oneLine(issue.getMessage());
        if (message.startsWith("token recognition error at: '=")) {
            message = "`=` is no operator: equality is `==`";
        }
        message = message.replace(" (in container '')", "")
                .replaceFirst("^Regex validation failed\\. Reason: ", "not a regular expression: ");
        return new Problem(message, Places.ofName(text, offset));
    }

    static Problem of(CelEvaluationException e, String text) {
        Matcher located = LOCATED.matcher(String.valueOf(e.getMessage()));
        int offset = located.matches() ? Integer.parseInt(located.group(1)) : 0;
        String message = oneLine(located.matches() ? located.group(2) : String.valueOf(e.getMessage()));
        String missing = missingKey(e, message);
        if (missing != null) {
            return new Problem("no such key: " + missing, Places.ofKey(text, offset, missing));
        }
        Matcher overload = NO_OVERLOAD.matcher(message);
        if (overload.matches()) {
            message = "no such overload: `" + overload.group(1) + "` is not for values of these types";
        } else if (FUNCTION_FAILED.matcher(message).find() && e.getCause() != null) {
            message = oneLine(innermost(e));
        }
        return new Problem(lowerCase(message), Places.ofName(text, offset));
    }

    /// The key that an object lacks, if that is what failed.
    private static @Nullable String missingKey(CelEvaluationException e, String message) {
        for (Pattern pattern : NO_SUCH_KEY) {
            Matcher matcher = pattern.matcher(message);
            if (matcher.matches()) {
                return matcher.group(1);
            }
        }
        boolean bare = e.getErrorCode() == CelErrorCode.ATTRIBUTE_NOT_FOUND
                && BARE_WORD.matcher(message).matches();
        return bare ? message : null;
    }

    private static String innermost(Throwable e) {
        Throwable cause = e;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return String.valueOf(cause.getMessage());
    }

    private static String oneLine(String message) {
        return message.strip().replaceAll("\\s+", " ");
    }

    /// Messages go on where others began; an abbreviation stays what it is.
    private static String lowerCase(String message) {
        boolean word = message.length() > 1 && Character.isLowerCase(message.charAt(1));
        return word ? Character.toLowerCase(message.charAt(0)) + message.substring(1) : message;
    }
}
