package dev.bellman.cli;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.TypeConversionException;

/// Enums as the command line spells them: `NEVER` is `never`, here, in messages and in completion.
final class Words {
    private Words() {}

    static String of(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    static List<String> all(Class<? extends Enum<?>> type) {
        return Arrays.stream(type.getEnumConstants()).map(Words::of).toList();
    }

    /// The constant of a word.
    ///
    /// @throws TypeConversionException that lists the words, if this is none of them
    static <E extends Enum<E>> E parse(Class<E> type, String word) {
        for (E constant : type.getEnumConstants()) {
            if (of(constant).equals(word)) {
                return constant;
            }
        }
        throw new TypeConversionException("'" + word + "' is none of " + String.join(", ", all(type)));
    }
}
