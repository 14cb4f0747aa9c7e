package dev.bellman.operator;

import dev.bellman.cluster.Conditions;
import dev.bellman.cluster.Conditions.Condition;
import dev.bellman.diagnostic.Diagnostic;
import dev.bellman.diagnostic.Severity;
import dev.bellman.document.Manifest;
import dev.bellman.document.Node;
import dev.bellman.document.Plain;
import dev.bellman.model.AdvertisementClass;
import dev.bellman.model.AdvertisementClass.Backend;
import dev.bellman.plan.NodePlan;
import dev.bellman.plan.ServiceDecision;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What an object's status says of a pass.
final class Verdict {
    private static final int MOST_SERVICES = 1024;
    static final String NOTHING_TO_DO = "NothingToDo";
    static final String NOT_IN_FORCE = "NotAccepted";
    private static final String NO_NODE = "NoNode";
    private static final String PENDING = "AgentsPending";
    private static final String NOT_ADVERTISED = "NotAdvertised";
    /// What agents say of a node that has nobody to tell: rules that are awaited are a matter of moments.
    private static final Set<String> SILENT = Set.of("SessionsDown", "NoPeers");
    private static final String CLASS_HELD = "ClassHeld";
    private static final String NO_ROUTE = "no route leads to it";
    private static final String NOT_TAKEN = "the agent has not taken this plan yet";

    private final Outcome outcome;
    private final Manifest manifest;
    private final String object;

    private Verdict(Outcome outcome, Manifest manifest) {
        this.outcome = outcome;
        this.manifest = manifest;
        this.object = manifest.object();
    }

    /// @param now as RFC 3339, for conditions that change
    /// @return the whole status
    static Map<String, Object> status(
            Outcome outcome, Manifest manifest, @Nullable Map<String, ?> present, String now) {
        return new Verdict(outcome, manifest).status(present, now);
    }

    private Map<String, Object> status(@Nullable Map<String, ?> present, String now) {
        Problem keeping = outcome.keeping(object);
        if (keeping != null) {
            return undoing(keeping, present == null ? Map.of() : present, now);
        }
        List<Object> services = manifest.kind().equals("ServiceAdvertisementPolicy") ? services() : List.of();
        List<Condition> conditions = new ArrayList<>(
                switch (manifest.kind()) {
                    case "ServiceAdvertisementPolicy" ->
                        List.of(accepted(), resolvedRefs(), policyProgrammed(present, services));
                    case "AdvertisementClass" -> List.of(accepted(), resolvedRefs(), classProgrammed());
                    case "BGPSpeaker" -> speaker();
                    case "AdvertisementRule" -> List.of(ruleAccepted());
                    default -> List.of(accepted());
                });
        conditions.add(Conditions.ready(conditions));
        Map<String, Object> status = new LinkedHashMap<>();
        Long generation = manifest.generation();
        if (generation != null) {
            status.put("observedGeneration", generation);
        }
        status.put(
                "conditions",
                Conditions.write(conditions, present == null ? null : present.get("conditions"), generation, now));
        Object good = acceptedSpec();
        if (good != null) {
            status.put("acceptedSpec", good);
            if (outcome.judgement().inParts().contains(object)) {
                status.put("acceptedInParts", true);
            }
        }
        if (!services.isEmpty()) {
            status.put("services", services);
        }
        String spent = manifest.kind().equals("AdvertisementClass") ? spentApproval(present) : null;
        if (spent != null) {
            status.put("spentApproval", spent);
        }
        return status;
    }

    /// Of an object that is being deleted, and what it did cannot be undone yet: the rest stays as it was.
    private Map<String, Object> undoing(Problem keeping, Map<String, ?> present, String now) {
        Condition condition = Condition.no(
                "Programmed",
                keeping.reason(),
                "it is being deleted, and what it did cannot be undone yet: " + keeping.message());
        List<Condition> conditions = List.of(condition, Conditions.ready(List.of(condition)));
        Map<String, Object> status = new LinkedHashMap<>(present);
        Long generation = manifest.generation();
        if (generation != null) {
            status.put("observedGeneration", generation);
        }
        List<Object> all = new ArrayList<>();
        if (present.get("conditions") instanceof List<?> before) {
            before.stream()
                    .filter(one -> one instanceof Map<?, ?> map
                            && !List.of("Programmed", "Ready").contains(map.get("type")))
                    .forEach(all::add);
        }
        all.addAll(Conditions.write(conditions, present.get("conditions"), generation, now));
        status.put("conditions", all);
        return status;
    }

    private @Nullable Object acceptedSpec() {
        Node good = outcome.judgement().lastGood().get(object);
        return good == null ? null : Plain.of(good);
    }

    private Condition accepted() {
        List<Diagnostic> errors = outcome.judgement().errors(object);
        List<Diagnostic> own = errors.stream()
                .filter(finding -> !Judgement.REFERENCES.contains(finding.rule()))
                .toList();
        if (own.isEmpty()) {
            return errors.isEmpty()
                    ? Condition.yes("Accepted", "Accepted", "")
                    : Condition.unknown(
                            "Accepted",
                            "RefsNotResolved",
                            Sentences.spoken("what it names is not there: " + Sentences.of(errors) + instead()));
        }
        return Condition.no("Accepted", reason(own), Sentences.spoken(Sentences.of(own) + stays()));
    }

    private String instead() {
        return outcome.judgement().replaced().contains(object)
                ? ". The version that was accepted before stays in force"
                : "";
    }

    private String stays() {
        if (manifest.kind().equals("AdvertisementRule")) {
            return ". Nothing is checked by it until that is mended";
        }
        String instead = instead();
        if (!instead.isEmpty()) {
            return instead;
        }
        return outcome.judgement().passedOver().contains(object)
                ? ". It has no effect until that is mended"
                // It was good until something else changed.
                : ". What of it is not wrong stays in force";
    }

    private Condition resolvedRefs() {
        List<Diagnostic> missing = outcome.judgement().findings().getOrDefault(object, List.of()).stream()
                .filter(finding -> Judgement.REFERENCES.contains(finding.rule()))
                .toList();
        return missing.isEmpty()
                ? Condition.yes("ResolvedRefs", "ResolvedRefs", "")
                : Condition.no("ResolvedRefs", reason(missing), Sentences.of(missing));
    }

    private static String reason(List<Diagnostic> findings) {
        // An organisation's own rule is called as it likes.
        String reason = Stream.of(findings.getFirst().rule().split("[^A-Za-z0-9]+"))
                .filter(word -> !word.isEmpty())
                .map(word -> Character.toUpperCase(word.charAt(0)) + word.substring(1))
                .collect(Collectors.joining());
        return reason.isEmpty() || !Character.isLetter(reason.charAt(0)) ? "Rule" + reason : reason;
    }

    // Speakers

    private List<Condition> speaker() {
        String held = outcome.withheld().speakers().get(manifest.name());
        List<Condition> conditions = new ArrayList<>(List.of(accepted(), resolvedRefs()));
        if (held != null) {
            conditions.add(Condition.no(
                    "Programmed",
                    CLASS_HELD,
                    "sessions stay as they are while nothing changes of class " + held + ": see its conditions"));
        }
        return conditions;
    }

    // Rules

    /// What is wrong with a Service or a Node has no other place than the rule that says so.
    private Condition ruleAccepted() {
        Condition accepted = accepted();
        if (!accepted.isTrue()) {
            return accepted;
        }
        List<Diagnostic> own = outcome.judgement().findings().getOrDefault(object, List.of()).stream()
                .filter(finding -> finding.severity() == Severity.WARNING)
                .toList();
        if (!own.isEmpty()) {
            // It may be checked on less than is meant: what it finds is not all.
            return Condition.yes("Accepted", reason(own), Sentences.of(own));
        }
        List<Diagnostic> broken = brokenBy(manifest.name());
        if (broken.isEmpty()) {
            return accepted;
        }
        Diagnostic first = broken.getFirst();
        long objects = broken.stream().map(Diagnostic::object).distinct().count();
        return Condition.yes(
                "Accepted",
                "ObjectsBreakIt",
                "%s: %s%s"
                        .formatted(
                                objects == 1 ? first.object() : objects + " objects, such as " + first.object(),
                                first.message(),
                                first.help().isEmpty() ? "" : "; " + first.help()));
    }

    private List<Diagnostic> brokenBy(String rule) {
        return outcome.judgement().findings().values().stream()
                .flatMap(List::stream)
                .filter(finding ->
                        finding.rule().equals(rule) && !finding.object().equals(object))
                // Pods that come and go write nothing.
                .filter(finding -> !finding.object().startsWith("EndpointSlice "))
                .toList();
    }

    // Policies

    private List<ServiceDecision> decisions() {
        return outcome.decisions().getOrDefault(manifest.id(), List.of());
    }

    private List<Object> services() {
        Map<String, Map<String, Object>> services = new TreeMap<>();
        for (ServiceDecision decision : decisions()) {
            String name = decision.service().substring(decision.service().indexOf('/') + 1);
            Map<String, Object> service = new LinkedHashMap<>();
            service.put("name", name);
            List<String> addresses = decision.addresses().stream()
                    .map(granted -> granted.address().ip())
                    .filter(Objects::nonNull)
                    .map(Object::toString)
                    .distinct()
                    .toList();
            if (!addresses.isEmpty()) {
                service.put("addresses", addresses);
            }
            Problem problem = outcome.problems().get("Service " + decision.service());
            service.put("reason", problem == null ? why(decision) : "left as it is: " + problem.reason());
            services.putIfAbsent(name, service);
        }
        return services.values().stream().limit(MOST_SERVICES).collect(Collectors.toList());
    }

    private static String why(ServiceDecision decision) {
        if (decision.hostRoutes()) {
            return decision.trafficPolicy() != null
                            && decision.trafficPolicy().word().equals("Local")
                    ? "host routes from the nodes that have a ready endpoint"
                    : "host routes from every eligible node while an endpoint is ready";
        }
        return decision.addresses().stream()
                .filter(granted -> granted.announcedWhole() && granted.prefix() != null)
                .findFirst()
                .map(granted -> "reached through " + granted.prefix())
                .orElse(NO_ROUTE);
    }

    private Condition policyProgrammed(@Nullable Map<String, ?> present, List<Object> services) {
        String className = manifest.root().text("spec", "className");
        if (className != null && outcome.hold().classes().containsKey(className)) {
            // Whatever it asks for, what was there before stays.
            return carriedOut(className, Backend.BIRD);
        }
        List<ServiceDecision> decisions = decisions();
        if (decisions.isEmpty()) {
            return Condition.no("Programmed", NOTHING_TO_DO, "there is nothing to advertise for it");
        }
        List<Problem> problems = decisions.stream()
                .map(decision -> outcome.problems().get("Service " + decision.service()))
                .filter(Objects::nonNull)
                .toList();
        if (!problems.isEmpty()) {
            Problem first = problems.getFirst();
            String others = problems.size() == 1 ? "" : "; " + (problems.size() - 1) + " more of its services are left";
            return Condition.no("Programmed", first.reason(), first.message() + others);
        }
        if (decisions.stream().allMatch(decision -> why(decision).equals(NO_ROUTE))) {
            return Condition.no("Programmed", "NoRoute", "no route leads to any of its services");
        }
        for (ServiceDecision decision : decisions) {
            Condition condition = carriedOut(decision.className(), decision.backend());
            String held = outcome.withheld().services().get(decision.service());
            if (held != null && !held.equals(decision.className())) {
                return Condition.no(
                        "Programmed",
                        CLASS_HELD,
                        "service %s is advertised by class %s, too, of which nothing changes for now: see its conditions"
                                .formatted(decision.service(), held));
            }
            if (condition.reason().equals(NOT_ADVERTISED)) {
                return Condition.unknown(
                        "Programmed", NOT_ADVERTISED, "no node of class " + decision.className() + " announces it");
            }
            if (condition.reason().equals(PENDING)) {
                if (isOnlyBehind(decision.className())
                        && wasProgrammed(present, services, decisions)
                        && isAsItWas(decision.className())) {
                    // With something else: else each change of one policy would be written to all of them, twice.
                    continue;
                }
                // How many is said on the class: all policies would be written at each agent's word.
                return Condition.unknown(
                        "Programmed", PENDING, "not all nodes of class " + decision.className() + " carry it out yet");
            }
            if (!condition.isTrue()) {
                return condition;
            }
        }
        return Condition.yes("Programmed", "Programmed", advertised(decisions));
    }

    private boolean isOnlyBehind(String className) {
        Outcome.Agents agents = outcome.agents().get(className);
        return agents != null && agents.onlyBehind();
    }

    private static String advertised(List<ServiceDecision> decisions) {
        int services = decisions.size();
        long reached = decisions.stream()
                .filter(decision -> !why(decision).equals(NO_ROUTE))
                .count();
        return (reached == services ? "" : reached + " of ")
                + services
                + (services == 1 ? " service is advertised" : " services are advertised");
    }

    /// Whether the class is what it was when something was said of it the last time: its attributes are in all plans.
    private boolean isAsItWas(String className) {
        Manifest found = outcome.objects().get("AdvertisementClass " + className);
        Map<?, ?> programmed = found == null ? null : Conditions.find(found, "Programmed");
        return found != null
                && programmed != null
                && PlainValues.same(programmed.get("observedGeneration"), found.generation());
    }

    /// Whether all nodes had carried out what is asked for now.
    private boolean wasProgrammed(
            @Nullable Map<String, ?> present, List<Object> services, List<ServiceDecision> decisions) {
        Map<?, ?> before = present == null ? null : Conditions.find(present.get("conditions"), "Programmed");
        return present != null
                && before != null
                && "True".equals(before.get("status"))
                // The list of services has an end.
                && advertised(decisions).equals(before.get("message"))
                && PlainValues.same(before.get("observedGeneration"), manifest.generation())
                && PlainValues.same(Objects.requireNonNullElse(present.get("services"), List.of()), services);
    }

    // Classes

    private Condition classProgrammed() {
        AdvertisementClass found = outcome.judgement().result().model().classes().stream()
                .filter(one -> one.name().equals(manifest.name()))
                .findFirst()
                .orElse(null);
        if (found == null) {
            return Condition.no("Programmed", NOT_IN_FORCE, "the class is not in force");
        }
        Condition condition = carriedOut(found.name(), found.backend().value());
        // Whoever waits for a class to be ready before he applies the first policy of it must not wait for that policy.
        return condition.reason().equals(NO_NODE) && outcome.judgement().announcesNothing(found)
                ? Condition.yes("Programmed", "NothingToAnnounce", "no policy asks for an address of it yet")
                : condition;
    }

    /// The approval that has been made use of: there is nothing more to be approved by it.
    private @Nullable String spentApproval(@Nullable Map<String, ?> present) {
        boolean isInUse = outcome.hold().approved().contains(manifest.name())
                || outcome.hold().classes().containsKey(manifest.name());
        String approval = Hold.approval(manifest);
        Object spent = present == null ? null : present.get("spentApproval");
        return isInUse || approval == null ? (spent == null ? null : spent.toString()) : approval;
    }

    /// Whether what a class needs is written, and done where agents have to do it.
    private Condition carriedOut(String className, Backend backend) {
        Hold.Waiting waiting = outcome.hold().classes().get(className);
        if (waiting != null) {
            return Condition.no(
                    "Programmed",
                    Hold.REASON,
                    "%s; nothing of class %s changes until that is mended or approved, by its annotation %s=%s"
                            .formatted(breach(waiting), className, Hold.APPROVAL, waiting.hash()));
        }
        if (backend == Backend.CALICO) {
            Problem problem = outcome.problems().get("BGPConfiguration default");
            if (problem != null) {
                return Condition.no("Programmed", problem.reason(), problem.message());
            }
            String held = outcome.withheld().bgpConfiguration();
            return held == null
                    ? Condition.yes("Programmed", "Programmed", "Calico's BGPConfiguration says so")
                    : Condition.no(
                            "Programmed",
                            CLASS_HELD,
                            "Calico's BGPConfiguration changes as a whole, and waits for class " + held
                                    + ", of which nothing changes for now: see its conditions");
        }
        return outcome.agents().computeIfAbsent(className, this::byAgents).condition();
    }

    private static String breach(Hold.Waiting waiting) {
        List<String> breaches = new ArrayList<>();
        if (waiting.withdrawsTooMuch()) {
            String lately = waiting.lately() == 0 ? "" : " with the %d of the last minute".formatted(waiting.lately());
            breaches.add(
                    "%d of %d advertised addresses would be withdrawn%s, more than the %d %% that maxWithdrawnPercent allows"
                            .formatted(waiting.withdrawn(), waiting.of(), lately, waiting.allowedPercent()));
        }
        if (waiting.leavesTooFew()) {
            breaches.add("%d of %d nodes would still announce it, fewer than the %d that minNextHops wants"
                    .formatted(waiting.nextHops(), waiting.ofNextHops(), waiting.leastNextHops()));
        }
        if (!waiting.starved().isEmpty()) {
            NextHops.Starved first = waiting.starved().getFirst();
            int others = waiting.starved().size() - 1;
            breaches.add("service %s%s would be left with %d of %d next hops, fewer than the %d that minNextHops wants"
                    .formatted(
                            first.service(),
                            others == 0 ? "" : " (and " + others + " more)",
                            first.after(),
                            first.before(),
                            waiting.leastNextHops()));
        }
        return String.join(", and ", breaches);
    }

    private Outcome.Agents byAgents(String className) {
        Map<String, String> waiting = new TreeMap<>();
        Map<String, String> silent = new TreeMap<>();
        Set<String> nodes = new HashSet<>();
        for (Manifest plan : outcome.nodePlans()) {
            if (Hold.classes(plan).noneMatch(className::equals)) {
                continue;
            }
            nodes.add(plan.name());
            Problem unwritten = outcome.unwritten(plan.object(), className);
            // What an agent has told of is an older one; what one that never told of any has to say is the same before
            // and after.
            boolean isBehind = outcome.rewritten().contains(plan.object()) && hasReported(plan);
            String problem = unwritten != null ? unwritten.message() : isBehind ? NOT_TAKEN : problemOf(plan);
            String silence = silence(plan);
            if (problem != null) {
                waiting.put(plan.name(), problem);
            } else if (silence != null) {
                silent.put(plan.name(), silence);
            }
        }
        if (!outcome.unwritten().isEmpty()) {
            // Of nodes that have none yet nothing can be said but why.
            outcome.judgement().result().plan().nodePlans().stream()
                    .filter(plan -> concerns(plan, className))
                    .map(NodePlan::node)
                    .filter(node -> !nodes.contains(node))
                    .forEach(node -> {
                        Problem problem = outcome.unwritten("NodePlan " + node, className);
                        if (problem != null) {
                            nodes.add(node);
                            waiting.put(node, problem.message());
                        }
                    });
        }
        return agents(nodes.size(), waiting, silent);
    }

    private static boolean concerns(NodePlan plan, String className) {
        return plan.prefixes().stream().anyMatch(prefix -> prefix.className().equals(className))
                || plan.services().stream()
                        .anyMatch(service -> service.className().equals(className));
    }

    /// @param waiting why nodes have not carried it out yet
    /// @param silent why nodes that have announce nothing of it
    private static Outcome.Agents agents(int nodes, Map<String, String> waiting, Map<String, String> silent) {
        if (nodes == 0) {
            return new Outcome.Agents(
                    Condition.unknown("Programmed", NO_NODE, "no node has to announce anything for it"), false);
        }
        if (silent.size() == nodes) {
            return new Outcome.Agents(
                    Condition.unknown("Programmed", NOT_ADVERTISED, "no node announces it; " + first(silent)), false);
        }
        if (waiting.isEmpty()) {
            String carriedOut = nodes == 1 ? "1 node carries it out" : nodes + " nodes carry it out";
            return new Outcome.Agents(
                    Condition.yes(
                            "Programmed",
                            "Programmed",
                            silent.isEmpty()
                                    ? carriedOut
                                    : carriedOut + ", of which " + silent.size()
                                            + (silent.size() == 1 ? " announces" : " announce") + " not all of it; "
                                            + first(silent)),
                    false);
        }
        return new Outcome.Agents(
                Condition.unknown(
                        "Programmed",
                        PENDING,
                        "%d of %d nodes carry it out; %s".formatted(nodes - waiting.size(), nodes, first(waiting))),
                waiting.values().stream().allMatch(NOT_TAKEN::equals));
    }

    private static String first(Map<String, String> nodes) {
        Map.Entry<String, String> first = nodes.entrySet().iterator().next();
        return "node " + first.getKey() + ": " + first.getValue();
    }

    /// Why a node announces less than it should though it is told to and does what it can, or null.
    private static @Nullable String silence(Manifest plan) {
        if (Hold.items(plan, "peers").isEmpty()) {
            return "no BGPSpeaker chooses it";
        }
        Map<?, ?> advertised = Conditions.find(plan, "Advertised");
        return advertised == null || !SILENT.contains(String.valueOf(advertised.get("reason")))
                ? null
                : String.valueOf(advertised.get("message"));
    }

    private static boolean hasReported(Manifest plan) {
        return plan.root().text("status", "hashes", "plan") != null;
    }

    /// What an agent has not done yet, or null.
    private static @Nullable String problemOf(Manifest plan) {
        String wanted = plan.root().text("spec", "hash");
        String done = plan.root().text("status", "hashes", "plan");
        if (done == null) {
            return "no agent has reported";
        }
        if (!done.equals(wanted)) {
            return NOT_TAKEN;
        }
        Map<?, ?> programmed = Conditions.find(plan, "Programmed");
        return programmed == null || "True".equals(programmed.get("status"))
                ? null
                : String.valueOf(programmed.get("message"));
    }
}
