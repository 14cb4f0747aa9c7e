package dev.bellman.compile;

import dev.bellman.address.Cidr;
import dev.bellman.compile.Authorise.Authorised;
import dev.bellman.compile.Authorise.Grant;
import dev.bellman.compile.Decide.Decided;
import dev.bellman.compile.Decide.Decision;
import dev.bellman.diagnostic.Severity;
import dev.bellman.diagnostic.Span;
import dev.bellman.model.Attributes;
import dev.bellman.model.Located;
import dev.bellman.model.Service;
import dev.bellman.plan.BgpConfigurationPlan.PrefixAdvertisement;
import dev.bellman.plan.Cause;
import dev.bellman.plan.PlannedPeer;
import dev.bellman.plan.PlannedPrefix;
import dev.bellman.plan.PlannedService.Address;
import dev.bellman.plan.RouteAttributes;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Keeps what is planned within what the definitions of its objects take: the API server would refuse a
/// larger one, and with it all else that it says.
///
/// What comes first in the plan's own order stays, whoever was there first. What is beyond is left out, and
/// said to whoever asks for it.
final class Limits {
    /// Calico 3.31's `BGPConfiguration.spec.prefixAdvertisements`, and the communities of one of them.
    static final int PREFIX_ADVERTISEMENTS = 500;

    static final int COMMUNITIES_OF_PREFIX = 50;

    /// Those of a NodePlan, as `crds/nodeplans.bellman.dev.yaml` has them. A policy's status has as many
    /// addresses of a service.
    static final int PREFIXES = 1024;

    static final int PEERS = 256;
    static final int POLICIES_OF_SERVICE = 64;
    static final int ADDRESSES_OF_SERVICE = 64;
    static final int COMMUNITIES_OF_SERVICE = 1000;

    private static final String RULE = "beyond-limits";

    /// How communities begin that every router knows (RFC 1997), such as NO_EXPORT.
    private static final String WELL_KNOWN = "65535:";

    private final Findings findings;

    Limits(Findings findings) {
        this.findings = findings;
    }

    // Services

    /// Of those who ask for one service in one class the policies that are not too many. The others have no
    /// say in it.
    List<Authorised> policies(List<Authorised> asking) {
        if (asking.size() <= POLICIES_OF_SERVICE) {
            return asking;
        }
        TreeSet<String> policies = asking.stream()
                .map(claim -> claim.binding().policy().id())
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> stay = policies.stream().limit(POLICIES_OF_SERVICE).collect(Collectors.toSet());
        List<Authorised> staying = new ArrayList<>();
        for (Authorised claim : asking) {
            Binding binding = claim.binding();
            if (stay.contains(binding.policy().id())) {
                staying.add(claim);
            } else {
                report(
                        binding.asked(),
                        binding.object(),
                        policies.size() + " policies ask for Service `"
                                + binding.subject().name() + "`",
                        POLICIES_OF_SERVICE,
                        "this one is left out");
            }
        }
        return staying;
    }

    /// The decisions without addresses and communities that are too many for a service.
    Decided services(Decided decided) {
        return new Decided(
                decided.decisions().stream().map(this::service).toList(),
                decided.patches(),
                decided.trafficPolicies(),
                decided.unsettled());
    }

    private Decision service(Decision decision) {
        Advertisement advertisement = decision.advertisement();
        List<Grant> grants = grants(advertisement);
        RouteAttributes attributes = decision.hostRoutes() ? attributes(advertisement) : advertisement.attributes();
        if (grants.size() == advertisement.grants().size()
                && attributes.communities().size()
                        == advertisement.attributes().communities().size()) {
            return decision;
        }
        return new Decision(
                new Advertisement(
                        advertisement.subject(),
                        advertisement.advertisementClass(),
                        advertisement.bindings(),
                        grants,
                        advertisement.routes(),
                        attributes),
                decision.trafficPolicy(),
                decision.hostRoutes());
    }

    private List<Grant> grants(Advertisement advertisement) {
        if (advertisement.grants().size() <= ADDRESSES_OF_SERVICE) {
            return advertisement.grants();
        }
        List<Address> addresses = NodePlans.addresses(advertisement.grants());
        List<Address> beyond = addresses.stream().skip(ADDRESSES_OF_SERVICE).toList();
        for (Binding binding : advertisement.bindings()) {
            reportLeftOut(
                    binding.asked(),
                    binding.object(),
                    addresses.size() + " addresses of Service `"
                            + binding.subject().name() + "` are asked for",
                    ADDRESSES_OF_SERVICE,
                    beyond.stream()
                            .filter(address -> Decide.asks(binding.policy(), address.kind()))
                            .map(Limits::named)
                            .toList());
        }
        Set<Address> left = Set.copyOf(beyond);
        return advertisement.grants().stream()
                .filter(grant -> !left.contains(new Address(grant.kind(), grant.ip())))
                .toList();
    }

    private static String named(Address address) {
        return address.kind().word() + (address.ip() == null ? "" : " " + address.ip());
    }

    private RouteAttributes attributes(Advertisement advertisement) {
        RouteAttributes attributes = advertisement.attributes();
        boolean calico = LowerCalico.isCalico(advertisement.advertisementClass());
        int limit = calico ? COMMUNITIES_OF_PREFIX : COMMUNITIES_OF_SERVICE;
        List<String> all = attributes.communities();
        if (all.size() <= limit) {
            return attributes;
        }
        Set<String> stay =
                first(all, communities(advertisement.advertisementClass().attributes()), limit);
        for (Binding binding : advertisement.bindings()) {
            List<Located<String>> beyond = binding.policy().attributes().communities().stream()
                    .filter(community -> !stay.contains(community.value()))
                    .toList();
            if (!beyond.isEmpty()) {
                reportLeftOut(
                        beyond.getFirst().span(),
                        binding.object(),
                        all.size() + " communities are united on Service `"
                                + binding.subject().name() + "`"
                                + (calico ? ", in an entry of BGPConfiguration's prefixAdvertisements" : ""),
                        limit,
                        beyond.stream().map(Located::value).toList());
            }
        }
        return new RouteAttributes(
                List.copyOf(stay), attributes.localPreference(), attributes.med(), attributes.prepend());
    }

    static Set<String> communities(Attributes attributes) {
        return attributes.communities().stream().map(Located::value).collect(Collectors.toSet());
    }

    /// As many communities as there is room for: those of classes, so that no policy puts out what the
    /// platform says, then well-known ones, without which a route would go too far.
    private static Set<String> first(Collection<String> communities, Set<String> ofClasses, int limit) {
        return communities.stream()
                .distinct()
                .sorted(Comparator.comparing((String community) -> !ofClasses.contains(community))
                        .thenComparing(community -> !community.startsWith(WELL_KNOWN))
                        .thenComparing(Comparator.naturalOrder()))
                .limit(limit)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /// Of the addresses that Calico announces by itself as many as a plan can say. Nobody asked for them, and
    /// it announces the others all the same.
    List<Address> collateral(List<Address> addresses, Service service, Cause cause) {
        if (addresses.size() > ADDRESSES_OF_SERVICE) {
            findings.report(
                    RULE,
                    Severity.WARNING,
                    cause.span(),
                    object(cause, service.manifest().object()),
                    message(
                            addresses.size() + " addresses of Service `" + service.name()
                                    + "` are announced by Calico itself",
                            ADDRESSES_OF_SERVICE,
                            "the plan leaves out "
                                    + listed(addresses.stream()
                                            .skip(ADDRESSES_OF_SERVICE)
                                            .map(Limits::named)
                                            .toList())),
                    List.of());
        }
        return addresses.stream().limit(ADDRESSES_OF_SERVICE).toList();
    }

    private static String object(Cause cause, String otherwise) {
        String policy = cause.policy();
        return policy == null ? otherwise : "ServiceAdvertisementPolicy " + policy;
    }

    // BGPConfiguration

    /// Communities that a class or a service wants on a prefix.
    ///
    /// @param ofClass those of them, and perhaps others, that the class says
    /// @param whole whether it is a prefix of the class itself
    record Wanted(List<String> communities, Set<String> ofClass, boolean whole, String object, Cause cause) {}

    /// @param wanted what is wanted of each prefix, by whom and in which order ever
    List<PrefixAdvertisement> advertisements(SortedMap<Cidr, List<Wanted>> wanted) {
        Set<Cidr> stay = wanted.entrySet().stream()
                // Before host routes, or services would put out what classes say.
                .sorted(Comparator.comparing(entry -> entry.getValue().stream().noneMatch(Wanted::whole)))
                .limit(PREFIX_ADVERTISEMENTS)
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
        Map<String, List<Cidr>> beyond = new LinkedHashMap<>();
        Map<String, Cause> causes = new LinkedHashMap<>();
        List<PrefixAdvertisement> advertisements = new ArrayList<>();
        wanted.forEach((cidr, all) -> {
            if (stay.contains(cidr)) {
                advertisements.add(new PrefixAdvertisement(
                        cidr, united(cidr, all), all.getFirst().cause()));
            } else {
                all.forEach(one -> {
                    causes.putIfAbsent(one.object(), one.cause());
                    beyond.computeIfAbsent(one.object(), _ -> new ArrayList<>()).add(cidr);
                });
            }
        });
        beyond.forEach((object, prefixes) -> reportLeftOut(
                Objects.requireNonNull(causes.get(object)).span(),
                object,
                wanted.size() + " prefixes have communities, each an entry of BGPConfiguration's prefixAdvertisements",
                PREFIX_ADVERTISEMENTS,
                prefixes));
        return advertisements;
    }

    private List<String> united(Cidr cidr, List<Wanted> all) {
        Set<String> united = union(all, Wanted::communities);
        if (united.size() <= COMMUNITIES_OF_PREFIX) {
            return List.copyOf(united);
        }
        Set<String> stay = first(united, union(all, Wanted::ofClass), COMMUNITIES_OF_PREFIX);
        for (Wanted one : all) {
            reportLeftOut(
                    one.cause().span(),
                    one.object(),
                    united.size() + " communities are united on " + cidr
                            + " in BGPConfiguration's prefixAdvertisements",
                    COMMUNITIES_OF_PREFIX,
                    one.communities().stream()
                            .filter(community -> !stay.contains(community))
                            .toList());
        }
        return List.copyOf(stay);
    }

    private static Set<String> union(List<Wanted> all, Function<Wanted, Collection<String>> part) {
        return all.stream().map(part).flatMap(Collection::stream).collect(Collectors.toCollection(TreeSet::new));
    }

    // Nodes

    /// @param node one of those that announce them
    List<PlannedPrefix> prefixes(String node, List<PlannedPrefix> prefixes) {
        if (prefixes.size() <= PREFIXES) {
            return prefixes;
        }
        Map<String, List<PlannedPrefix>> beyond = prefixes.stream()
                .skip(PREFIXES)
                .collect(Collectors.groupingBy(PlannedPrefix::className, LinkedHashMap::new, Collectors.toList()));
        beyond.forEach((className, mine) -> reportLeftOut(
                mine.getFirst().cause().span(),
                "AdvertisementClass " + className,
                prefixes.size() + " prefixes are announced by node `" + node + "`",
                PREFIXES,
                mine.stream().map(PlannedPrefix::cidr).toList()));
        return List.copyOf(prefixes.subList(0, PREFIXES));
    }

    /// @param told the speakers that heard of it already, for another node
    List<PlannedPeer> peers(String node, List<PlannedPeer> peers, Set<String> told) {
        if (peers.size() <= PEERS) {
            return peers;
        }
        Map<String, List<PlannedPeer>> beyond = peers.stream()
                .skip(PEERS)
                .collect(Collectors.groupingBy(PlannedPeer::speaker, LinkedHashMap::new, Collectors.toList()));
        beyond.forEach((speaker, mine) -> {
            if (told.add(speaker)) {
                reportLeftOut(
                        mine.getFirst().cause().span(),
                        "BGPSpeaker " + speaker,
                        peers.size() + " peers are for node `" + node + "`",
                        PEERS,
                        mine.stream().map(peer -> peer.peer().name()).toList());
            }
        });
        return List.copyOf(peers.subList(0, PEERS));
    }

    /// @param beyond nothing is said of none
    private void reportLeftOut(Span span, String object, String many, int limit, List<?> beyond) {
        if (!beyond.isEmpty()) {
            report(span, object, many, limit, listed(beyond) + (beyond.size() == 1 ? " is" : " are") + " left out");
        }
    }

    private static String listed(List<?> beyond) {
        return beyond.getFirst() + (beyond.size() == 1 ? "" : " and " + (beyond.size() - 1) + " more");
    }

    private void report(Span span, String object, String many, int limit, String consequence) {
        findings.report(RULE, span, object, message(many, limit, consequence));
    }

    private static String message(String many, int limit, String consequence) {
        return many + "; " + limit + " is the most: " + consequence;
    }
}
