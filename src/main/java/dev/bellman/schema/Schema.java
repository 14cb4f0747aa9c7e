package dev.bellman.schema;

import com.google.re2j.Pattern;
import dev.bellman.document.Node;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a value may be: a structural schema as custom resource definitions have it (`apiextensions.k8s.io/v1`).
///
/// Only what such a schema may contain is here, and of that only what Bellman's definitions use; [SchemaReader]
/// refuses the rest, so that nothing is ever passed over in silence.
public sealed interface Schema {
    Traits traits();

    /// The JSON type it asks for, as a reader would say it.
    String noun();

    /// An object.
    ///
    /// @param properties the fields it knows, in the order of the definition
    /// @param required fields that must be there, after defaults
    /// @param others the schema of every other field (a map), or null where other fields are unknown
    /// @param open whether unknown fields are kept (`x-kubernetes-preserve-unknown-fields`)
    /// @param count how many fields it may have
    /// @param defaults those of the properties that have a default
    record Fields(
            Traits traits,
            Map<String, Schema> properties,
            List<String> required,
            @Nullable Schema others,
            boolean open,
            Bounds count,
            Map<String, Schema> defaults)
            implements Schema {
        static Fields of(
                Traits traits,
                Map<String, Schema> properties,
                List<String> required,
                @Nullable Schema others,
                boolean open,
                Bounds count) {
            Map<String, Schema> defaults = new LinkedHashMap<>();
            properties.forEach((name, schema) -> {
                if (schema.traits().fallback() != null) {
                    defaults.put(name, schema);
                }
            });
            return new Fields(traits, properties, required, others, open, count, defaults);
        }

        @Override
        public String noun() {
            return "an object";
        }

        /// The schema of one field, or null when the field is not known.
        public @Nullable Schema field(String name) {
            Schema property = properties.get(name);
            return property == null ? others : property;
        }
    }

    /// A list.
    ///
    /// @param item the schema of each item, or null when anything will do
    /// @param unique what must differ between items
    record Items(Traits traits, @Nullable Schema item, boolean open, Bounds count, Unique unique) implements Schema {
        @Override
        public String noun() {
            return "a list";
        }
    }

    /// A string.
    ///
    /// @param length in Unicode code points
    /// @param pattern matched anywhere in the value, as Go's `regexp` does
    record Text(Traits traits, Bounds length, @Nullable Pattern pattern, Format format) implements Schema {
        @Override
        public String noun() {
            return "a string";
        }
    }

    /// A number.
    ///
    /// @param whole whether it must be an integer; 1.0 is one
    record Numeric(Traits traits, boolean whole, Range range) implements Schema {
        @Override
        public String noun() {
            return whole ? "an integer" : "a number";
        }
    }

    /// A boolean.
    record Flag(Traits traits) implements Schema {
        @Override
        public String noun() {
            return "true or false";
        }
    }

    /// An integer or a string (`x-kubernetes-int-or-string`), such as a port.
    record IntOrString(
            Traits traits, Bounds length, @Nullable Pattern pattern, Range range) implements Schema {
        @Override
        public String noun() {
            return "an integer or a string";
        }
    }

    /// Whatever the server takes without looking.
    record Anything(Traits traits) implements Schema {
        @Override
        public String noun() {
            return "anything";
        }
    }

    /// What every schema may say.
    ///
    /// @param description the field's documentation
    /// @param nullable whether null is a value rather than an absence
    /// @param fallback the default, or null
    /// @param choices the values of an enumeration, empty when there is none
    /// @param rules what CEL has to say (`x-kubernetes-validations`)
    /// @param blankIsNone whether an empty string is the same as leaving the field out, as in Kubernetes' own kinds
    record Traits(
            String description,
            boolean nullable,
            @Nullable Node fallback,
            List<Node> choices,
            List<ValidationRule> rules,
            boolean blankIsNone) {
        public Traits {
            choices = List.copyOf(choices);
            rules = List.copyOf(rules);
        }

        /// The first sentence of the description, to stand inside another: no capital, no full stop.
        String summary() {
            int end = description.indexOf(". ");
            String sentence = (end < 0 ? description : description.substring(0, end)).strip();
            if (sentence.endsWith(".")) {
                sentence = sentence.substring(0, sentence.length() - 1);
            }
            int space = sentence.indexOf(' ');
            String word = space < 0 ? sentence : sentence.substring(0, space);
            boolean plain = !word.isEmpty()
                    && word.substring(1).equals(word.substring(1).toLowerCase(Locale.ROOT));
            return plain ? word.toLowerCase(Locale.ROOT) + sentence.substring(word.length()) : sentence;
        }
    }

    /// The least and the greatest size, both inclusive; `Long.MAX_VALUE` where there is no upper bound.
    record Bounds(long least, long most) {
        static final Bounds NONE = new Bounds(0, Long.MAX_VALUE);

        boolean admits(long size) {
            return least <= size && size <= most;
        }
    }

    /// The interval of a number; null where it is open.
    record Range(
            @Nullable Double minimum,
            boolean aboveMinimum,
            @Nullable Double maximum,
            boolean belowMaximum) {
        static final Range ANY = new Range(null, false, null, false);

        boolean admits(double value) {
            boolean above = minimum == null || (aboveMinimum ? value > minimum : value >= minimum);
            boolean below = maximum == null || (belowMaximum ? value < maximum : value <= maximum);
            return above && below;
        }
    }

    /// What must differ between the items of a list (`x-kubernetes-list-type`).
    sealed interface Unique {
        /// Items may repeat.
        record Nothing() implements Unique {}

        /// No two items are equal.
        record Whole() implements Unique {}

        /// No two items agree in all these fields.
        record Keys(List<String> names) implements Unique {
            public Keys {
                names = List.copyOf(names);
            }
        }
    }
}
