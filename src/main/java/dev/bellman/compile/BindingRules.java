package dev.bellman.compile;

import dev.bellman.compile.Bind.Claim;
import dev.bellman.model.AdvertisementClass;
import dev.bellman.model.Service;
import dev.bellman.rule.RuleSet;
import java.util.List;
import java.util.stream.Stream;

/// Applies the CEL rules about a policy and a service that it selects.
final class BindingRules {
    private BindingRules() {}

    static void check(List<Claim> claims, RuleSet rules, Findings findings) {
        rules.checkClaims(claims.stream().flatMap(BindingRules::claim).toList()).forEach(findings::add);
    }

    private static Stream<RuleSet.Claim> claim(Claim claim) {
        Service service = claim.subject().service();
        AdvertisementClass advertisementClass = claim.advertisementClass();
        return service == null
                ? Stream.empty()
                : Stream.of(new RuleSet.Claim(
                        claim.policy().manifest(),
                        service.manifest(),
                        advertisementClass == null ? null : advertisementClass.manifest(),
                        claim.asked()));
    }
}
