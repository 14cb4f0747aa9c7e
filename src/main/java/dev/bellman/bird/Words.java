package dev.bellman.bird;

import java.util.regex.Pattern;

/// Makes text harmless in comments and in BIRD's strings, which have no escapes.
final class Words {
    private static final Pattern HARMFUL = Pattern.compile("[^A-Za-z0-9 ._:;/,-]");

    private Words() {}

    static String plain(String text) {
        return HARMFUL.matcher(text).replaceAll("?");
    }
}
