package dev.bellman.cel;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.bellman.cel.Library.Function;
import dev.cel.common.types.ListType;
import dev.cel.common.types.SimpleType;
import java.util.ArrayList;
import java.util.List;

/// `find` and `findAll` (`apiserver/pkg/cel/library/regex.go`), on RE2 as in Go, so no pattern can run away.
final class RegexFunctions {
    private static final ListType STRINGS = ListType.create(SimpleType.STRING);

    private RegexFunctions() {}

    static List<Function> all() {
        return List.of(
                Function.member(
                        "find",
                        SimpleType.STRING,
                        SimpleType.STRING,
                        String.class,
                        SimpleType.STRING,
                        String.class,
                        a -> {
                            Matcher matcher = matcher(a);
                            return matcher.find() ? matcher.group() : "";
                        }),
                Function.member(
                        "findAll",
                        STRINGS,
                        SimpleType.STRING,
                        String.class,
                        SimpleType.STRING,
                        String.class,
                        a -> all(a, Long.MAX_VALUE)),
                new Function(
                        "findAll",
                        "bellman_findAll_string_string_int",
                        true,
                        STRINGS,
                        List.of(SimpleType.STRING, SimpleType.STRING, SimpleType.INT),
                        List.of(String.class, String.class, Long.class),
                        a -> all(a, (Long) a[2])));
    }

    private static List<String> all(Object[] arguments, long limit) {
        Matcher matcher = matcher(arguments);
        List<String> found = new ArrayList<>();
        // As in Go, a negative limit means no limit.
        while ((limit < 0 || found.size() < limit) && matcher.find()) {
            found.add(matcher.group());
        }
        return found;
    }

    private static Matcher matcher(Object[] arguments) {
        try {
            return Pattern.compile((String) arguments[1]).matcher((String) arguments[0]);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException("not a regular expression: " + e.getDescription(), e);
        }
    }
}
