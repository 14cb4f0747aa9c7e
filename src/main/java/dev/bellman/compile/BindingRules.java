package dev.bellman.compile;

import dev.bellman.diagnostic.Diagnostic;
import dev.bellman.document.Spread;
import dev.bellman.model.Service;
import dev.bellman.rule.RuleSet;
import java.util.List;

/// Applies the CEL rules about a policy and a service that it selects.
final class BindingRules {
    private static final int MANY = 64;

    private BindingRules() {}

    static void check(List<Binding> bindings, RuleSet rules, Findings findings) {
        Spread.flatMap(bindings, MANY, binding -> check(binding, rules)).forEach(findings::add);
    }

    private static List<Diagnostic> check(Binding binding, RuleSet rules) {
        Service service = binding.subject().service();
        return service == null
                ? List.of()
                : rules.checkBinding(
                        binding.policy().manifest(),
                        service.manifest(),
                        binding.advertisementClass().manifest(),
                        binding.asked());
    }
}
