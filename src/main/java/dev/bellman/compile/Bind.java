package dev.bellman.compile;

import dev.bellman.compile.Binding.Subject;
import dev.bellman.diagnostic.Nearest;
import dev.bellman.diagnostic.Related;
import dev.bellman.diagnostic.Severity;
import dev.bellman.diagnostic.Span;
import dev.bellman.model.AdvertisementClass;
import dev.bellman.model.Located;
import dev.bellman.model.Policy;
import dev.bellman.model.Selection;
import dev.bellman.model.Service;
import dev.bellman.plan.Cause;
import dev.bellman.plan.Undecided;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Binds each policy to its class and its services.
///
/// Transforms `policy{className, names: [a, b]}` into `(policy, class, a), (policy, class, b)`. A reference that leads
/// nowhere is a finding; one that cannot be followed offline is undecided.
final class Bind {
    private final Index index;
    private final Findings findings;
    private final List<Undecided> undecided;
    private final List<Claim> claims = new ArrayList<>();

    private Bind(Index index, Findings findings, List<Undecided> undecided) {
        this.index = index;
        this.findings = findings;
        this.undecided = undecided;
    }

    /// A policy's claim on a service, which can be wrong even if nothing can come of it.
    ///
    /// @param advertisementClass null if it is not there
    /// @param asked the service's name or the selector in the policy
    record Claim(Policy policy, @Nullable AdvertisementClass advertisementClass, Subject subject, Span asked) {
        Stream<Binding> binding() {
            return advertisementClass == null
                    ? Stream.empty()
                    : Stream.of(new Binding(policy, advertisementClass, subject, asked));
        }
    }

    static List<Claim> bind(Index index, Findings findings, List<Undecided> undecided) {
        Bind bind = new Bind(index, findings, undecided);
        index.model().policies().forEach(bind::bind);
        return bind.claims;
    }

    private void bind(Policy policy) {
        AdvertisementClass advertisementClass = classOf(policy);
        for (Asked asked : services(policy)) {
            claims.add(new Claim(policy, advertisementClass, asked.subject(), asked.at()));
        }
    }

    private @Nullable AdvertisementClass classOf(Policy policy) {
        Located<String> name = policy.className();
        if (name == null) {
            return null;
        }
        AdvertisementClass found = index.advertisementClass(name.value());
        if (found == null) {
            findings.reportWithHelp(
                    "class-missing",
                    name.span(),
                    policy.manifest().object(),
                    "there is no AdvertisementClass `" + name.value() + "`",
                    Nearest.help(name.value(), index.classNames()),
                    List.of());
        }
        return found;
    }

    private static final String NAME_IT = "add `metadata.namespace` to the policy";

    private record Asked(Subject subject, Span at) {}

    private List<Asked> services(Policy policy) {
        return switch (policy.services()) {
            case Selection.Names names ->
                names.names().stream()
                        .flatMap(name -> named(policy, name).stream())
                        .toList();
            case Selection.Labelled labelled -> selected(policy, labelled);
            case Selection.All all -> selected(policy, all);
            case Selection.None _ -> List.of();
        };
    }

    private List<Asked> named(Policy policy, Located<String> name) {
        Service service = index.service(policy.namespace() + "/" + name.value());
        if (service == null && index.servicesKnown()) {
            findings.reportWithHelp(
                    "service-missing",
                    name.span(),
                    policy.manifest().object(),
                    "there is no Service `" + name.value() + "` in " + where(policy),
                    !statesNamespace(policy)
                            ? NAME_IT
                            : Nearest.help(name.value(), names(index.servicesIn(policy.namespace()))),
                    List.of());
            return List.of();
        }
        return List.of(new Asked(new Subject(policy.namespace(), name.value(), service), name.span()));
    }

    private List<Asked> selected(Policy policy, Selection selection) {
        if (!index.servicesKnown()) {
            undecided.add(new Undecided(
                    "the services that " + policy.id() + " selects",
                    "add the Services, or an inventory that has them",
                    policy.id(),
                    new Cause(selection.span(), policy.id())));
            return List.of();
        }
        List<Asked> found = index.servicesIn(policy.namespace()).stream()
                .filter(service -> selection.selects(service.name(), service.labels()))
                .map(service -> new Asked(new Subject(policy.namespace(), service.name(), service), selection.span()))
                .toList();
        if (found.isEmpty()) {
            reportEmpty(policy, selection);
        }
        return found;
    }

    private static String where(Policy policy) {
        return "namespace `" + policy.namespace() + "`"
                + (statesNamespace(policy) ? "" : ", as the policy states none");
    }

    private static boolean statesNamespace(Policy policy) {
        return policy.manifest().root().at("metadata", "namespace") != null;
    }

    private void reportEmpty(Policy policy, Selection selection) {
        boolean all = selection instanceof Selection.All;
        findings.report(
                "selector-matches-nothing",
                all ? Severity.WARNING : Severity.ERROR,
                selection.span(),
                policy.manifest().object(),
                all
                        ? "there is no Service in " + where(policy)
                        : "no Service in " + where(policy) + " has these labels",
                nearMisses(policy, selection));
    }

    /// Services that have one of the wanted label keys, with another value: usually the one that was meant.
    private List<Related> nearMisses(Policy policy, Selection selection) {
        if (!(selection instanceof Selection.Labelled labelled)) {
            return List.of();
        }
        return index.servicesIn(policy.namespace()).stream()
                .filter(service -> labelled.selector().requirements().stream()
                        .anyMatch(requirement -> service.labels().containsKey(requirement.key())))
                .limit(3)
                .map(service ->
                        new Related(service.manifest().nameSpan(), "Service " + service.id() + " has other values"))
                .toList();
    }

    private static List<String> names(List<Service> services) {
        return services.stream().map(Service::name).toList();
    }
}
