package dev.bellman.lab;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bellman.cli.Bellman;
import dev.bellman.cli.Terminal;
import dev.bellman.testing.Json;
import dev.bellman.testing.Lab;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// Whatever is edited, the kernels hold what `bellman rules` prints, and the bastion what `bellman routes`
/// predicts.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RandomEditsIT {
    private static final int EDITS = 200;

    /// One edit in so many breaks a file, and the next one mends it.
    private static final int BROKEN = 12;

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private Lab lab;

    @BeforeAll
    void up() {
        lab = Lab.start("randomit");
    }

    @AfterAll
    void down() {
        lab.close();
    }

    @Test
    void afterEachOfTwoHundredEditsKernelsAndBastionHoldWhatIsPredicted(@TempDir Path folder) {
        // The same edits each time, so that a build that fails does so for what was changed in it; -Dbellman.seed=...
        // hunts among others.
        long seed = Long.getLong("bellman.seed", 20261128);
        Random random = new Random(seed);
        Map<String, String> written = new LinkedHashMap<>();
        for (String file : List.of("policies/speaker.yaml", "policies/datacenter.yaml")) {
            written.put(file, lab.read(file));
        }
        lab.write(".bellman.yaml", "inventory: inventory\nclusterCIDR: 10.48.0.0/16,fd00:48::/64\n");
        copy(folder, ".bellman.yaml");
        copy(folder, "policies/speaker.yaml");

        RandomState state = RandomState.first();
        Expected expected = apply(state, folder, written);
        settle("the first state", expected);
        for (int edit = 1; edit <= EDITS; edit++) {
            String what = "edit " + edit + " with -Dbellman.seed=" + seed + ": ";
            if (random.nextInt(BROKEN) == 0 && edit < EDITS) {
                Broken broken = Broken.values()[random.nextInt(Broken.values().length)];
                List<String> files = written.keySet().stream()
                        .filter(file -> !file.endsWith("speaker.yaml"))
                        .toList();
                // In the cluster's state all that can be read is taken for a fact.
                String file = broken == Broken.NOT_VALID
                        ? "policies/datacenter.yaml"
                        : files.get(random.nextInt(files.size()));
                lab.write(file, broken.of(written.get(file)));
                Lab.await(
                        PATIENCE,
                        () -> assertThat(Lab.NODES)
                                .allSatisfy(node -> assertThat(problems(node))
                                        .as(what + file + " is broken: " + broken)
                                        .isNotEmpty()));
                settle(what + file + " is broken: " + broken, expected);
                lab.write(file, written.get(file));
                edit++;
                Lab.await(
                        PATIENCE,
                        () -> assertThat(Lab.NODES)
                                .allSatisfy(node -> assertThat(problems(node)).isEmpty()));
                settle(what + file + " is mended", expected);
            } else {
                Expected next = null;
                RandomState tried = state;
                while (next == null) {
                    tried = state.edited(random);
                    next = apply(tried, folder, written);
                }
                state = tried;
                expected = next;
                settle(what + state, expected);
            }
        }
    }

    private enum Broken {
        NOT_YAML,
        NOT_VALID,
        EMPTY;

        String of(@Nullable String text) {
            return switch (this) {
                case NOT_YAML -> text + "\n  }: [";
                case NOT_VALID ->
                    text + "\n---\napiVersion: bellman.dev/v1alpha1\nkind: AdvertisementClass\nmetadata: {name: x}\n";
                case EMPTY -> "";
            };
        }
    }

    /// What should be: the rules by node and family, and by chain, and the routes.
    private record Expected(Map<String, Map<String, List<String>>> rules, Map<String, SortedSet<String>> routes) {}

    /// Writes what the state changes; first elsewhere, to see what Bellman says of it.
    ///
    /// @return null if Bellman finds an error in it, in which case the lab is not touched
    private @Nullable Expected apply(RandomState state, Path folder, Map<String, String> written) {
        Map<String, String> files = state.files();
        written.keySet().stream()
                .filter(file -> isPolicy(file) && !files.containsKey(file))
                .forEach(file -> delete(folder, file));
        files.forEach((file, text) -> write(folder, file, text));
        Expected expected = expected(folder);
        if (expected == null) {
            files.keySet().stream().filter(RandomEditsIT::isPolicy).forEach(file -> delete(folder, file));
            written.forEach((file, text) -> write(folder, file, text));
            return null;
        }
        for (String file : List.copyOf(written.keySet())) {
            if (isPolicy(file) && !files.containsKey(file)) {
                lab.delete(file);
                written.remove(file);
            }
        }
        files.forEach((file, text) -> {
            if (!text.equals(written.put(file, text))) {
                lab.write(file, text);
            }
        });
        return expected;
    }

    private static boolean isPolicy(String file) {
        return file.startsWith(RandomState.POLICIES + "s") && !file.endsWith("speaker.yaml");
    }

    private @Nullable Expected expected(Path folder) {
        String routes = bellman("routes", "--format", "json", folder.toString());
        if (routes == null) {
            return null;
        }
        Map<String, Map<String, List<String>>> rules = new TreeMap<>();
        for (String node : Lab.NODES) {
            for (String family : List.of("ipv4", "ipv6")) {
                String text = bellman("rules", "--node", node, "--family", family, folder.toString());
                assertThat(text).isNotNull();
                rules.put(node + " " + family, chains(String.valueOf(text)));
            }
        }
        return new Expected(rules, upstream(Json.parse(routes)));
    }

    private static Map<String, SortedSet<String>> upstream(JsonNode routes) {
        Map<String, SortedSet<String>> all = new TreeMap<>();
        for (JsonNode route : routes.path("upstream")) {
            SortedSet<String> nextHops = new TreeSet<>();
            route.path("nextHops").forEach(hop -> nextHops.add(hop.asText()));
            all.put(route.path("prefix").asText(), nextHops);
        }
        return all;
    }

    /// The very command, in this process, since 1,400 JVMs would take all of the time.
    ///
    /// @return what it prints, or null if there are errors in what it reads
    private static @Nullable String bellman(String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Terminal terminal = new Terminal(
                new ByteArrayInputStream(new byte[0]),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                false,
                false,
                Map.of());
        int code = Bellman.run(terminal, arguments);
        if (code > 1) {
            throw new IllegalStateException(err.toString(StandardCharsets.UTF_8));
        }
        return code == 0 ? out.toString(StandardCharsets.UTF_8) : null;
    }

    private void settle(String what, @Nullable Expected expected) {
        assertThat(expected).as(what).isNotNull();
        Lab.await(PATIENCE, () -> assertThat(lab.learned()).as(what).isEqualTo(expected.routes()));
        for (String node : Lab.NODES) {
            Lab.await(PATIENCE, () -> {
                // Both in one go, since each program started costs some milliseconds.
                String[] saved = lab.ask(node, "sh", "-c", "iptables-save; echo; ip6tables-save")
                        .split("\n\n", 2);
                assertThat(chains(saved[0]))
                        .as(what + " (" + node + ", IPv4)")
                        .isEqualTo(expected.rules().get(node + " ipv4"));
                assertThat(chains(saved[1]))
                        .as(what + " (" + node + ", IPv6)")
                        .isEqualTo(expected.rules().get(node + " ipv6"));
            });
        }
        assertThat(lab.learned()).as(what).isEqualTo(expected.routes());
    }

    /// Rules as iptables-save prints them, by table and chain. The order of chains is of no meaning; chains of the
    /// kernel's are there even if they are empty.
    private static Map<String, List<String>> chains(String saved) {
        Map<String, List<String>> chains = new TreeMap<>();
        String table = "";
        for (String line : saved.lines().toList()) {
            if (line.startsWith("*")) {
                table = line.substring(1);
            } else if (line.startsWith(":")) {
                String[] words = line.substring(1).split(" ", 3);
                if (words[1].equals("-")) {
                    chains.put(table + " " + words[0], new ArrayList<>());
                }
            } else if (line.startsWith("-A ")) {
                chains.computeIfAbsent(table + " " + line.split(" ", 3)[1], _ -> new ArrayList<>())
                        .add(line);
            }
        }
        return chains;
    }

    private List<String> problems(String node) {
        List<String> all = new ArrayList<>();
        try {
            Json.parse(Files.readString(lab.folder().resolve(node).resolve("status.json")))
                    .path("inputProblems")
                    .forEach(problem -> all.add(problem.asText()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return all;
    }

    private void copy(Path folder, String file) {
        write(folder, file, lab.read(file));
    }

    private static void write(Path folder, String file, String text) {
        try {
            Files.createDirectories(folder.resolve(file).getParent());
            Files.writeString(folder.resolve(file), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path folder, String file) {
        try {
            Files.deleteIfExists(folder.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
