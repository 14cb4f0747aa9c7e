package dev.bellman.operator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.bellman.cluster.ApiAnswer;
import dev.bellman.cluster.ClusterKind;
import dev.bellman.cluster.ClusterObjects;
import dev.bellman.document.Manifest;
import dev.bellman.model.AddressKind;
import dev.bellman.model.BgpConfiguration;
import dev.bellman.model.Service;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.StatusCause;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Writes what a pass decided, by server-side apply as `bellman`.
///
/// Nothing is forced from another manager: that is a [Problem] that names it. One exception, since whoever creates a
/// Service owns even the traffic policy that the API server filled in: a default that nobody states is taken over.
final class ApiServer {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern MANAGER = Pattern.compile("conflict with \"([^\"]+)\"");
    private static final String FIELD = "externalTrafficPolicy";
    private static final String LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";
    /// Those that apply on the client's side.
    private static final Set<String> BY_MANIFEST = Set.of("kubectl-client-side-apply", "argocd-controller");

    private static final int UNPROCESSABLE = 422;
    private static final int TOO_MANY = 429;

    private final ClusterObjects objects;

    ApiServer(ClusterObjects objects) {
        this.objects = objects;
    }

    /// @return what kept it from being written, or null
    @Nullable
    Problem write(Change change) {
        try {
            switch (change) {
                case Change.ApplyNodePlanSlice slice -> write(ClusterKind.NODE_PLAN_SLICE, slice.name(), slice.spec());
                case Change.ApplyNodePlan plan -> write(ClusterKind.NODE_PLAN, plan.name(), plan.spec());
                case Change.DeleteNodePlan plan -> objects.delete(ClusterKind.NODE_PLAN, null, plan.name());
                case Change.DeleteNodePlanSlice slice ->
                    objects.delete(ClusterKind.NODE_PLAN_SLICE, null, slice.name());
                case Change.PatchService patch -> patch(patch);
                case Change.RestoreService restore -> restore(restore);
                case Change.ApplyBgpConfiguration bgp -> {
                    return write(bgp);
                }
            }
            return null;
        } catch (KubernetesClientException e) {
            return problem(change, e);
        }
    }

    /// Nobody else has a say in an object that Bellman generates, so it is an ordinary update: an apply of a plan with
    /// thousands of services takes the API server seconds, for it is read as YAML.
    private void write(ClusterKind kind, String name, Map<String, Object> spec) {
        try {
            objects.replaceSpec(kind, name, spec, Changes.MANAGER);
        } catch (KubernetesClientException e) {
            if (e.getCode() != HttpURLConnection.HTTP_NOT_FOUND) {
                throw e;
            }
            objects.create(kind, Map.of("metadata", Map.of("name", name), "spec", spec));
        }
    }

    /// A field that another manager owns is left to it, and the others are written.
    private @Nullable Problem write(Change.ApplyBgpConfiguration bgp) {
        try {
            apply(bgp.spec());
            return null;
        } catch (KubernetesClientException e) {
            Map<String, Object> rest = new LinkedHashMap<>(bgp.spec());
            causes(e.getStatus())
                    .forEach(cause -> rest.keySet()
                            .removeIf(field -> String.valueOf(cause.getField()).startsWith(".spec." + field)));
            if (e.getCode() != HttpURLConnection.HTTP_CONFLICT
                    || rest.size() == bgp.spec().size()) {
                throw e;
            }
            apply(rest);
            return problem(bgp, e);
        }
    }

    private void apply(Map<String, Object> spec) {
        objects.apply(
                ClusterKind.BGP_CONFIGURATION,
                Map.of("metadata", Map.of("name", "default"), "spec", spec),
                Changes.MANAGER,
                false);
    }

    /// Whether a Service would let itself be patched, without a change to it.
    ///
    /// @return what is in the way, or null
    @Nullable
    Problem tryOut(Change.PatchService patch) {
        try {
            objects.tryToApply(ClusterKind.SERVICE, patched(patch, null), Changes.MANAGER);
            return null;
        } catch (KubernetesClientException e) {
            boolean takenOver = e.getCode() == HttpURLConnection.HTTP_CONFLICT && versionToTakeOver(patch) != null;
            return takenOver ? null : problem(patch, e);
        }
    }

    /// Whether Calico's configuration would take the addresses that are to be announced, without a change to it.
    ///
    /// @return what is in the way, or null; communities that another manager owns are not
    @Nullable
    Problem tryOut(Change.ApplyBgpConfiguration bgp) {
        try {
            objects.tryToApply(
                    ClusterKind.BGP_CONFIGURATION,
                    Map.of("metadata", Map.of("name", "default"), "spec", bgp.spec()),
                    Changes.MANAGER);
            return null;
        } catch (KubernetesClientException e) {
            List<StatusCause> causes = causes(e.getStatus());
            boolean onlyElsewhere = e.getCode() == HttpURLConnection.HTTP_CONFLICT
                    && !causes.isEmpty()
                    && causes.stream().noneMatch(ApiServer::isAboutAddresses);
            return onlyElsewhere ? null : problem(bgp, e);
        }
    }

    private static boolean isAboutAddresses(StatusCause cause) {
        return Stream.of(AddressKind.values())
                .anyMatch(kind -> String.valueOf(cause.getField()).startsWith(".spec." + BgpConfiguration.field(kind)));
    }

    private void patch(Change.PatchService patch) {
        try {
            objects.apply(ClusterKind.SERVICE, patched(patch, null), Changes.MANAGER, false);
        } catch (KubernetesClientException e) {
            String version = e.getCode() == HttpURLConnection.HTTP_CONFLICT ? versionToTakeOver(patch) : null;
            if (version == null) {
                throw e;
            }
            // Of the very version that was looked at: somebody may state it meanwhile.
            objects.apply(ClusterKind.SERVICE, patched(patch, version), Changes.MANAGER, true);
        }
    }

    /// @param version that the Service has to have, or null for any
    private static Map<String, Object> patched(Change.PatchService patch, @Nullable String version) {
        Map<String, Object> metadata = new LinkedHashMap<>();
        metadata.put("name", patch.name());
        metadata.put("namespace", patch.namespace());
        metadata.put("uid", patch.uid());
        if (version != null) {
            metadata.put("resourceVersion", version);
        }
        metadata.put("annotations", Map.of(Service.ORIGINAL_TRAFFIC_POLICY, patch.original()));
        return Map.of("metadata", metadata, "spec", Map.of(FIELD, patch.value()));
    }

    /// The version of a Service whose traffic policy is a default that nobody states, or null if it is not one. Who
    /// sets it back after Bellman has patched it means it.
    private @Nullable String versionToTakeOver(Change.PatchService patch) {
        Manifest service = objects.get(ClusterKind.SERVICE, patch.namespace(), patch.name());
        if (service == null || !patch.uid().equals(service.root().text("metadata", "uid"))) {
            return null;
        }
        ManagedFields owners = ManagedFields.of(service);
        List<ManagedFields.Owner> others = owners.othersWith(Changes.MANAGER, "spec", FIELD);
        // Whoever sets another value than Bellman's takes the field from it.
        boolean asPatched = owners.ownedBy(Changes.MANAGER, "spec").contains(FIELD);
        String lastApplied = service.root().text("metadata", "annotations", LAST_APPLIED);
        boolean isNew = service.root().text("metadata", "annotations", Service.ORIGINAL_TRAFFIC_POLICY) == null;
        boolean isFree = owners.othersWith(Changes.MANAGER, "metadata", "annotations", Service.ORIGINAL_TRAFFIC_POLICY)
                .isEmpty();
        boolean untouched = "Cluster".equals(service.root().text("spec", FIELD))
                && (asPatched
                        || isNew
                        || (isFree && lastApplied != null && others.stream().allMatch(ApiServer::goesByManifest)))
                && others.stream().noneMatch(ManagedFields.Owner::apply)
                && !states(lastApplied);
        return untouched ? service.root().text("metadata", "resourceVersion") : null;
    }

    /// Whether a manager writes what a manifest states, and has written the field for that alone: it still owns it when
    /// the manifest states it no more.
    private static boolean goesByManifest(ManagedFields.Owner owner) {
        return BY_MANIFEST.contains(owner.manager());
    }

    /// Whether what kubectl applied last says the traffic policy; what cannot be read may.
    private static boolean states(@Nullable String lastApplied) {
        if (lastApplied == null) {
            return false;
        }
        try {
            return JSON.readTree(lastApplied).path("spec").has(FIELD);
        } catch (JsonProcessingException e) {
            return true;
        }
    }

    /// A value other than the API server's default is written first, as an ordinary update, and then Bellman's
    /// claims go: the other way round the service would be Cluster for a moment. What another manager owns too is
    /// left to it.
    private void restore(Change.RestoreService restore) {
        Manifest service = objects.get(ClusterKind.SERVICE, restore.namespace(), restore.name());
        if (service == null || !restore.uid().equals(service.root().text("metadata", "uid"))) {
            return;
        }
        ManagedFields owners = ManagedFields.of(service);
        if (owners.ownedBy(Changes.MANAGER, "spec").isEmpty()
                && owners.ownedBy(Changes.MANAGER, "metadata").isEmpty()) {
            return;
        }
        String present = service.root().text("spec", FIELD);
        boolean ours = owners.othersWith(Changes.MANAGER, "spec", FIELD).stream()
                .allMatch(owner -> owner.manager().equals(Changes.MANAGER));
        // One that nothing outside can reach any more has no traffic policy.
        if (present != null && ours && !restore.original().equals("Cluster")) {
            giveBack(restore, service, present);
        } else {
            objects.apply(
                    ClusterKind.SERVICE,
                    Map.of(
                            "metadata",
                            Map.of("name", restore.name(), "namespace", restore.namespace(), "uid", restore.uid())),
                    Changes.MANAGER,
                    false);
        }
    }

    /// The annotation goes last, since it is what says that there is something left to do.
    private void giveBack(Change.RestoreService restore, Manifest service, String present) {
        Manifest current = service;
        if (!restore.original().equals(present)) {
            objects.merge(
                    ClusterKind.SERVICE,
                    restore.namespace(),
                    restore.name(),
                    Map.of(
                            "metadata",
                            Map.of("resourceVersion", version(service)),
                            "spec",
                            Map.of(FIELD, restore.original())),
                    Changes.MANAGER);
            current = objects.get(ClusterKind.SERVICE, restore.namespace(), restore.name());
            if (current == null
                    || !restore.uid().equals(current.root().text("metadata", "uid"))
                    || !restore.original().equals(current.root().text("spec", FIELD))) {
                // Somebody else was here: the next pass sees what it is now.
                return;
            }
        }
        objects.disown(
                ClusterKind.SERVICE,
                restore.namespace(),
                restore.name(),
                version(current),
                Service.ORIGINAL_TRAFFIC_POLICY,
                Changes.MANAGER);
    }

    private static String version(Manifest service) {
        return String.valueOf(service.root().text("metadata", "resourceVersion"));
    }

    private static @Nullable Problem problem(Change change, KubernetesClientException e) {
        Status status = e.getStatus();
        return switch (e.getCode()) {
            // What was to be written is gone, or was made anew: the next pass sees it.
            case HttpURLConnection.HTTP_NOT_FOUND ->
                switch (change) {
                    // These would have been made.
                    case Change.ApplyBgpConfiguration _, Change.ApplyNodePlan _, Change.ApplyNodePlanSlice _ ->
                        new Problem(
                                "NotServed",
                                "the API server does not serve " + change.object() + "; is its definition there?",
                                // Without NodePlans there is nothing to undo in them.
                                change instanceof Change.ApplyBgpConfiguration);
                    case Change.PatchService _,
                            Change.RestoreService _,
                            Change.DeleteNodePlan _,
                            Change.DeleteNodePlanSlice _ -> null;
                };
            case HttpURLConnection.HTTP_CONFLICT -> conflict(change, status);
            case HttpURLConnection.HTTP_FORBIDDEN ->
                Problem.forbidden("Bellman may not write " + change.object() + ": " + ApiAnswer.of(e));
            case HttpURLConnection.HTTP_BAD_REQUEST, UNPROCESSABLE ->
                new Problem("Refused", "the API server refuses " + change.object() + ": " + ApiAnswer.of(e), false);
            // The client has no code for an answer that did not come.
            case 0, -1, TOO_MANY, HttpURLConnection.HTTP_UNAVAILABLE, HttpURLConnection.HTTP_GATEWAY_TIMEOUT ->
                Problem.outage("cannot write " + change.object() + ": " + ApiAnswer.of(e));
            default -> new Problem("ApiServerError", "cannot write " + change.object() + ": " + ApiAnswer.of(e), true);
        };
    }

    private static Problem conflict(Change change, @Nullable Status status) {
        // The API server has them in any order.
        SortedMap<String, String> owners = new TreeMap<>();
        for (StatusCause cause : causes(status)) {
            if ("FieldManagerConflict".equals(cause.getReason())) {
                Matcher manager = MANAGER.matcher(String.valueOf(cause.getMessage()));
                owners.put(
                        String.valueOf(cause.getField()).replaceFirst("^\\.", ""),
                        manager.find() ? "`" + manager.group(1) + "`" : "another manager");
            }
        }
        if (owners.isEmpty()) {
            // The object changed under the write: the next pass sees what it is now.
            return new Problem("Changed", change.object() + " changed while it was written", true);
        }
        boolean one = owners.size() == 1;
        String first = owners.firstKey();
        String others = owners.tailMap(first + "\0").entrySet().stream()
                .map(owner -> ", " + owner.getKey() + " to " + owner.getValue())
                .collect(Collectors.joining());
        String wanted = change instanceof Change.PatchService patch && owners.containsKey("spec." + FIELD)
                ? "set spec." + FIELD + " to `" + patch.value() + "` there, "
                : "";
        return new Problem(
                "Conflict",
                first + " of " + change.object() + " belongs to " + owners.get(first) + others
                        + (one ? ", and is left to it; " : ", and they are left to them; ")
                        + wanted
                        + (one
                                ? "have it give the field up, or take the field out of its manifest"
                                : "have them give the fields up, or take the fields out of their manifests"),
                false);
    }

    private static List<StatusCause> causes(@Nullable Status status) {
        return status == null || status.getDetails() == null
                ? List.of()
                : status.getDetails().getCauses();
    }
}
