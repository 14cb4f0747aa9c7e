package dev.bellman.compile;

import dev.bellman.diagnostic.Diagnostic;
import dev.bellman.plan.Plan;
import java.util.List;

/// A plan and everything that is wrong with what it was made of. The plan is complete as far as it could be decided;
/// with an error among the diagnostics it is for looking at, not for carrying out.
public record Compiled(Plan plan, List<Diagnostic> diagnostics) {
    public Compiled {
        diagnostics = List.copyOf(diagnostics);
    }
}
