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

    /// @param again whether nearly the same claims were checked the last time
    static void check(List<Claim> claims, RuleSet rules, boolean again, Findings findings) {
        List<RuleSet.Claim> all = claims.stream().flatMap(BindingRules::claim).toList();
        (again ? rules.checkClaimsAgain(all) : rules.checkClaims(all)).forEach(findings::add);
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
