package dev.bellman.bird;

/// Makes text harmless in comments and in BIRD's strings, which have no escapes.
final class Words {
    private Words() {}

    static String plain(String text) {
        return text.replaceAll("[^A-Za-z0-9 ._:;/,-]", "?");
    }
}
