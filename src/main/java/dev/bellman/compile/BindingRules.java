package dev.bellman.compile;

import dev.bellman.model.Service;
import dev.bellman.rule.RuleSet;
import java.util.List;

/// Applies the CEL rules about a policy and a service that it selects.
final class BindingRules {
    private BindingRules() {}

    static void check(List<Binding> bindings, RuleSet rules, Findings findings) {
        for (Binding binding : bindings) {
            Service service = binding.subject().service();
            if (service != null) {
                rules.checkBinding(
                                binding.policy().manifest(),
                                service.manifest(),
                                binding.advertisementClass().manifest(),
                                binding.asked())
                        .forEach(findings::add);
            }
        }
    }
}
