package dev.bellman.operator;

/// Why something could not be written.
///
/// @param reason one CamelCase word, for conditions
/// @param message for people: what is in the way, and who
/// @param passing whether it may be over without anybody's doing, as an API server that is away is
record Problem(String reason, String message, boolean passing) {
    private static final String OUTAGE = "ApiServerUnavailable";
    private static final String FORBIDDEN = "Forbidden";

    /// The API server is not there, or cannot do anything for now.
    static Problem outage(String message) {
        return new Problem(OUTAGE, message, true);
    }

    /// What the operator's service account may not do.
    static Problem forbidden(String message) {
        return new Problem(FORBIDDEN, message, true);
    }

    boolean isForbidden() {
        return reason.equals(FORBIDDEN);
    }

    /// Whether whatever else is to be written would fail, too.
    boolean isOutage() {
        return reason.equals(OUTAGE);
    }
}
