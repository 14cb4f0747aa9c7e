package dev.bellman.compile;

import dev.bellman.compile.Authorise.Authorised;
import dev.bellman.diagnostic.Related;
import dev.bellman.model.AdvertisementClass;
import dev.bellman.model.Attributes;
import dev.bellman.model.Located;
import dev.bellman.model.Policy;
import dev.bellman.model.TrafficPolicy;
import dev.bellman.plan.RouteAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Puts what several policies want of one service together.
///
/// Communities are united and equal values agree. Different single values are a conflict: an error on every policy
/// involved, and none of the values is used. Age never decides, since Git re-creates objects.
final class Merge {
    static final String ROUTES = "routes";
    static final String TRAFFIC_POLICY = "trafficPolicy";

    private final Findings findings;
    private final Limits limits;
    private final Map<String, Set<String>> contested = new HashMap<>();

    private Merge(Findings findings) {
        this.findings = findings;
        this.limits = new Limits(findings);
    }

    /// @param trafficPolicies per service id, what the policies want; services without such a wish are absent
    /// @param contested per field, ids of services on which policies contradict each other about it
    record Merged(
            List<Advertisement> advertisements, Map<String, Wish> trafficPolicies, Map<String, Set<String>> contested) {
        boolean isContested(String field, String service) {
            return contested.getOrDefault(field, Set.of()).contains(service);
        }
    }

    /// A traffic policy and the binding that asks for it.
    ///
    /// @param counts false where everybody who asks is refused the advertisement itself
    record Wish(Located<TrafficPolicy> value, Binding binding, boolean counts) {}

    static Merged merge(List<Authorised> claims, Findings findings) {
        return new Merge(findings).merge(claims);
    }

    private Merged merge(List<Authorised> claims) {
        Map<String, Map<String, List<Authorised>>> grouped = new TreeMap<>();
        for (Authorised claim : claims) {
            Binding binding = claim.binding();
            grouped.computeIfAbsent(binding.subject().id(), _ -> new TreeMap<>())
                    .computeIfAbsent(binding.advertisementClass().name(), _ -> new ArrayList<>())
                    .add(claim);
        }
        List<Advertisement> advertisements = new ArrayList<>();
        Map<String, Wish> wishes = new LinkedHashMap<>();
        grouped.forEach((service, byClass) -> {
            byClass.replaceAll((_, group) -> limits.policies(group));
            byClass.values().forEach(group -> advertisements.add(advertisement(group)));
            Wish wish = trafficPolicy(
                    byClass.values().stream().flatMap(List::stream).toList());
            if (wish != null) {
                wishes.put(service, wish);
            }
        });
        return new Merged(advertisements, wishes, contested);
    }

    private Advertisement advertisement(List<Authorised> group) {
        List<Binding> bindings = group.stream().map(Authorised::binding).toList();
        Binding first = bindings.getFirst();
        return new Advertisement(
                first.subject(),
                first.advertisementClass(),
                bindings,
                Advertisement.grants(group),
                agreed(bindings, ROUTES, Policy::routes),
                attributes(bindings, first.advertisementClass()));
    }

    private RouteAttributes attributes(List<Binding> bindings, AdvertisementClass advertisementClass) {
        Attributes defaults = advertisementClass.attributes();
        List<String> communities = new ArrayList<>();
        defaults.communities().forEach(community -> communities.add(community.value()));
        bindings.forEach(binding ->
                binding.policy().attributes().communities().forEach(community -> communities.add(community.value())));
        return new RouteAttributes(
                communities,
                single(bindings, "localPreference", Attributes::localPreference, defaults),
                single(bindings, "med", Attributes::med, defaults),
                single(bindings, "prepend", Attributes::prepend, defaults));
    }

    private @Nullable Long single(
            List<Binding> bindings,
            String field,
            Function<Attributes, @Nullable Located<Long>> value,
            Attributes defaults) {
        Located<Long> agreed = agreed(bindings, field, policy -> value.apply(policy.attributes()));
        boolean asked = bindings.stream()
                .anyMatch(binding -> value.apply(binding.policy().attributes()) != null);
        Located<Long> found = asked ? agreed : value.apply(defaults);
        return found == null ? null : found.value();
    }

    private @Nullable Wish trafficPolicy(List<Authorised> claims) {
        List<Binding> bindings = claims.stream().map(Authorised::binding).toList();
        if (agreed(bindings, TRAFFIC_POLICY, Policy::trafficPolicy) == null) {
            return null;
        }
        List<Authorised> asking = claims.stream()
                .filter(claim -> claim.binding().policy().trafficPolicy() != null)
                .toList();
        Authorised first =
                asking.stream().filter(Authorised::counts).findFirst().orElse(asking.getFirst());
        Located<TrafficPolicy> value =
                Objects.requireNonNull(first.binding().policy().trafficPolicy());
        return new Wish(value, first.binding(), first.counts());
    }

    /// The value on which all policies that name one agree, or null when none does or they differ.
    private <T> @Nullable Located<T> agreed(
            List<Binding> bindings, String field, Function<Policy, @Nullable Located<T>> value) {
        List<Binding> naming = bindings.stream()
                .filter(binding -> value.apply(binding.policy()) != null)
                .toList();
        if (naming.isEmpty()) {
            return null;
        }
        Located<T> first = located(naming.getFirst(), value);
        boolean agree = naming.stream()
                .allMatch(binding -> located(binding, value).value().equals(first.value()));
        if (agree) {
            return first;
        }
        contested
                .computeIfAbsent(field, _ -> new HashSet<>())
                .add(naming.getFirst().subject().id());
        naming.forEach(binding -> reportConflict(binding, naming, field, value));
        return null;
    }

    private <T> void reportConflict(
            Binding binding, List<Binding> naming, String field, Function<Policy, @Nullable Located<T>> value) {
        Located<T> mine = located(binding, value);
        List<Binding> others = naming.stream()
                .filter(other -> !located(other, value).value().equals(mine.value()))
                .toList();
        List<Related> related = others.stream()
                .map(other -> new Related(
                        located(other, value).span(),
                        other.policy().id() + " says "
                                + word(located(other, value).value())))
                .distinct()
                .toList();
        findings.report(
                "policy-conflict",
                mine.span(),
                binding.object(),
                field + " " + word(mine.value()) + " for Service `"
                        + binding.subject().name()
                        + "` contradicts policy `" + others.getFirst().policy().id() + "`, which says "
                        + word(located(others.getFirst(), value).value()),
                related);
    }

    private static <T> Located<T> located(Binding binding, Function<Policy, @Nullable Located<T>> value) {
        return Objects.requireNonNull(value.apply(binding.policy()));
    }

    private static String word(Object value) {
        return switch (value) {
            case TrafficPolicy policy -> policy.word();
            case dev.bellman.model.RouteMode mode -> mode.word();
            default -> String.valueOf(value);
        };
    }
}
