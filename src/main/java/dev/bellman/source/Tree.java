package dev.bellman.source;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// Files and folders, on disk or in a revision. Paths are absolute and normal.
interface Tree extends AutoCloseable {
    /// Whether a path leads into this tree at all, be there something or not.
    boolean covers(Path path);

    boolean isFolder(Path path);

    boolean isFile(Path path);

    /// Whether it is neither a folder nor what can be read to an end and again, such as a pipe.
    boolean isSpecial(Path path);

    /// Whether it is a symbolic link, or lies behind one, that leads in a circle.
    boolean isEndless(Path path);

    /// The names in a folder, sorted.
    List<String> names(Path folder) throws IOException;

    byte[] read(Path file) throws IOException;

    /// The path without symbolic links, which tells whether two paths lead to the same file.
    Path real(Path path) throws IOException;

    @Override
    void close();
}
