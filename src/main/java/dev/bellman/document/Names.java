package dev.bellman.document;

/// The names of Kubernetes (`k8s.io/apimachinery/pkg/util/validation`), without regard to their length.
///
/// Every object has a dozen of them, and a regular expression of RE2 takes ten times as long as a loop.
public final class Names {
    private Names() {}

    /// Lower-case letters, digits and `-`, with a letter or digit at each end (RFC 1123).
    public static boolean isLabel(String text) {
        return isLabel(text, 0, text.length());
    }

    /// As [#isLabel(String)], and with a letter first (RFC 1035).
    public static boolean startsWithLetter(String text) {
        return isLabel(text) && text.charAt(0) >= 'a';
    }

    /// Labels with dots between them.
    public static boolean isSubdomain(String text) {
        int start = 0;
        for (int dot = text.indexOf('.'); dot >= 0; dot = text.indexOf('.', start)) {
            if (!isLabel(text, start, dot)) {
                return false;
            }
            start = dot + 1;
        }
        return isLabel(text, start, text.length());
    }

    private static boolean isLabel(String text, int start, int end) {
        if (start == end || text.charAt(start) == '-' || text.charAt(end - 1) == '-') {
            return false;
        }
        for (int i = start; i < end; i++) {
            char c = text.charAt(i);
            if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '-') {
                return false;
            }
        }
        return true;
    }

    /// Letters, digits, `-`, `_` and `.`, with a letter or digit at each end: the value of a label, or the last part of
    /// its name.
    public static boolean isQualified(String text) {
        int end = text.length();
        if (end == 0 || !isAlphanumeric(text.charAt(0)) || !isAlphanumeric(text.charAt(end - 1))) {
            return false;
        }
        for (int i = 1; i < end - 1; i++) {
            char c = text.charAt(i);
            if (!isAlphanumeric(c) && c != '-' && c != '_' && c != '.') {
                return false;
            }
        }
        return true;
    }

    private static boolean isAlphanumeric(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }
}
