package dev.bellman.compile;

import dev.bellman.address.Cidr;
import dev.bellman.compile.Authorise.Authorised;
import dev.bellman.compile.Authorise.Grant;
import dev.bellman.compile.Bind.Claim;
import dev.bellman.compile.Decide.Decided;
import dev.bellman.compile.Decide.Decision;
import dev.bellman.compile.Predict.Predicted;
import dev.bellman.model.Located;
import dev.bellman.model.Model;
import dev.bellman.model.Prefix;
import dev.bellman.model.RouteMode;
import dev.bellman.model.Service;
import dev.bellman.model.TrafficPolicy;
import dev.bellman.plan.BgpConfigurationPlan;
import dev.bellman.plan.Cause;
import dev.bellman.plan.NodePlan;
import dev.bellman.plan.Plan;
import dev.bellman.plan.PlannedService.Address;
import dev.bellman.plan.ServiceDecision;
import dev.bellman.plan.ServiceDecision.Granted;
import dev.bellman.plan.ServicePatch;
import dev.bellman.plan.Undecided;
import dev.bellman.rule.RuleSet;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Turns a [Model] into a [Plan].
///
/// Pure: the same model gives the same bytes, on any machine, at any time. Bad input never makes it fail.
public final class Compiler {
    private Compiler() {}

    /// @param calico the release whose behaviour is predicted
    /// @param clusterCidrs the pods' addresses, beside what classes and nodes say
    public record Options(CalicoVersion calico, List<Located<Cidr>> clusterCidrs) {
        public static final Options DEFAULT = new Options(CalicoVersion.NEWEST, List.of());

        public Options {
            clusterCidrs = List.copyOf(clusterCidrs);
        }
    }

    public static Compiled compile(Model model, RuleSet rules, Options options) {
        Index index = new Index(model);
        Findings findings = new Findings(rules.catalogue());
        List<Undecided> undecided = new ArrayList<>();

        List<Claim> claims = Bind.bind(index, findings, undecided);
        BindingRules.check(claims, rules, findings);
        List<Binding> bindings = claims.stream().flatMap(Claim::binding).toList();
        List<Authorised> authorised = Authorise.authorise(bindings, index, findings, undecided);
        Decided decided =
                new Limits(findings).services(Decide.decide(Merge.merge(authorised, findings), findings, undecided));
        BgpConfigurationPlan bgpConfiguration = LowerCalico.lower(index, decided.decisions(), findings);
        Unknowns.add(index, decided.decisions(), undecided);
        NodePrefixes prefixes = new NodePrefixes(index, findings);
        Announcers announcers = new Announcers(index, prefixes);
        Predicted predicted =
                Predict.predict(index, decided, bgpConfiguration, options.calico(), announcers, findings, undecided);
        List<NodePlan> nodePlans =
                NodePlans.plan(index, prefixes, decided.decisions(), predicted.collateral(), findings);

        PrefixChecks.check(index, options.clusterCidrs(), findings);
        NodeChecks.check(index, findings);
        NextHopChecks.check(index, decided, predicted.table(), announcers, findings);
        RouteChecks.check(index, decided, bgpConfiguration, findings);
        MeshChecks.check(index, decided.decisions(), findings);

        Plan plan = new Plan(
                bgpConfiguration,
                decided.patches().stream()
                        .sorted(Comparator.comparing(ServicePatch::namespace).thenComparing(ServicePatch::name))
                        .toList(),
                restores(model, decided),
                nodePlans,
                decided.decisions().stream().map(Compiler::decision).toList(),
                predicted.prediction(),
                undecided.stream().distinct().toList());
        return new Compiled(plan, findings.list());
    }

    /// What was patched, and no policy asks for any more.
    private static List<ServicePatch> restores(Model model, Decided decided) {
        return model.services().stream()
                .filter(service -> !decided.trafficPolicies().containsKey(service.id()))
                .flatMap(service -> Stream.ofNullable(restore(service)))
                .sorted(Comparator.comparing(ServicePatch::namespace).thenComparing(ServicePatch::name))
                .toList();
    }

    private static @Nullable ServicePatch restore(Service service) {
        Located<TrafficPolicy> original = service.originalTrafficPolicy();
        Located<TrafficPolicy> present = service.observedTrafficPolicy();
        if (original == null
                || present == null
                || original.value() == present.value()
                || service.declaredTrafficPolicy() != null) {
            return null;
        }
        return new ServicePatch(
                service.namespace(), service.name(), original.value(), null, new Cause(original.span(), null));
    }

    private static ServiceDecision decision(Decision decision) {
        Advertisement advertisement = decision.advertisement();
        return new ServiceDecision(
                advertisement.subject().id(),
                advertisement.advertisementClass().name(),
                advertisement.advertisementClass().backend().value(),
                advertisement.policies(),
                decision.trafficPolicy(),
                advertisement.routes() == null
                        ? RouteMode.COVERED
                        : advertisement.routes().value(),
                decision.hostRoutes(),
                advertisement.grants().stream().map(Compiler::granted).toList(),
                advertisement.attributes(),
                decision.cause());
    }

    private static Granted granted(Grant grant) {
        Prefix prefix = grant.prefix();
        return new Granted(
                new Address(grant.kind(), grant.ip()),
                prefix == null ? null : prefix.cidr(),
                prefix != null && prefix.advertise() == Prefix.Advertise.ALWAYS);
    }
}
