package dev.bellman.source;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// Files and folders, on disk or in a revision. Paths are absolute and normal.
interface Tree extends AutoCloseable {
    boolean isFolder(Path path);

    boolean isFile(Path path);

    /// The names in a folder, sorted.
    List<String> names(Path folder) throws IOException;

    byte[] read(Path file) throws IOException;

    /// The path without symbolic links, which tells whether two paths lead to the same file.
    Path real(Path path) throws IOException;

    @Override
    void close();
}
