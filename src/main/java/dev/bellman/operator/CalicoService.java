package dev.bellman.operator;

/// How the API server serves Calico's objects, which decides whether they may be written.
enum CalicoService {
    /// There is no Calico: only classes with the Bird backend can be carried out.
    ABSENT(
            false,
            "CalicoAbsent",
            "the API server serves no projectcalico.org/v3: is Calico there, and its API server?"),
    /// Calico's own API server, which validates what is written.
    AGGREGATED(true, "", ""),
    /// Custom resources of projectcalico.org/v3.
    NATIVE(true, "", ""),
    /// Custom resources of crd.projectcalico.org/v1 alone: nothing validates what is written there, so nothing is.
    V1_ONLY(
            false,
            "CalicoApiServerMissing",
            "only crd.projectcalico.org/v1 is served, where nothing checks what is written: install Calico's API server"),
    /// Who cannot ask does not write.
    UNKNOWN(
            false,
            "CalicoUnknown",
            "it cannot be found out how Calico is served, and nothing of its classes is written until it can: is its API server there?"),
    /// Calico moves its objects from one to the other; what is written now could be lost or wipe what is there.
    MIGRATING(false, "CalicoMigrating", "Calico is migrating its objects, and nothing is written until it is done");

    private final boolean writable;
    private final String reason;
    private final String message;

    CalicoService(boolean writable, String reason, String message) {
        this.writable = writable;
        this.reason = reason;
        this.message = message;
    }

    boolean isWritable() {
        return writable;
    }

    /// Why nothing is written.
    Problem problem() {
        return new Problem(reason, message, this == MIGRATING || this == UNKNOWN);
    }
}
