package dev.bellman.cli;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Names the words that a shell completes for an option which is no enum itself.
///
/// picocli's own attribute for this is read whenever a command is made, and the first reading looks for Groovy in
/// every jar; this one is read when the completion script is printed.
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.FIELD})
@interface Suggests {
    Class<? extends Enum<?>> value();
}
