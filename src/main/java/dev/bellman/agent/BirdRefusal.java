package dev.bellman.agent;

import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Why BIRD does not take a configuration.
///
/// @param file its name without folders, or empty
/// @param line counted from 1, or 0 where BIRD names none
/// @param column counted from 1, or 0
public record BirdRefusal(String file, int line, int column, String message) {
    private static final Pattern PLACE = Pattern.compile("([^:]*):(\\d{1,9}):(\\d{1,9}) (.*)");

    /// BIRD is on its way out and heeds nobody.
    private static final int IGNORED = 6;

    static @Nullable BirdRefusal of(BirdReply reply) {
        boolean ignored = reply.lines().getLast().code() == IGNORED;
        if (reply.ok() && !ignored) {
            return null;
        }
        return parse(ignored ? reply.lines().getLast().text() : reply.complaint());
    }

    static BirdRefusal parse(String complaint) {
        String text = complaint.strip().replaceFirst("^bird: ", "");
        Matcher place = PLACE.matcher(text);
        if (!place.matches()) {
            return new BirdRefusal("", 0, 0, text);
        }
        Path name = Path.of(place.group(1)).getFileName();
        return new BirdRefusal(
                name == null ? "" : name.toString(),
                Integer.parseInt(place.group(2)),
                Integer.parseInt(place.group(3)),
                place.group(4));
    }

    @Override
    public String toString() {
        return line == 0 ? message : file + ":" + line + ":" + column + " " + message;
    }
}
