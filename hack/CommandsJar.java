import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;

/// Writes commands.jar beside quarkus-run.jar: a class path for the commands that are soon over, with the libraries that
/// they use and no others.
///
/// picocli and the JDK ask for classes that are not there (Groovy's, for one), and the class loader then opens every jar
/// of the class path: 170 with Quarkus and the Kubernetes client, a fifth of a cold start.
void main(String... args) throws IOException {
    Path app = Path.of(args[0]);
    Manifest manifest = new Manifest();
    Attributes attributes = manifest.getMainAttributes();
    attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    attributes.put(Attributes.Name.MAIN_CLASS, "dev.bellman.cli.Main");
    attributes.put(Attributes.Name.CLASS_PATH, String.join(" ", jars(app)));
    try (OutputStream out = Files.newOutputStream(app.resolve("commands.jar"))) {
        new JarOutputStream(out, manifest).close();
    }
}

/// How the names of the jars begin, which is with the group of the artifact.
private static final List<String> LIBRARIES = List.of(
        "com.fasterxml.jackson.",
        "com.google.",
        "com.github.seancfoley.",
        "com.googlecode.javaewah.",
        "commons-codec.",
        "dev.cel.",
        "info.picocli.",
        "org.antlr.",
        "org.eclipse.jgit.",
        "org.slf4j.",
        "org.snakeyaml.",
        "org.threeten.");

private static List<String> jars(Path app) throws IOException {
    try (Stream<Path> own = Files.list(app.resolve("app"));
            Stream<Path> libraries = Files.list(app.resolve("lib/main"))) {
        return Stream.concat(
                        own.sorted(),
                        libraries
                                .filter(jar -> LIBRARIES.stream()
                                        .anyMatch(jar.getFileName().toString()::startsWith))
                                .sorted())
                .map(jar -> app.relativize(jar).toString())
                .toList();
    }
}
