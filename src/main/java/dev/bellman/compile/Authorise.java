package dev.bellman.compile;

import dev.bellman.address.Family;
import dev.bellman.address.Ip;
import dev.bellman.diagnostic.Related;
import dev.bellman.diagnostic.Span;
import dev.bellman.model.AddressKind;
import dev.bellman.model.AdvertisementClass;
import dev.bellman.model.Located;
import dev.bellman.model.Namespace;
import dev.bellman.model.Policy;
import dev.bellman.model.Prefix;
import dev.bellman.model.Selection;
import dev.bellman.model.Service;
import dev.bellman.plan.Cause;
import dev.bellman.plan.Undecided;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Finds for each address that a policy asks for the prefix that grants it.
///
/// Transforms `(policy, class, service)` into `(policy, class, service, [10.49.60.52 of 10.49.0.0/16])`. An address
/// that no prefix of the class grants to the policy's namespace is an error and is never advertised.
final class Authorise {
    private final Index index;
    private final Findings findings;
    private final List<Undecided> undecided;

    private Authorise(Index index, Findings findings, List<Undecided> undecided) {
        this.index = index;
        this.findings = findings;
        this.undecided = undecided;
    }

    /// @param ip null where only the cluster knows the address
    /// @param prefix null where the address is unknown and several prefixes could grant it
    record Grant(
            AddressKind kind, @Nullable Ip ip, @Nullable Prefix prefix) {}

    /// @param refused whether the class refused something
    record Authorised(Binding binding, List<Grant> grants, boolean refused) {
        Authorised {
            grants = List.copyOf(grants);
        }

        /// Who is granted nothing of what he asks for changes no Service either.
        boolean counts() {
            return !refused || !grants.isEmpty();
        }
    }

    static List<Authorised> authorise(
            List<Binding> bindings, Index index, Findings findings, List<Undecided> undecided) {
        Authorise authorise = new Authorise(index, findings, undecided);
        return bindings.stream().map(authorise::authorise).toList();
    }

    private Authorised authorise(Binding binding) {
        List<Prefix> granted = grantedTo(binding.policy().namespace(), binding.advertisementClass());
        List<Prefix> unknown = unknownTo(binding);
        unknown.forEach(prefix -> addUnknown(binding, prefix));
        List<Grant> grants = new ArrayList<>();
        boolean refused = granted.isEmpty();
        for (Located<AddressKind> kind : wanted(binding, granted, unknown)) {
            List<Prefix> prefixes = ofKind(granted, kind.value());
            List<Prefix> perhaps = ofKind(unknown, kind.value());
            if (prefixes.isEmpty()) {
                if (perhaps.isEmpty()) {
                    reportNoGrant(binding, kind);
                }
                refused = true;
            } else {
                List<Grant> found = grants(binding, kind, prefixes, perhaps);
                refused |= found.size() < addresses(binding, kind.value()).size();
                grants.addAll(found);
            }
        }
        checkAnyAddress(binding, granted, grants, unknown);
        return new Authorised(binding, grants, refused);
    }

    /// A service that a policy names, and that has no address of any kind that it could be granted: by the default,
    /// that
    /// asks for all kinds, nobody would say so.
    private void checkAnyAddress(Binding binding, List<Prefix> granted, List<Grant> grants, List<Prefix> unknown) {
        Service service = binding.subject().service();
        if (service == null
                || service.headless()
                || !(binding.policy().services() instanceof Selection.Names)
                || binding.policy().addresses() != null
                || granted.isEmpty()
                || !unknown.isEmpty()
                || !grants.isEmpty()) {
            return;
        }
        boolean hasNone = granted.stream()
                .map(Prefix::kind)
                .allMatch(kind -> service.addresses(kind).isEmpty() && !mayHave(service, kind));
        if (hasNone) {
            String kinds = granted.stream()
                    .map(prefix -> prefix.kind().word())
                    .distinct()
                    .sorted()
                    .collect(Collectors.joining(" and no "));
            findings.reportWithHelp(
                    "no-such-address",
                    binding.asked(),
                    binding.object(),
                    "Service `" + service.name() + "` has no " + kinds + ", and that is all that class `"
                            + binding.advertisementClass().name() + "` grants to namespace `"
                            + binding.policy().namespace() + "`",
                    "leave the Service out, give it such an address, or name another class",
                    List.of(new Related(service.manifest().nameSpan(), "the Service is here")));
        }
    }

    private List<Prefix> grantedTo(String namespace, AdvertisementClass advertisementClass) {
        return advertisementClass.prefixes().stream()
                .filter(prefix -> !isUnknown(prefix))
                .filter(prefix ->
                        prefix.namespaces().selects(namespace, index.model().namespaceLabels(namespace)))
                .toList();
    }

    /// Prefixes that are for namespaces with certain labels, where nobody showed the labels of this one.
    private List<Prefix> unknownTo(Binding binding) {
        return binding.advertisementClass().prefixes().stream()
                .filter(this::isUnknown)
                .toList();
    }

    private boolean isUnknown(Prefix prefix) {
        return !index.namespacesKnown()
                && prefix.namespaces() instanceof Selection.Labelled labelled
                && !labelled.selector().isAbout(Namespace.NAME_LABEL);
    }

    private void addUnknown(Binding binding, Prefix prefix) {
        Policy policy = binding.policy();
        undecided.add(new Undecided(
                "whether namespace " + policy.namespace() + " may advertise out of " + prefix.cidr(),
                "add the Namespace, or an inventory that has it",
                binding.subject().id(),
                new Cause(binding.asked(), policy.id())));
    }

    private static List<Prefix> ofKind(List<Prefix> prefixes, AddressKind kind) {
        return prefixes.stream().filter(prefix -> prefix.kind() == kind).toList();
    }

    /// The kinds asked for, or all that the class grants to the namespace.
    private List<Located<AddressKind>> wanted(Binding binding, List<Prefix> granted, List<Prefix> unknown) {
        Policy policy = binding.policy();
        if (policy.addresses() != null) {
            return policy.addresses();
        }
        if (granted.isEmpty()
                && unknown.isEmpty()
                && policy.className() != null
                && binding.advertisementClass().complete()) {
            Located<String> className = policy.className();
            findings.report(
                    "kind-not-granted",
                    className.span(),
                    binding.object(),
                    "class `" + className.value() + "` grants nothing to namespace `" + policy.namespace() + "`",
                    List.of(new Related(binding.advertisementClass().manifest().nameSpan(), "the class is here")));
        }
        return granted.stream()
                .map(Prefix::kind)
                .distinct()
                .sorted()
                .map(kind -> new Located<>(kind, binding.asked()))
                .toList();
    }

    private void reportNoGrant(Binding binding, Located<AddressKind> kind) {
        AdvertisementClass advertisementClass = binding.advertisementClass();
        if (!advertisementClass.complete()) {
            return;
        }
        List<Related> others = advertisementClass.prefixes().stream()
                .filter(prefix -> prefix.kind() == kind.value())
                .map(prefix -> new Related(prefix.span(), "this one is not for the namespace"))
                .toList();
        findings.report(
                "kind-not-granted",
                kind.span(),
                binding.object(),
                "class `" + advertisementClass.name() + "` grants no "
                        + kind.value().word() + " to namespace `"
                        + binding.policy().namespace() + "`",
                others.isEmpty()
                        ? List.of(new Related(advertisementClass.manifest().nameSpan(), "the class is here"))
                        : others);
    }

    /// @param perhaps prefixes of which nobody knows here whether they are for the namespace
    private List<Grant> grants(
            Binding binding, Located<AddressKind> kind, List<Prefix> prefixes, List<Prefix> perhaps) {
        List<Located<Ip>> addresses = addresses(binding, kind.value());
        if (addresses.isEmpty()) {
            return withoutAddress(binding, kind, prefixes);
        }
        List<Grant> grants = new ArrayList<>();
        for (Located<Ip> address : addresses) {
            Prefix prefix = granting(address.value(), prefixes);
            if (prefix == null && granting(address.value(), perhaps) == null) {
                report(binding, kind.value(), address, addresses, prefixes, perhaps);
            } else if (prefix != null) {
                grants.add(new Grant(kind.value(), address.value(), prefix));
            }
        }
        return grants;
    }

    private static List<Located<Ip>> addresses(Binding binding, AddressKind kind) {
        Service service = binding.subject().service();
        return service == null ? List.of() : service.addresses(kind);
    }

    /// The narrowest prefix that holds an address, as a routing table would choose.
    private static @Nullable Prefix granting(Ip address, List<Prefix> prefixes) {
        return prefixes.stream()
                .filter(prefix -> prefix.cidr().contains(address))
                .max(Comparator.comparingInt(prefix -> prefix.cidr().bits()))
                .orElse(null);
    }

    private void report(
            Binding binding,
            AddressKind kind,
            Located<Ip> address,
            List<Located<Ip>> addresses,
            List<Prefix> prefixes,
            List<Prefix> perhaps) {
        if (!binding.advertisementClass().complete()) {
            return;
        }
        Family family = address.value().family();
        boolean isOtherFamily = Stream.of(prefixes, perhaps)
                .flatMap(List::stream)
                .noneMatch(prefix -> prefix.cidr().family() == family);
        boolean isOneGranted = addresses.stream().anyMatch(other -> granting(other.value(), prefixes) != null);
        if (isOtherFamily && isOneGranted) {
            reportOtherFamily(binding, kind, address, family);
        } else {
            reportOutside(binding, kind, address, prefixes);
        }
    }

    /// Nobody chose the second address of a dual-stack service, and a policy cannot ask for one family alone.
    private void reportOtherFamily(Binding binding, AddressKind kind, Located<Ip> address, Family family) {
        findings.report(
                "family-not-granted",
                binding.asked(),
                binding.object(),
                kind.word() + " " + address.value() + " of Service `"
                        + binding.subject().name() + "` is left out: class `"
                        + binding.advertisementClass().name() + "` grants no " + family.word() + " prefix for "
                        + kind.word() + " to namespace `" + binding.policy().namespace() + "`",
                List.of(
                        new Related(
                                address.span(),
                                kind.word() + " of " + binding.subject().id()),
                        new Related(binding.advertisementClass().manifest().nameSpan(), "the class is here")));
    }

    private void reportOutside(Binding binding, AddressKind kind, Located<Ip> address, List<Prefix> prefixes) {
        List<Related> related = new ArrayList<>();
        related.add(new Related(
                address.span(), kind.word() + " of " + binding.subject().id()));
        prefixes.forEach(prefix -> related.add(new Related(prefix.span(), "granted: " + prefix.cidr())));
        findings.report(
                "address-not-granted",
                binding.asked(),
                binding.object(),
                kind.word() + " " + address.value() + " of Service `"
                        + binding.subject().name()
                        + "` is outside what class `"
                        + binding.advertisementClass().name() + "` grants to namespace `"
                        + binding.policy().namespace() + "`",
                related);
    }

    /// No address is known: either the cluster has yet to assign it, or the service has none of this kind.
    private List<Grant> withoutAddress(Binding binding, Located<AddressKind> kind, List<Prefix> prefixes) {
        Service service = binding.subject().service();
        if (!mayHave(service, kind.value())) {
            if (binding.policy().addresses() != null && service != null && !service.headless()) {
                findings.report(
                        "no-such-address",
                        kind.span(),
                        binding.object(),
                        "Service `" + service.name() + "` has no "
                                + kind.value().word(),
                        List.of(new Related(service.manifest().nameSpan(), "the Service is here")));
            }
            return List.of();
        }
        Span place = binding.asked();
        undecided.add(new Undecided(
                "the " + kind.value().word() + " of " + binding.subject().id(),
                "add an inventory that has the Service as the cluster knows it",
                binding.subject().id(),
                new Cause(place, binding.policy().id())));
        boolean certain = service != null
                || kind.value() == AddressKind.CLUSTER_IP
                || binding.policy().addresses() != null;
        return certain
                ? List.of(new Grant(kind.value(), null, prefixes.size() == 1 ? prefixes.getFirst() : null))
                : List.of();
    }

    /// Whether the cluster could hold an address of this kind that offline nobody knows.
    private static boolean mayHave(@Nullable Service service, AddressKind kind) {
        if (service == null) {
            return true;
        }
        return switch (kind) {
            case CLUSTER_IP ->
                !service.observed()
                        && !service.headless()
                        && !service.type().value().equals("ExternalName");
            case EXTERNAL_IP -> false;
            case LOAD_BALANCER_IP ->
                !service.observed() && service.type().value().equals("LoadBalancer");
        };
    }
}
