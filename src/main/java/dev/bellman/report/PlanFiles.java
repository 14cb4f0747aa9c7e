package dev.bellman.report;

import dev.bellman.diagnostic.Diagnostic;
import dev.bellman.diagnostic.Related;
import dev.bellman.diagnostic.Span;
import dev.bellman.digest.Sha256;
import dev.bellman.plan.BgpConfigurationPlan;
import dev.bellman.plan.NodePlan;
import dev.bellman.plan.Plan;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// A plan as the files that `compile` writes: for review, and for those who apply them without the operator.
public final class PlanFiles {
    private static final String BGP_CONFIGURATION = "bgpconfiguration.yaml";
    private static final String SERVICE_PATCHES = "service-patches.yaml";
    private static final String NODE_PLANS = "nodeplans/";
    private static final String SLICES = "nodeplanslices/";
    private static final String ROUTES = "routes.yaml";
    private static final String DIAGNOSTICS = "diagnostics.yaml";
    private static final String ENDING = ".yaml";
    /// In bytes: file systems take 255 of them, and an object's name alone may have 253.
    private static final int LONGEST = 255 - ENDING.length();

    private static final int HASH_DIGITS = 16;

    private PlanFiles() {}

    /// Texts by name, in the order to read them. A file without content is left out, routes and diagnostics never are.
    ///
    /// A text is made when it is asked for, since all of them together may not fit into memory. Several threads
    /// may ask at once.
    public static Map<String, Supplier<String>> of(Plan plan, Findings findings) {
        Map<String, Supplier<String>> files = new LinkedHashMap<>();
        BgpConfigurationPlan bgpConfiguration = plan.bgpConfiguration();
        if (bgpConfiguration != null) {
            files.put(BGP_CONFIGURATION, () -> YamlText.of(PlanObjects.bgpConfiguration(bgpConfiguration)));
        }
        if (!plan.patches().isEmpty() || !plan.restores().isEmpty()) {
            files.put(SERVICE_PATCHES, () -> servicePatches(plan));
        }
        SlicedPlans sliced = SlicedPlans.of(PlanObjects.nodePlanSpecs(plan.nodePlans()), Set.of());
        sliced.slices()
                .forEach((name, spec) ->
                        files.put(SLICES + file(name), () -> YamlText.of(PlanObjects.nodePlanSlice(name, spec))));
        IdentityHashMap<Map<String, Object>, String> texts = new IdentityHashMap<>();
        for (int i = 0; i < plan.nodePlans().size(); i++) {
            NodePlan node = plan.nodePlans().get(i);
            Map<String, Object> spec = sliced.specs().get(i);
            files.put(
                    NODE_PLANS + file(node.node()),
                    () -> YamlText.of(PlanObjects.nodePlanHead(node)) + text(spec, texts));
        }
        files.put(ROUTES, () -> YamlText.of(PlanObjects.routes(plan.prediction(), plan.undecided())));
        files.put(DIAGNOSTICS, () -> YamlText.of(diagnostics(findings)));
        return files;
    }

    /// The file of an object, which no other one has. A name that is too long has its end replaced by a hash, and is
    /// just as long as may be, as the others never are.
    private static String file(String object) {
        if (bytes(object) < LONGEST) {
            return object + ENDING;
        }
        StringBuilder name = new StringBuilder(object);
        while (bytes(name.toString()) >= LONGEST - HASH_DIGITS) {
            name.setLength(name.offsetByCodePoints(name.length(), -1));
        }
        name.repeat("-", LONGEST - HASH_DIGITS - bytes(name.toString()));
        return name + Sha256.hex(object, HASH_DIGITS / 2) + ENDING;
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    /// Most nodes are told the same.
    ///
    /// @param known texts written so far
    private static String text(Map<String, Object> spec, IdentityHashMap<Map<String, Object>, String> known) {
        synchronized (known) {
            return known.computeIfAbsent(spec, any -> YamlText.of(Map.of("spec", any)));
        }
    }

    private static String servicePatches(Plan plan) {
        return String.join(
                "---\n",
                Stream.concat(plan.patches().stream(), plan.restores().stream())
                        .map(patch -> YamlText.of(PlanObjects.servicePatch(patch)))
                        .toList());
    }

    /// Whether `compile` may have written a file of this name.
    public static boolean isOne(String name) {
        return switch (name) {
            case BGP_CONFIGURATION, SERVICE_PATCHES, ROUTES, DIAGNOSTICS -> true;
            default -> isIn(NODE_PLANS, name) || isIn(SLICES, name);
        };
    }

    private static boolean isIn(String folder, String name) {
        return name.startsWith(folder) && name.endsWith(ENDING) && name.indexOf('/', folder.length()) < 0;
    }

    private static Map<String, Object> diagnostics(Findings findings) {
        Map<String, Object> root = new LinkedHashMap<>();
        root.put("version", 1);
        List<Object> list = new ArrayList<>();
        for (Diagnostic finding : findings.diagnostics()) {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("rule", finding.rule());
            map.put("severity", finding.severity().word());
            map.put("message", finding.message());
            if (!finding.help().isEmpty()) {
                map.put("help", finding.help());
            }
            map.put("at", finding.span().toString());
            if (!finding.object().isEmpty()) {
                map.put("object", finding.object());
            }
            if (!finding.related().isEmpty()) {
                map.put(
                        "related",
                        finding.related().stream().map(PlanFiles::related).toList());
            }
            list.add(map);
        }
        root.put("findings", list);
        return root;
    }

    private static Map<String, Object> related(Related related) {
        Span span = related.span();
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("at", span.toString());
        map.put("message", related.message());
        return map;
    }
}
