package dev.bellman.compile;

import dev.bellman.compile.Binding.Subject;
import dev.bellman.diagnostic.Span;
import dev.bellman.document.Manifest;
import dev.bellman.model.Policy;
import dev.bellman.model.Service;
import dev.bellman.rule.RuleSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Applies the CEL rules about a policy and a service that it selects.
final class BindingRules {
    private BindingRules() {}

    static void check(Bind.Bound bound, RuleSet rules, Findings findings) {
        rules.checkClaims(Stream.concat(
                                bound.bindings().stream()
                                        .flatMap(binding -> claim(
                                                binding.policy(),
                                                binding.subject(),
                                                binding.advertisementClass().manifest(),
                                                binding.asked())),
                                bound.loose().stream()
                                        .flatMap(loose -> claim(loose.policy(), loose.subject(), null, loose.asked())))
                        .toList())
                .forEach(findings::add);
    }

    private static Stream<RuleSet.Claim> claim(
            Policy policy, Subject subject, @Nullable Manifest advertisementClass, Span asked) {
        Service service = subject.service();
        return service == null
                ? Stream.empty()
                : Stream.of(new RuleSet.Claim(policy.manifest(), service.manifest(), advertisementClass, asked));
    }
}
