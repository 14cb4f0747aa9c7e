package dev.bellman;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;

/// The law of the packages: who may know whom, and who may touch the world.
///
/// A package that is not in the table fails the test, so that a new one is given its place here.
@AnalyzeClasses(packages = "dev.bellman", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    /// Each package and those that it may import.
    private static final Map<String, Set<String>> MAY_IMPORT = new TreeMap<>(Map.ofEntries(
            Map.entry("address", Set.of()),
            Map.entry("diagnostic", Set.of()),
            Map.entry("document", Set.of("diagnostic")),
            Map.entry("yaml", Set.of("diagnostic", "document")),
            Map.entry("cel", Set.of("address", "diagnostic", "document")),
            Map.entry("schema", Set.of("address", "diagnostic", "document", "yaml", "cel")),
            Map.entry("model", Set.of("address", "diagnostic", "document", "cel", "schema")),
            Map.entry("rule", Set.of("address", "diagnostic", "document", "yaml", "cel", "schema")),
            Map.entry("plan", Set.of("address", "digest", "diagnostic", "document", "model")),
            Map.entry("compile", Set.of("address", "diagnostic", "document", "cel", "schema", "model", "rule", "plan")),
            Map.entry("netfilter", Set.of("address", "digest", "diagnostic", "document", "model", "plan")),
            Map.entry("bird", Set.of("address", "digest", "diagnostic", "model", "plan")),
            Map.entry("report", Set.of("address", "digest", "diagnostic", "document", "model", "plan")),
            Map.entry("source", Set.of("address", "diagnostic", "document", "yaml")),
            Map.entry("cluster", Set.of("diagnostic", "document")),
            Map.entry("daemon", Set.of()),
            Map.entry("digest", Set.of()),
            Map.entry(
                    "operator",
                    Set.of(
                            "address",
                            "digest",
                            "diagnostic",
                            "document",
                            "cel",
                            "schema",
                            "model",
                            "rule",
                            "compile",
                            "plan",
                            "report",
                            "cluster",
                            "daemon")),
            Map.entry(
                    "agent",
                    Set.of(
                            "address",
                            "diagnostic",
                            "document",
                            "schema",
                            "model",
                            "plan",
                            "netfilter",
                            "bird",
                            "source",
                            "daemon")),
            Map.entry("cli", Set.of("*"))));

    /// The packages that read files, processes, the network, the clock and the environment.
    private static final Set<String> TOUCH_THE_WORLD =
            Set.of("source", "cluster", "cli", "daemon", "operator", "agent");

    private static final String[] PURE = MAY_IMPORT.keySet().stream()
            .filter(name -> !TOUCH_THE_WORLD.contains(name))
            .map(ArchitectureTest::path)
            .toArray(String[]::new);

    @ArchTest
    static void everyPackageImportsOnlyWhatTheTableAllows(JavaClasses all) {
        MAY_IMPORT.forEach((name, allowed) -> {
            if (allowed.contains("*")) {
                return;
            }
            String[] forbidden = MAY_IMPORT.keySet().stream()
                    .filter(other -> !other.equals(name) && !allowed.contains(other))
                    .map(ArchitectureTest::path)
                    .toArray(String[]::new);
            noClasses()
                    .that()
                    .resideInAPackage(path(name))
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(forbidden)
                    .allowEmptyShould(true)
                    .check(all);
        });
    }

    @ArchTest
    static void everyPackageHasItsPlaceInTheTable(JavaClasses all) {
        Set<String> known = Stream.concat(
                        Stream.of("dev.bellman"), MAY_IMPORT.keySet().stream().map(n -> "dev.bellman." + n))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(packages(all).map(JavaPackage::getName))
                .allSatisfy(name -> assertThat(known)
                        .anyMatch(k -> name.equals(k) || (!k.equals("dev.bellman") && name.startsWith(k + "."))));
    }

    @ArchTest
    static void everyPackageIsNullMarked(JavaClasses all) {
        assertThat(packages(all))
                .isNotEmpty()
                .allSatisfy(one -> assertThat(one.isAnnotatedWith(NullMarked.class))
                        .as(one.getName())
                        .isTrue());
    }

    @ArchTest
    static final ArchRule noPackagesDependOnEachOtherInACircle =
            slices().matching("dev.bellman.(*)..").should().beFreeOfCycles().allowEmptyShould(true);

    /// Reading a resource of the class path and writing to memory need a few types of java.io; they reach no file.
    @ArchTest
    static final ArchRule thePureCoreReadsNoFilesAndRunsNoPrograms = noClasses()
            .that()
            .resideInAnyPackage(PURE)
            .should()
            .dependOnClassesThat(
                    resideInAnyPackage("java.io..", "java.nio.file..", "java.nio.channels..", "java.net..")
                            .and(
                                    DescribedPredicate.not(
                                            nameMatching(
                                                    "java\\.io\\.(InputStream|InputStreamReader|BufferedReader|Reader|StringReader|StringWriter"
                                                            + "|ByteArrayInputStream|ByteArrayOutputStream|DataInputStream|DataOutputStream"
                                                            + "|EOFException|Serializable|IOException|UncheckedIOException)|java\\.net\\.URI"))))
            .orShould()
            .dependOnClassesThat(nameMatching("java\\.lang\\.(Process.*|Runtime|Thread.*)"))
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule thePureCoreKnowsNoClockNoChanceAndNoSurroundings = noClasses()
            .that()
            .resideInAnyPackage(PURE)
            .should()
            .dependOnClassesThat(nameMatching("java\\.time\\.(Clock|InstantSource)"))
            .orShould()
            .dependOnClassesThat(nameMatching("java\\.util\\.(Random|random\\..*|UUID|concurrent\\.ThreadLocalRandom)"))
            .orShould()
            .dependOnClassesThat(nameMatching("java\\.security\\.SecureRandom"))
            .orShould()
            .callMethodWhere(DescribedPredicate.describe(
                    "asks for the time, the environment or chance",
                    call -> isOfTheWorld(call.getTargetOwner(), call.getName())))
            .orShould()
            .accessField(System.class, "out")
            .orShould()
            .accessField(System.class, "err")
            .orShould()
            .accessField(System.class, "in")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule thePureCoreKnowsNoFramework = noClasses()
            .that()
            .resideInAnyPackage(PURE)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.quarkus..",
                    "jakarta..",
                    "picocli..",
                    "io.fabric8..",
                    "io.javaoperatorsdk..",
                    "org.eclipse.jgit..",
                    "java.util.logging..",
                    "org.jboss..",
                    "org.slf4j..",
                    "org.apache.logging..",
                    "org.apache.commons.logging..")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule onlyTheCommandLineKnowsPicocli = classes()
            .that()
            .resideOutsideOfPackage("dev.bellman.cli..")
            .should()
            .onlyDependOnClassesThat(DescribedPredicate.not(resideInAnyPackage("picocli..")))
            .allowEmptyShould(true);

    private static boolean isOfTheWorld(JavaClass owner, String method) {
        return switch (owner.getName()) {
            case "java.lang.System" ->
                Set.of("getenv", "getProperty", "getProperties", "currentTimeMillis", "nanoTime", "exit")
                        .contains(method);
            case "java.lang.Math" -> method.equals("random");
            case "java.util.Collections" -> method.equals("shuffle");
            default -> owner.getPackageName().equals("java.time") && method.equals("now");
        };
    }

    private static Stream<JavaPackage> packages(JavaClasses all) {
        return all.stream().map(JavaClass::getPackage).distinct();
    }

    private static String path(String name) {
        return "dev.bellman." + name + "..";
    }
}
