package dev.bellman.compile;

import dev.bellman.compile.Authorise.Grant;
import dev.bellman.compile.Binding.Subject;
import dev.bellman.compile.Merge.Merged;
import dev.bellman.compile.Merge.Wish;
import dev.bellman.diagnostic.Related;
import dev.bellman.diagnostic.Severity;
import dev.bellman.diagnostic.Span;
import dev.bellman.model.AddressKind;
import dev.bellman.model.AdvertisementClass;
import dev.bellman.model.AdvertisementClass.Backend;
import dev.bellman.model.Attributes;
import dev.bellman.model.Located;
import dev.bellman.model.Policy;
import dev.bellman.model.Prefix;
import dev.bellman.model.RouteMode;
import dev.bellman.model.Service;
import dev.bellman.model.TrafficPolicy;
import dev.bellman.plan.Cause;
import dev.bellman.plan.ServicePatch;
import dev.bellman.plan.Undecided;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Decides each service's traffic policy and whether it gets host routes.
///
/// Transforms `(service, class, grants) + wish Local` into `patch Local, host routes`. A service that ends up Local
/// always gets host routes; any other only where a policy says `PerService`.
final class Decide {
    private final Findings findings;
    private final List<ServicePatch> patches = new ArrayList<>();
    private final List<Undecided> undecided;
    private final Map<String, TrafficPolicy> effective = new HashMap<>();
    // Services whose traffic policy or routes wait for another finding to be mended: what follows from them does too.
    private final Set<String> unsettled = new HashSet<>();

    private Decide(Findings findings, List<Undecided> undecided) {
        this.findings = findings;
        this.undecided = undecided;
    }

    /// @param trafficPolicy null where nothing is known of the service and no policy sets it
    record Decision(Advertisement advertisement, @Nullable TrafficPolicy trafficPolicy, boolean hostRoutes) {
        boolean local() {
            return trafficPolicy == TrafficPolicy.LOCAL;
        }

        /// The line that makes the difference: the traffic policy or route mode that asks for host routes, else the
        /// service's name or selector.
        Cause cause() {
            for (Binding binding : advertisement.bindings()) {
                Policy policy = binding.policy();
                Located<?> decisive = local() ? policy.trafficPolicy() : hostRoutes ? policy.routes() : null;
                if (decisive != null) {
                    return new Cause(decisive.span(), policy.id());
                }
            }
            Binding first = advertisement.bindings().getFirst();
            return new Cause(first.asked(), first.policy().id());
        }
    }

    /// @param trafficPolicies per service id, the one that holds once the plan is carried out, where policies have a
    ///     say in it
    /// @param unsettled ids of services about which another finding has to be mended first
    record Decided(
            List<Decision> decisions,
            List<ServicePatch> patches,
            Map<String, TrafficPolicy> trafficPolicies,
            Set<String> unsettled) {}

    static Decided decide(Merged merged, Findings findings, List<Undecided> undecided) {
        return new Decide(findings, undecided).decide(merged);
    }

    private Decided decide(Merged merged) {
        Map<String, Subject> subjects = new HashMap<>();
        merged.advertisements()
                .forEach(advertisement -> subjects.put(advertisement.subject().id(), advertisement.subject()));
        merged.trafficPolicies().forEach((id, wish) -> apply(Objects.requireNonNull(subjects.get(id)), wish));
        merged.contested().forEach((field, services) -> {
            if (field.equals(Merge.ROUTES) || field.equals(Merge.TRAFFIC_POLICY)) {
                unsettled.addAll(services);
            }
        });
        List<Decision> decisions = merged.advertisements().stream()
                .map(advertisement -> decision(
                        advertisement,
                        merged.isContested(
                                Merge.TRAFFIC_POLICY, advertisement.subject().id())))
                .toList();
        decisions.forEach(this::checkCovered);
        return new Decided(decisions, List.copyOf(patches), effective, unsettled);
    }

    private void apply(Subject subject, Wish wish) {
        Service service = subject.service();
        if (service != null && service.declaredTrafficPolicy() != null) {
            reportGitSetsIt(service.declaredTrafficPolicy(), wish);
            if (service.declaredTrafficPolicy().value() != wish.value().value()) {
                unsettled.add(subject.id());
            }
            return;
        }
        if (!wish.counts()) {
            unsettled.add(subject.id());
            return;
        }
        // The API server refuses Local on a service that nothing outside can reach; a CEL rule says so.
        if (service != null && !service.externallyAccessible()) {
            if (wish.value().value() == TrafficPolicy.LOCAL) {
                unsettled.add(subject.id());
            }
            return;
        }
        Cause cause = new Cause(wish.value().span(), wish.binding().policy().id());
        effective.put(subject.id(), wish.value().value());
        TrafficPolicy before = before(service);
        if (before == null) {
            undecided.add(new Undecided(
                    "the traffic policy that " + subject.id() + " gets back when the policy goes",
                    "add an inventory that has the Service as the cluster knows it",
                    subject.id(),
                    cause));
        }
        patches.add(new ServicePatch(
                subject.namespace(), subject.name(), wish.value().value(), before, cause));
    }

    private void reportGitSetsIt(Located<TrafficPolicy> declared, Wish wish) {
        boolean same = declared.value() == wish.value().value();
        String service = wish.binding().subject().id();
        findings.report(
                "git-sets-patched-field",
                same ? Severity.WARNING : Severity.ERROR,
                wish.value().span(),
                wish.binding().object(),
                same
                        ? "Git sets externalTrafficPolicy of Service `" + service + "` itself, to the same value"
                        : "Git sets externalTrafficPolicy of Service `" + service + "` itself, to "
                                + declared.value().word() + ", so it would be fought over",
                List.of(new Related(declared.span(), "the Service says it here")));
    }

    /// What to put back when the policy goes.
    private static @Nullable TrafficPolicy before(@Nullable Service service) {
        if (service != null && service.originalTrafficPolicy() != null) {
            return service.originalTrafficPolicy().value();
        }
        if (service == null || !service.observed()) {
            return null;
        }
        if (service.observedTrafficPolicy() != null) {
            return service.observedTrafficPolicy().value();
        }
        // Kubernetes defaults the field when a service becomes reachable from outside.
        return TrafficPolicy.CLUSTER;
    }

    private Decision decision(Advertisement advertisement, boolean contested) {
        Subject subject = advertisement.subject();
        Service service = subject.service();
        if (contested
                && service != null
                && service.declaredTrafficPolicy() == null
                && service.observedTrafficPolicy() != null) {
            // Policies that contradict each other leave the last good state in place.
            effective.put(subject.id(), service.observedTrafficPolicy().value());
        }
        TrafficPolicy patched = effective.get(subject.id());
        TrafficPolicy policy = patched == null && service != null ? present(service) : patched;
        boolean perService =
                advertisement.routes() != null && advertisement.routes().value() == RouteMode.PER_SERVICE;
        return new Decision(advertisement, policy, policy == TrafficPolicy.LOCAL || perService);
    }

    /// The traffic policy of a service that no policy changes.
    static TrafficPolicy present(Service service) {
        Located<TrafficPolicy> unpatched = service.unpatchedTrafficPolicy();
        // Kubernetes' default.
        return unpatched == null ? TrafficPolicy.CLUSTER : unpatched.value();
    }

    /// A service without host routes lives on its class's prefixes: they must be announced, and cannot carry
    /// attributes of one service.
    private void checkCovered(Decision decision) {
        Advertisement advertisement = decision.advertisement();
        if (decision.hostRoutes()
                || decision.trafficPolicy() == null
                || unsettled.contains(advertisement.subject().id())) {
            return;
        }
        for (Binding binding : advertisement.bindings()) {
            if (!binding.policy().complete()) {
                continue;
            }
            advertisement.grants().stream()
                    .filter(grant -> asks(binding.policy(), grant.kind()))
                    .filter(grant -> !isCovered(grant, advertisement.advertisementClass()))
                    .map(Grant::prefix)
                    .filter(Objects::nonNull)
                    .findFirst()
                    .ifPresent(prefix -> reportUncovered(binding, prefix));
            attributeSpans(binding.policy()).stream()
                    // What Calico cannot set for any route is another finding.
                    .filter(attribute ->
                            advertisement.advertisementClass().backend().value() == Backend.BIRD
                                    || attribute.value().startsWith("community "))
                    .forEach(attribute -> findings.report(
                            "attribute-needs-host-route",
                            attribute.span(),
                            binding.object(),
                            attribute.value() + " has no route to travel with: Service `"
                                    + binding.subject().name() + "` is reached through its class's prefix",
                            List.of(new Related(
                                    advertisement
                                            .advertisementClass()
                                            .manifest()
                                            .nameSpan(),
                                    "the class is here"))));
        }
    }

    static boolean asks(Policy policy, AddressKind kind) {
        return policy.addresses() == null || policy.addresses().stream().anyMatch(asked -> asked.value() == kind);
    }

    /// Whether the class announces a prefix that holds the address, be it a wider one than the one that grants it.
    private static boolean isCovered(Grant grant, AdvertisementClass advertisementClass) {
        Prefix granting = grant.prefix();
        return granting == null
                || advertisementClass.prefixes().stream()
                        .filter(prefix -> prefix.advertise() == Prefix.Advertise.ALWAYS)
                        .anyMatch(prefix -> prefix.cidr().contains(granting.cidr())
                                || (grant.ip() != null && prefix.cidr().contains(grant.ip())));
    }

    private void reportUncovered(Binding binding, Prefix prefix) {
        Located<RouteMode> routes = binding.policy().routes();
        Span span = routes == null ? binding.asked() : routes.span();
        findings.report(
                "nothing-covers-service",
                span,
                binding.object(),
                "no route leads to Service `" + binding.subject().name() + "`: prefix " + prefix.cidr()
                        + " is announced on demand only, and the service gets no host route",
                List.of(new Related(prefix.advertiseSpan(), "the prefix is here")));
    }

    /// The attributes that a policy sets, each by its name and place.
    static List<Located<String>> attributeSpans(Policy policy) {
        Attributes attributes = policy.attributes();
        List<Located<String>> found = new ArrayList<>();
        attributes.communities().stream()
                .map(community -> new Located<>("community " + community.value(), community.span()))
                .forEach(found::add);
        found.addAll(singles(attributes));
        return found;
    }

    /// The single-valued attributes that are set.
    static List<Located<String>> singles(Attributes attributes) {
        List<Located<String>> found = new ArrayList<>();
        add(found, "localPreference", attributes.localPreference());
        add(found, "med", attributes.med());
        add(found, "prepend", attributes.prepend());
        return found;
    }

    private static void add(List<Located<String>> found, String name, @Nullable Located<Long> value) {
        if (value != null) {
            found.add(new Located<>(name, value.span()));
        }
    }
}
