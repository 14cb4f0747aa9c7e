package dev.bellman.parity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bellman.diagnostic.SourceText;
import dev.bellman.document.Mapping;
import dev.bellman.document.Node;
import dev.bellman.testing.Json;
import dev.bellman.yaml.Yaml;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Objects that nobody thought of: valid ones with something spoilt, on which the server and lint have to agree too.
///
/// The everyday run tries the same objects each time, so that it fails only after a change. `-Dparity.tries=N` tries N
/// of each folder, `-Dparity.seed=S` others (0: anybody's guess). What it finds becomes a case file.
class MutationParityTest {
    private static final int TRIES = Integer.getInteger("parity.tries", 250);
    private static final long SEED = seed();
    private static final int SHOWN = 20;

    /// A valid object, and what else its fields could hold.
    private record Base(String name, Mapping object, Map<String, List<Mapping.Entry>> pool) {}

    private static long seed() {
        long seed = Long.getLong("parity.seed", 1);
        return seed == 0 ? ThreadLocalRandom.current().nextLong(1_000_000_000) : seed;
    }

    @ParameterizedTest
    @ValueSource(strings = {"crd", "core"})
    void serverAndLintAgree(String folder) {
        List<Base> bases = bases(Path.of("src/test/resources", folder));
        List<String> differences = new ArrayList<>();
        int accepted = 0;
        for (long seed = SEED; seed < SEED + TRIES && differences.size() < SHOWN; seed++) {
            Base base = bases.get(new Random(seed).nextInt(bases.size()));
            Mapping spoilt = new Mutation(seed, base.pool()).spoil(base.object());
            if (forgetsPodCidrs(spoilt)) {
                continue;
            }
            String yaml = Json.of(spoilt).toString();
            Server.Verdict server = Server.shared().judge(yaml);
            accepted += server.accepted() ? 1 : 0;
            List<String> lint = Lint.errors(yaml);
            if (server.accepted() != lint.isEmpty() && !server.dependsOnTheCluster()) {
                differences.add("%d %s%n  %s%n  server: %s%n  lint: %s"
                        .formatted(seed, base.name(), yaml, server.accepted() ? "takes it" : server.message(), lint));
            }
        }

        assertThat(differences)
                .as("seed %d, %d of %d accepted", SEED, accepted, TRIES)
                .isEmpty();
        // A test in which everything is refused would agree with a lint that refuses everything.
        assertThat(accepted).isBetween(TRIES / 20, TRIES / 2);
    }

    /// The server drops the podCIDRs of a Node, sound or not, when the first is not its podCIDR. Nobody means that.
    private static boolean forgetsPodCidrs(Mapping object) {
        return object.at("spec", "podCIDR") != null && object.at("spec", "podCIDRs") != null;
    }

    private static List<Base> bases(Path folder) {
        Map<Path, List<Mapping>> byKind = new TreeMap<>();
        Map<Path, Mapping> valid = new TreeMap<>();
        for (Path file : CaseFiles.of(folder)) {
            List<Node> documents = Yaml.parse(new SourceText(file.toString(), CaseFiles.read(file)))
                    .documents();
            if (documents.size() == 1 && documents.getFirst() instanceof Mapping object) {
                byKind.computeIfAbsent(file.getParent(), _ -> new ArrayList<>()).add(object);
                if (CaseFiles.isValid(file)) {
                    valid.put(file, object);
                }
            }
        }
        Map<Path, Map<String, List<Mapping.Entry>>> pools = new TreeMap<>();
        byKind.forEach((kind, objects) -> pools.put(kind, Mutation.pool(objects)));
        List<Base> bases = new ArrayList<>();
        valid.forEach((file, object) ->
                bases.add(new Base(folder.relativize(file).toString(), object, pools.get(file.getParent()))));
        return bases;
    }
}
