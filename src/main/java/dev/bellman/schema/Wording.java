package dev.bellman.schema;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Says a pattern in words where the pattern is a well known one: nobody reads a regular expression in a review.
final class Wording {
    private static final String ENDS = ", with a letter or digit at each end";
    private static final String LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
    private static final String SUBDOMAIN = LABEL + "(\\." + LABEL + ")*";
    private static final String QUALIFIED = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";

    private static final Map<String, String> WORDS = Map.of(
            "^(([0-9]+-)*[0-9]*[a-z][a-z0-9]*(-[a-z0-9]+)*)?$",
            "a port: write a number without quotes, or a name of lower-case letters, digits and `-` with a letter in it",
            "^" + LABEL + "$",
            "a name: it takes lower-case letters, digits and `-`" + ENDS,
            "^(" + LABEL + ")?$",
            "a name: it takes lower-case letters, digits and `-`" + ENDS,
            "^" + SUBDOMAIN + "$",
            "a name: it takes lower-case letters, digits, `-` and `.`" + ENDS,
            "^" + LABEL + "/" + SUBDOMAIN + "$",
            "a namespace and a name with a `/` between them",
            "^(" + QUALIFIED + ")?$",
            "a value of a label: it takes letters, digits, `-`, `_` and `.`" + ENDS,
            "^(0|[1-9][0-9]*)(:(0|[1-9][0-9]*)){1,2}$",
            "a community: write `64512:120`, or `64512:1:120` for a large one, without leading zeros",
            "^[0-9]+:[0-9]+(:[0-9]+)?$",
            "a community: write `64512:120`, or `64512:1:120` for a large one",
            "^[-._a-zA-Z0-9]+$",
            "a key: it takes letters, digits, `-`, `_` and `.`",
            "^[A-Z][A-Za-z0-9]*$",
            "a kind: it takes letters and digits, with a capital first");

    private Wording() {}

    /// What a value must be to match, or null when the pattern has no words.
    static @Nullable String of(String pattern) {
        return WORDS.get(pattern);
    }
}
