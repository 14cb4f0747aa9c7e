package dev.bellman.schema;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The way from an object to one of its values, such as `spec.prefixes[0].cidr`.
///
/// @param parent the way to the value that holds it, or null for the object itself
/// @param name the field's name, or empty for an item of a list
/// @param index the item's index from 0, or -1 for a field
record FieldPath(@Nullable FieldPath parent, String name, int index) {
    static final FieldPath ROOT = new FieldPath(null, "", -1);

    FieldPath field(String key) {
        return new FieldPath(this, key, -1);
    }

    FieldPath item(int at) {
        return new FieldPath(this, "", at);
    }

    boolean isItem() {
        return index >= 0;
    }

    /// The nearest field's name: an item is called after its list.
    String called() {
        return isItem() && parent != null ? parent.called() : name;
    }

    /// The way as a reader writes it; the object itself is `the object`.
    String text() {
        return parent == null ? "the object" : "`" + this + "`";
    }

    /// What a value here is, in words: `trafficPolicy` is a `traffic policy`, an item of `addresses` an `address`.
    String noun() {
        String words = called().replaceAll("(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ");
        StringBuilder noun = new StringBuilder();
        for (String word : List.of(words.split(" ", -1))) {
            boolean acronym = word.length() > 1 && word.equals(word.toUpperCase(Locale.ROOT));
            String lower = word.equals("ip") ? "IP" : word.toLowerCase(Locale.ROOT);
            noun.append(noun.isEmpty() ? "" : " ").append(acronym ? word : lower);
        }
        return isItem() ? singular(noun.toString()) : noun.toString();
    }

    /// What one of the values allowed here is called: `a traffic policy here`, or `a value of` the field where its
    /// name is no noun that one could be.
    String choice() {
        String noun = noun();
        boolean plural = !isItem() && noun.endsWith("s");
        return plural || !(isItem() || noun.contains(" ")) ? "a value of `" + name + "`" : article(noun) + " here";
    }

    static String article(String noun) {
        boolean vowel = !noun.isEmpty() && "aeiouAEIO".indexOf(noun.charAt(0)) >= 0;
        return (vowel ? "an " : "a ") + noun;
    }

    private static String singular(String plural) {
        if (plural.endsWith("ies")) {
            return plural.substring(0, plural.length() - 3) + "y";
        }
        if (plural.endsWith("sses") || plural.endsWith("xes")) {
            return plural.substring(0, plural.length() - 2);
        }
        return plural.endsWith("s") ? plural.substring(0, plural.length() - 1) : plural;
    }

    @Override
    public String toString() {
        if (parent == null) {
            return "";
        }
        String before = parent.toString();
        if (isItem()) {
            return before + "[" + index + "]";
        }
        return before.isEmpty() ? name : before + "." + name;
    }
}
