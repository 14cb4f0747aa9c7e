package dev.bellman.cli;

import dev.bellman.diagnostic.Diagnostic;
import dev.bellman.diagnostic.Nearest;
import dev.bellman.model.Service;
import dev.bellman.plan.ServiceDecision;
import dev.bellman.report.JsonText;
import dev.bellman.report.RuleExplanation;
import dev.bellman.report.RuleInfo;
import dev.bellman.report.ServiceExplanation;
import dev.bellman.report.Table;
import dev.bellman.rule.Catalogue;
import dev.bellman.rule.Rule;
import dev.bellman.rule.Rule.OnBindings;
import dev.bellman.rule.Rule.OnObjects;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/// `bellman explain`: the long story of a rule, or why a service is announced where it is.
final class ExplainCommand implements CliCommand {
    static final String NAME = "explain";

    private final Terminal terminal;
    private final PositionalParamSpec what = PositionalParamSpec.builder()
            .type(String.class)
            .index("0")
            .arity("0..1")
            .paramLabel("RULE or NAMESPACE/SERVICE")
            .description("What to explain. Without it, all rules are listed.")
            .build();
    private final PositionalParamSpec paths = PositionalParamSpec.builder()
            .type(List.class)
            .auxiliaryTypes(String.class)
            .index("1..*")
            .arity("0..*")
            .paramLabel("PATH")
            .description("Files, folders, or - for standard input; for a service the current folder is the default.")
            .build();
    private final SourceOptions source = new SourceOptions();
    private final AnswerOptions options = new AnswerOptions();
    private final CommandSpec spec = CommandSpec.wrapWithoutInspection(this);

    ExplainCommand(Terminal terminal) {
        this.terminal = terminal;
        spec.name(NAME).addPositional(what).addPositional(paths);
        source.addTo(spec);
        options.addTo(spec);
        Options.help(
                spec,
                List.of("Tell the long story of a rule, or why a service is announced where it is."),
                List.of(
                        "  bellman explain                            all rules",
                        "  bellman explain git-sets-patched-field     what is behind a finding",
                        "  bellman explain yaobank/customer gitops/   why a service is (not) announced where"));
    }

    @Override
    public CommandSpec spec() {
        return spec;
    }

    @Override
    public Integer call() {
        String subject = Options.text(what);
        if (subject == null) {
            listRules();
            return Outcome.CLEAN.code();
        }
        return subject.indexOf('/') >= 0 ? explainService(subject) : explainRule(subject);
    }

    private void listRules() {
        List<Rule> rules =
                Catalogue.builtIn().ids().stream().map(Catalogue.builtIn()::get).toList();
        options.print(
                terminal,
                style -> new Table(
                                List.of("RULE", "SEVERITY", "FINDS"),
                                rules.stream()
                                        .map(rule -> List.of(
                                                rule.id(), rule.severity().word(), rule.summary()))
                                        .toList())
                        .print(style),
                () -> JsonText.of(json -> {
                    json.writeStartObject();
                    json.writeNumberField("version", 1);
                    json.writeArrayFieldStart("rules");
                    for (Rule rule : rules) {
                        json.writeStartObject();
                        json.writeStringField("rule", rule.id());
                        json.writeStringField("severity", rule.severity().word());
                        json.writeStringField("summary", rule.summary());
                        json.writeEndObject();
                    }
                    json.writeEndArray();
                    json.writeEndObject();
                }));
    }

    private int explainRule(String id) {
        Rule rule = Catalogue.builtIn().find(id);
        Set<String> known = new TreeSet<>(Catalogue.builtIn().ids());
        if (rule == null && !Options.texts(paths).isEmpty()) {
            Inspection inspection = inspect(Options.texts(paths));
            rule = inspection.result().rules().find(id);
            known.addAll(inspection.result().rules().ownRules().keySet());
        }
        if (rule == null) {
            String help = Nearest.to(id, known)
                    .help("bellman explain lists them, and explains a Service as NAMESPACE/SERVICE");
            throw new Failure("there is no rule " + id + "; " + help);
        }
        RuleInfo info = new RuleInfo(rule.id(), rule.severity(), rule.summary(), rule.help(), rule.rationale(), "");
        RuleExplanation story = new RuleExplanation(info, expression(rule), rule.isObligatory());
        options.print(terminal, story::pretty, story::json);
        return Outcome.CLEAN.code();
    }

    private static String expression(Rule rule) {
        return switch (rule.check()) {
            case OnObjects about -> about.condition().expression();
            case OnBindings about -> about.condition().expression();
            case Rule.Reading _, Rule.Definition _, Rule.Code _ -> "";
        };
    }

    private int explainService(String id) {
        List<String> where = Options.texts(paths);
        Inspection inspection = inspect(where.isEmpty() ? List.of(".") : where);
        List<Service> services = inspection.result().model().services();
        Service service = services.stream()
                .filter(one -> one.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new Failure("there is no Service " + id + "; "
                        + Nearest.to(id, services.stream().map(Service::id).toList())
                                .help("is the path, or the inventory, the right one?")));
        ServiceExplanation story = new ServiceExplanation(
                service, inspection.result().model(), inspection.result().plan(), findings(inspection, service));
        options.print(terminal, story::pretty, story::json);
        return Errors.warn(terminal, inspection).code();
    }

    private Inspection inspect(List<String> where) {
        try (Progress _ = options.output().progress(terminal, "compiling")) {
            return Inspection.of(source.request(terminal, where), source.calicoVersion());
        }
    }

    /// Those about the service, or about a policy that asks for it.
    private static List<Diagnostic> findings(Inspection inspection, Service service) {
        Set<String> objects = new TreeSet<>(Set.of(service.manifest().object()));
        for (ServiceDecision decision : inspection.result().plan().decisions()) {
            if (decision.service().equals(service.id())) {
                decision.policies().forEach(policy -> objects.add("ServiceAdvertisementPolicy " + policy));
            }
        }
        String quoted = "`" + service.name() + "`";
        List<Diagnostic> found = new ArrayList<>();
        for (Diagnostic finding : inspection.findings().diagnostics()) {
            boolean names = finding.object().startsWith("ServiceAdvertisementPolicy " + service.namespace() + "/")
                    && finding.message().contains(quoted);
            if (names || objects.contains(finding.object())) {
                found.add(finding);
            }
        }
        return found;
    }
}
