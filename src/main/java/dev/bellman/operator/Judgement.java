package dev.bellman.operator;

import dev.bellman.compile.Engine;
import dev.bellman.diagnostic.Diagnostic;
import dev.bellman.diagnostic.Severity;
import dev.bellman.document.Manifest;
import dev.bellman.document.Node;
import dev.bellman.document.Scalar;
import dev.bellman.model.AdvertisementClass;
import dev.bellman.model.Prefix;
import dev.bellman.schema.Kinds;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What the cluster's objects come to, with the last good version in place of each object that is wrong.
///
/// An object with an error is compiled as it was when it was last accepted (`status.acceptedSpec`), and is left out
/// if it never was. So a bad commit changes nothing, whoever else is affected by it, and the rest goes on. One that
/// never was good and only names what is not there is carried out for what is. An object that did not change and became
/// wrong because the world around it did is compiled as it is: what it asks for
/// wrongly is left out by the compiler, since an address that is not granted is never advertised.
///
/// @param result of the compile that is carried out
/// @param findings of the objects as they are now, by object as `Kind namespace/name`
/// @param accepted objects whose present spec is good
/// @param replaced objects that an earlier version of themselves stands in for
/// @param passedOver objects that are left out, since no version of them was ever good
/// @param leaving objects that are being deleted
/// @param lastGood the newest spec that was accepted, by object, as far as there is one
/// @param inParts the objects of which that is carried out in parts, since something else that it names is not there
public record Judgement(
        Engine.Result result,
        Map<String, List<Diagnostic>> findings,
        Set<String> accepted,
        Set<String> replaced,
        Set<String> passedOver,
        Set<String> leaving,
        Map<String, Node> lastGood,
        Set<String> inParts) {
    private static final int ROUNDS = 5;
    private static final String POLICY = "ServiceAdvertisementPolicy";
    private static final String CLASS_MISSING = "class-missing";

    /// Findings about something that is named and not there, or not yet.
    static final Set<String> REFERENCES =
            Set.of(CLASS_MISSING, "service-missing", "speaker-missing", "selector-matches-nothing");

    /// What one may name before it is there while the rest is carried out.
    private static final Set<String> IN_PARTS = Set.of("service-missing", "speaker-missing");

    /// What is wrong between objects: the one that was there first is not to blame.
    private static final Set<String> CONFLICTS =
            Set.of("policy-conflict", "prefix-overlap", "dataplane-conflict", "speaker-conflict");

    /// What comes and goes with pods, and is nobody's mistake when it is looked at: [Hold] sees to it that no change
    /// brings it about.
    private static final String MOMENTARY = "too-few-next-hops";

    /// The kinds whose last good version is kept.
    static final Set<String> KEPT = Set.of(POLICY, "AdvertisementClass", "BGPSpeaker");

    /// @param manifests everything that was observed
    public static Judgement of(List<Manifest> manifests) {
        return of(manifests, Map.of(), new Engine.Memory());
    }

    /// @param known specs that were accepted later than what `status.acceptedSpec` says, by the object's uid: a status
    ///     is written only after the plan
    /// @param memory of earlier judgements
    static Judgement of(List<Manifest> manifests, Map<String, Good> known, Engine.Memory memory) {
        Set<String> leaving = new TreeSet<>();
        List<Manifest> staying = new ArrayList<>();
        for (Manifest manifest : manifests) {
            if (isOurs(manifest) && manifest.root().text("metadata", "deletionTimestamp") != null) {
                leaving.add(manifest.object());
            } else if (!PresentPlans.isPart(manifest)) {
                staying.add(manifest);
            }
        }
        Engine.Result first = compile(staying, memory);
        Map<String, List<Diagnostic>> findings = byObject(first);
        Set<String> accepted = new TreeSet<>();
        staying.stream()
                .filter(Judgement::isOurs)
                .map(Manifest::object)
                .filter(object -> errors(findings, object).isEmpty())
                .forEach(accepted::add);
        Versions versions = new Versions(first, findings, accepted, before(staying, known), staying);
        Engine.Result result = first;
        List<Manifest> present = staying;
        for (int round = 0; round < ROUNDS; round++) {
            int before = versions.replaced.size() + versions.passedOver.size();
            present = versions.next(present, byObject(result));
            if (versions.replaced.size() + versions.passedOver.size() == before) {
                break;
            }
            result = compile(present, memory);
        }
        Map<String, Node> lastGood = new HashMap<>();
        versions.lastGood.forEach((object, good) -> lastGood.put(object, good.spec()));
        Set<String> inParts = versions.lastGood.entrySet().stream()
                .filter(good -> good.getValue().inParts())
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
        return new Judgement(
                result, findings, accepted, versions.replaced, versions.passedOver, leaving, lastGood, inParts);
    }

    /// The last good version of an object, to be known at the next judgement; null if there is none.
    @Nullable
    Good good(String object) {
        Node spec = lastGood.get(object);
        return spec == null ? null : new Good(spec, inParts.contains(object));
    }

    /// A version of an object that is in force.
    ///
    /// @param inParts whether something that it names was not there, so that it is carried out for the rest
    record Good(Node spec, boolean inParts) {}

    List<Diagnostic> errors(String object) {
        return errors(findings, object);
    }

    private static List<Diagnostic> errors(Map<String, List<Diagnostic>> findings, String object) {
        return findings.getOrDefault(object, List.of()).stream()
                .filter(finding ->
                        finding.severity() == Severity.ERROR && !finding.rule().equals(MOMENTARY))
                .toList();
    }

    private static Engine.Result compile(List<Manifest> manifests, Engine.Memory memory) {
        return Engine.run(new Engine.Input(manifests, _ -> null, null, List.of()), memory);
    }

    private static Map<String, List<Diagnostic>> byObject(Engine.Result result) {
        Map<String, List<Diagnostic>> found = new TreeMap<>();
        result.findings()
                .forEach(finding -> found.computeIfAbsent(finding.object(), _ -> new ArrayList<>())
                        .add(finding));
        return found;
    }

    private static boolean isOurs(Manifest manifest) {
        return manifest.group().equals(Kinds.GROUP);
    }

    /// The specs that were good when they were last looked at.
    private static Map<String, Good> before(List<Manifest> manifests, Map<String, Good> known) {
        Map<String, Good> before = new HashMap<>();
        manifests.stream().filter(Judgement::isKept).forEach(manifest -> {
            Good good = known.get(String.valueOf(manifest.root().text("metadata", "uid")));
            Node told = manifest.root().at("status", "acceptedSpec");
            if (good == null && told != null) {
                boolean inParts = manifest.root().at("status", "acceptedInParts") instanceof Scalar scalar
                        && Boolean.TRUE.equals(scalar.value());
                good = new Good(told, inParts);
            }
            if (good != null) {
                before.put(manifest.object(), good);
            }
        });
        return before;
    }

    private static boolean isKept(Manifest manifest) {
        return isOurs(manifest) && KEPT.contains(manifest.kind());
    }

    /// Which version of each object is gone by.
    private static final class Versions {
        private final Map<String, List<Diagnostic>> findings;
        private final Set<String> accepted;
        private final Map<String, Good> before;
        private final Map<String, Good> lastGood;
        private final Set<String> replaced = new TreeSet<>();
        private final Set<String> passedOver = new TreeSet<>();

        /// @param first what the objects as they are come to
        /// @param findings of them; one that comes of what another one is replaced by is added
        /// @param accepted of which such an object is taken out
        Versions(
                Engine.Result first,
                Map<String, List<Diagnostic>> findings,
                Set<String> accepted,
                Map<String, Good> before,
                List<Manifest> manifests) {
            this.findings = findings;
            this.accepted = accepted;
            this.before = before;
            this.lastGood = new HashMap<>(before);
            Set<String> carriedOut = first.plan().decisions().stream()
                    .flatMap(decision -> decision.policies().stream())
                    .collect(Collectors.toSet());
            for (Manifest manifest : manifests) {
                Node spec = manifest.root().get("spec");
                if (spec == null || !isKept(manifest)) {
                    continue;
                }
                if (accepted.contains(manifest.object())) {
                    lastGood.put(manifest.object(), new Good(spec, false));
                } else if (isAllMissing(manifest.object())
                        && (!manifest.kind().equals(POLICY) || carriedOut.contains(manifest.id()))) {
                    lastGood.putIfAbsent(manifest.object(), new Good(spec, true));
                }
            }
        }

        private boolean isAllMissing(String object) {
            return Judgement.errors(findings, object).stream().allMatch(finding -> IN_PARTS.contains(finding.rule()));
        }

        /// Whether what is wrong with an object that is as it was when it was good takes it out of force. What was only
        /// ever good in parts is wrong as a whole once the rest is there and is: in whatever order they come.
        private boolean fails(String object, List<Diagnostic> errors) {
            Good good = lastGood.get(object);
            return good == null
                    || (good.inParts()
                            && !errors.stream()
                                    .allMatch(finding ->
                                            REFERENCES.contains(finding.rule()) || CONFLICTS.contains(finding.rule())));
        }

        List<Manifest> next(List<Manifest> manifests, Map<String, List<Diagnostic>> now) {
            List<Manifest> next = new ArrayList<>(manifests.size());
            for (Manifest manifest : manifests) {
                String object = manifest.object();
                List<Diagnostic> errors =
                        isKept(manifest) && !replaced.contains(object) ? Judgement.errors(now, object) : List.of();
                Node stand = errors.isEmpty() ? null : standIn(manifest, errors);
                boolean onlyMissing = errors.stream().allMatch(finding -> REFERENCES.contains(finding.rule()));
                if (stand != null) {
                    replaced.add(object);
                    next.add(manifest.with(manifest.root().with("spec", stand)));
                } else if (onlyMissing || !fails(object, errors)) {
                    if (onlyMissing && !errors.isEmpty()) {
                        retract(object, errors);
                    }
                    next.add(manifest);
                } else {
                    passedOver.add(object);
                    lastGood.remove(object);
                }
            }
            return next;
        }

        /// The version that an object with errors is replaced by, or null if there is none or it is this one.
        private @Nullable Node standIn(Manifest manifest, List<Diagnostic> errors) {
            String object = manifest.object();
            Good earlier = before.get(object);
            if (earlier == null || isSame(earlier.spec(), manifest.root().get("spec"))) {
                return null;
            }
            if (retract(object, errors)) {
                lastGood.put(object, earlier);
            }
            return earlier.spec();
        }

        /// Of an object that is good in itself, but not with what is in force of others.
        ///
        /// @return whether it was accepted
        private boolean retract(String object, List<Diagnostic> errors) {
            boolean wasAccepted = accepted.remove(object);
            if (wasAccepted) {
                List<Diagnostic> found = findings.computeIfAbsent(object, _ -> new ArrayList<>());
                errors.forEach(error -> found.add(error.rule().equals(CLASS_MISSING) ? notInForce(error) : error));
            }
            return wasAccepted;
        }

        /// The class is there, or nothing would have been accepted that names it.
        private static Diagnostic notInForce(Diagnostic missing) {
            return new Diagnostic(
                    missing.rule(),
                    missing.severity(),
                    "its AdvertisementClass is not in force",
                    "see the conditions of the class",
                    missing.span(),
                    missing.object());
        }
    }

    private static boolean isSame(@Nullable Node one, @Nullable Node other) {
        return one != null && other != null && PlainValues.same(one, other);
    }

    /// Whether nothing of a class is to be announced, from whatever node.
    boolean announcesNothing(AdvertisementClass advertisementClass) {
        return advertisementClass.prefixes().stream().noneMatch(prefix -> prefix.advertise() == Prefix.Advertise.ALWAYS)
                && result.plan().decisions().stream()
                        .noneMatch(decision -> decision.hostRoutes()
                                && !decision.addresses().isEmpty()
                                && decision.className().equals(advertisementClass.name()));
    }

    /// The plan's classes, by service.
    Map<String, Set<String>> classesOfServices() {
        Map<String, Set<String>> classes = new HashMap<>();
        result.plan()
                .decisions()
                .forEach(decision -> classes.computeIfAbsent(decision.service(), _ -> new HashSet<>())
                        .add(decision.className()));
        return classes;
    }
}
