package dev.bellman.compile;

import dev.bellman.model.Service;
import dev.bellman.rule.RuleSet;
import java.util.List;
import java.util.stream.Stream;

/// Applies the CEL rules about a policy and a service that it selects.
final class BindingRules {
    private BindingRules() {}

    static void check(List<Binding> bindings, RuleSet rules, Findings findings) {
        rules.checkClaims(bindings.stream().flatMap(BindingRules::claim).toList())
                .forEach(findings::add);
    }

    private static Stream<RuleSet.Claim> claim(Binding binding) {
        Service service = binding.subject().service();
        return service == null
                ? Stream.empty()
                : Stream.of(new RuleSet.Claim(
                        binding.policy().manifest(),
                        service.manifest(),
                        binding.advertisementClass().manifest(),
                        binding.asked()));
    }
}
