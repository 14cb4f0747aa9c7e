package dev.bellman.cli;

import dev.bellman.cel.Precompiled;
import dev.bellman.rule.Catalogue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A step of the build: writes the checked trees of all expressions that Bellman ships.
public final class Precompile {
    private Precompile() {}

    /// @param args the folder of the compiled classes
    public static void main(String... args) throws IOException {
        Path file = Path.of(args[0]).resolve(Precompiled.RESOURCE);
        Files.createDirectories(file.getParent());
        Files.write(file, Precompiled.write(Catalogue.builtIn().expressions()));
    }
}
