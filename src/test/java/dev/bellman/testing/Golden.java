package dev.bellman.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Files that say what should come out. `-Dgolden=update` writes what does come out, for a reader to judge.
public final class Golden {
    public static final boolean UPDATE = "update".equals(System.getProperty("golden"));

    private Golden() {}

    /// What a file says, or with `-Dgolden=update` will say from now on.
    ///
    /// @throws IOException also if there is no such file
    public static String text(Path file, String actual) throws IOException {
        if (UPDATE) {
            Files.createDirectories(file.getParent());
            Files.writeString(file, actual);
        }
        return Files.readString(file);
    }
}
