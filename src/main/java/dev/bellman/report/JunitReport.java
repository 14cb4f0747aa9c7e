package dev.bellman.report;

import dev.bellman.diagnostic.Diagnostic;
import dev.bellman.diagnostic.Severity;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Findings as tests: a suite per file, a test case per finding, one passing case for a file without findings.
///
/// Errors fail. Warnings and infos pass and say their text in `system-out`, since tools know no other way to pass
/// with a remark. Silenced findings are skipped tests.
final class JunitReport {
    private JunitReport() {}

    private sealed interface Case {
        record Clean(String name) implements Case {}

        record Found(Diagnostic diagnostic) implements Case {}

        record Quiet(Silenced silenced) implements Case {}

        record Nothing(String message) implements Case {}

        default boolean fails() {
            return this instanceof Nothing
                    || (this instanceof Found found && found.diagnostic().severity() == Severity.ERROR);
        }
    }

    static String print(Findings findings) {
        Map<String, List<Case>> suites = suites(findings);
        List<Case> all = suites.values().stream().flatMap(Collection::stream).toList();
        XmlText xml = new XmlText().open("testsuites", counts("bellman", all));
        suites.forEach((file, cases) -> {
            xml.open("testsuite", counts(file, cases));
            cases.forEach(one -> append(xml, file, one));
            xml.close("testsuite");
        });
        return xml.close("testsuites").toString();
    }

    private static Map<String, List<Case>> suites(Findings findings) {
        Map<String, List<Case>> suites = new TreeMap<>();
        findings.diagnostics().forEach(diagnostic -> suite(suites, diagnostic).add(new Case.Found(diagnostic)));
        findings.silenced()
                .forEach(silenced -> suite(suites, silenced.diagnostic()).add(new Case.Quiet(silenced)));
        if (findings.nothingChecked()) {
            suites.put("bellman", List.of(new Case.Nothing(Summary.line(findings, Style.PLAIN))));
            return suites;
        }
        findings.texts().keySet().forEach(file -> suites.computeIfAbsent(file, _ -> List.of(new Case.Clean(file))));
        if (suites.isEmpty()) {
            suites.put("bellman", List.of(new Case.Clean(Summary.line(findings, Style.PLAIN))));
        }
        return suites;
    }

    private static List<Case> suite(Map<String, List<Case>> suites, Diagnostic diagnostic) {
        return suites.computeIfAbsent(diagnostic.span().file(), _ -> new ArrayList<>());
    }

    private static String[] counts(String name, List<Case> cases) {
        long failures = cases.stream().filter(Case::fails).count();
        long skipped = cases.stream().filter(Case.Quiet.class::isInstance).count();
        return new String[] {
            "name", name,
            "tests", String.valueOf(cases.size()),
            "failures", String.valueOf(failures),
            "errors", "0",
            "skipped", String.valueOf(skipped)
        };
    }

    private static void append(XmlText xml, String file, Case one) {
        switch (one) {
            case Case.Clean(String name) -> xml.empty("testcase", "name", name, "classname", file);
            case Case.Nothing(String message) -> {
                xml.open("testcase", "name", "bellman", "classname", "bellman");
                xml.text("failure", message, "message", message, "type", "nothing-checked");
                xml.close("testcase");
            }
            case Case.Quiet(Silenced silenced) -> {
                openCase(xml, silenced.diagnostic());
                xml.empty("skipped", "message", silenced.reason());
                xml.close("testcase");
            }
            case Case.Found(Diagnostic diagnostic) -> {
                openCase(xml, diagnostic);
                if (diagnostic.severity() == Severity.ERROR) {
                    xml.text("failure", body(diagnostic), "message", diagnostic.message(), "type", diagnostic.rule());
                } else {
                    xml.text("system-out", body(diagnostic));
                }
                xml.close("testcase");
            }
        }
    }

    private static void openCase(XmlText xml, Diagnostic diagnostic) {
        String place = diagnostic.span().hasText()
                ? diagnostic.span().line() + ":" + diagnostic.span().column()
                : diagnostic.span().file();
        xml.open(
                "testcase",
                "name",
                diagnostic.rule() + " " + place,
                "classname",
                diagnostic.object().isEmpty() ? diagnostic.span().file() : diagnostic.object());
    }

    private static String body(Diagnostic diagnostic) {
        return diagnostic.span() + ": " + diagnostic.severity().word() + "[" + diagnostic.rule() + "] "
                + Story.of(diagnostic);
    }
}
