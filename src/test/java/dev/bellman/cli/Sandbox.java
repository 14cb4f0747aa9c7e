package dev.bellman.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/// A folder of files that commands are run on, and what they say without its name.
record Sandbox(Path folder) {
    /// A class without a fault; what it grants, nobody asks for.
    static final String CLASS = """
            apiVersion: bellman.dev/v1alpha1
            kind: AdvertisementClass
            metadata:
              name: datacenter
            spec:
              backend: Calico
              prefixes:
              - cidr: 10.49.0.0/16
                addresses: ClusterIP
                namespaces: {matchAll: true}
              nodes: {matchAll: true}
            """;

    /// A namespace whose name is wrong.
    static final String WRONG = """
            apiVersion: v1
            kind: Namespace
            metadata:
              name: Shop
            """;

    static String namespace(String name) {
        return "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: " + name + "\n";
    }

    /// An object that only a cluster gives out.
    static String observed(String name) {
        return namespace(name) + "  uid: 5f9c\n";
    }

    Path path(String name) {
        return folder.resolve(name);
    }

    Sandbox write(String name, String text) {
        return write(name, text.getBytes(StandardCharsets.UTF_8));
    }

    Sandbox write(String name, byte[] bytes) {
        try {
            Files.createDirectories(path(name).getParent());
            Files.write(path(name), bytes);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Sandbox link(String name, String target) throws IOException {
        Files.createDirectories(path(name).getParent());
        Files.createSymbolicLink(path(name), Path.of(target));
        return this;
    }

    String read(String name) throws IOException {
        return Files.readString(path(name));
    }

    /// Runs a command; `@` stands for the folder.
    Run run(String... args) {
        return withInput("", args);
    }

    Run withInput(String input, String... args) {
        String[] full = Stream.of(args)
                .map(arg -> arg.equals("@") ? folder.toString() : arg.replace("@/", folder + "/"))
                .toArray(String[]::new);
        Run run = Run.withInput(input, full);
        return new Run(run.code(), clean(run.out()), clean(run.err()));
    }

    private String clean(String text) {
        return text.replace(folder + "/", "").replace(folder.toString(), "@");
    }

    /// What lint finds in the whole folder, each as `file:line:column rule`.
    List<String> lint() {
        return found(run("lint", "--format", "json", "@"));
    }

    static List<String> found(Run run) {
        return StreamSupport.stream(json(run).get("findings").spliterator(), false)
                .map(finding -> finding.get("file").asText() + ":"
                        + finding.get("line").asText() + ":"
                        + finding.get("column").asText() + " "
                        + finding.get("rule").asText())
                .toList();
    }

    static int files(Run run) {
        return json(run).at("/summary/files").asInt();
    }

    static int objects(Run run) {
        return json(run).at("/summary/objects").asInt();
    }

    static JsonNode json(Run run) {
        try {
            return new ObjectMapper().readTree(run.out());
        } catch (IOException e) {
            throw new AssertionError(run.toString(), e);
        }
    }
}
