package dev.bellman.report;

import java.util.Locale;

/// The ways to print findings.
public enum Format {
    /// For people: the text that is wrong, a caret under it, what helps.
    PRETTY,
    /// One line per finding, as compilers print and editors read them.
    CONCISE,
    /// Bellman's own, versioned.
    JSON,
    /// OASIS SARIF 2.1.0, for code scanning.
    SARIF,
    /// JUnit XML, for whatever shows tests.
    JUNIT,
    /// Workflow commands that GitHub Actions turn into annotations.
    GITHUB;

    /// The word used on the command line.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// The findings as text that ends with a newline, or is empty.
    ///
    /// @param version Bellman's version, for the formats that name their tool
    public String print(Findings findings, Style style, String version) {
        return switch (this) {
            case PRETTY -> PrettyReport.print(findings, style);
            case CONCISE -> ConciseReport.print(findings, style);
            case JSON -> JsonReport.print(findings);
            case SARIF -> SarifReport.print(findings, version);
            case JUNIT -> JunitReport.print(findings);
            case GITHUB -> GithubReport.print(findings);
        };
    }
}
