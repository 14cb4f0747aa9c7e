package dev.bellman.bird;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Spells communities as BIRD's tuples.
final class Communities {
    private static final Pattern STANDARD = Pattern.compile("[0-9]{1,5}:[0-9]{1,5}");
    private static final Pattern LARGE = Pattern.compile("[0-9]{1,10}:[0-9]{1,10}:[0-9]{1,10}");

    private Communities() {}

    /// The statements that add them to a route. What is no community is the schema's to refuse; here it must
    /// not become something else, and is left out.
    static Stream<String> statements(List<String> communities) {
        return communities.stream().flatMap(Communities::statement);
    }

    private static Stream<String> statement(String community) {
        if (STANDARD.matcher(community).matches()) {
            return Stream.of("bgp_community.add(" + tuple(community) + ");");
        }
        if (LARGE.matcher(community).matches()) {
            return Stream.of("bgp_large_community.add(" + tuple(community) + ");");
        }
        return Stream.empty();
    }

    private static String tuple(String community) {
        return Stream.of(community.split(":", -1)).collect(Collectors.joining(", ", "(", ")"));
    }
}
