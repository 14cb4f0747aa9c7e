package dev.bellman.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What travels with a route. Single values are null where nobody set them.
///
/// @param communities standard (`a:b`, RFC 1997) or large (`a:b:c`, RFC 8092)
/// @param localPreference 0 to 4294967295, higher wins, inside one AS only (RFC 4271)
/// @param med multi-exit discriminator, 0 to 4294967295, lower wins (RFC 4271)
/// @param prepend how many times the own AS number is added to the path
public record Attributes(
        List<Located<String>> communities,
        @Nullable Located<Long> localPreference,
        @Nullable Located<Long> med,
        @Nullable Located<Long> prepend) {
    public static final Attributes NONE = new Attributes(List.of(), null, null, null);

    public Attributes {
        communities = List.copyOf(communities);
    }

    public boolean isEmpty() {
        return communities.isEmpty() && localPreference == null && med == null && prepend == null;
    }
}
