package dev.bellman.schema;

import dev.bellman.diagnostic.Diagnostic;
import dev.bellman.diagnostic.Severity;
import dev.bellman.diagnostic.Span;
import dev.bellman.document.Mapping;
import dev.bellman.document.Names;
import dev.bellman.document.Node;
import dev.bellman.document.Scalar;
import dev.bellman.document.Sequence;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Checks an object's name, namespace, labels, annotations, owners and finalizers.
///
/// Rules are those of `ValidateObjectMeta` in Kubernetes 1.35. Types and unknown fields are the schema's business
/// ([ObjectMeta]); what has a wrong type is passed over here.
final class Metadata {
    private static final int LABEL_LENGTH = 63;
    private static final int SUBDOMAIN_LENGTH = 253;
    private static final int ANNOTATIONS_LENGTH = 256 * 1024;

    private final Findings findings;
    private final ResourceKind kind;

    Metadata(Findings findings, ResourceKind kind) {
        this.findings = findings;
        this.kind = kind;
    }

    void check(Mapping object) {
        if (!(object.get("metadata") instanceof Mapping metadata)) {
            return;
        }
        name(metadata);
        namespace(metadata);
        if (metadata.get("labels") instanceof Mapping labels) {
            labels(labels, metadata.text("name"));
        }
        if (metadata.get("annotations") instanceof Mapping annotations) {
            annotations(annotations);
        }
        if (metadata.get("ownerReferences") instanceof Sequence owners) {
            owners(owners);
        }
        if (metadata.get("finalizers") instanceof Sequence finalizers) {
            finalizers(finalizers);
        }
    }

    private void name(Mapping metadata) {
        String name = metadata.text("name");
        String prefix = metadata.text("generateName");
        if ((name == null || name.isEmpty()) && (prefix == null || prefix.isEmpty())) {
            Node written = metadata.get("name");
            if (written == null || name != null) {
                findings.add(
                        "missing-field",
                        written == null ? metadata.span() : written.span(),
                        written == null ? "missing field `name`" : "`metadata.name` is empty",
                        "every object needs a name");
            }
            return;
        }
        if (name != null && !name.isEmpty()) {
            named(metadata.get("name"), name, name);
        }
        if (prefix != null && !prefix.isEmpty()) {
            named(metadata.get("generateName"), prefix, whole(prefix));
        }
    }

    /// A prefix may end with a hyphen, since more follows.
    private static String whole(String prefix) {
        return prefix.length() > 1 && prefix.endsWith("-") ? prefix.substring(0, prefix.length() - 2) + "a" : prefix;
    }

    private void named(@Nullable Node node, String written, String name) {
        String wrong = switch (kind.naming()) {
            case SUBDOMAIN -> subdomain(name);
            case LABEL ->
                label(
                        name,
                        Names.isLabel(name),
                        "lower-case letters, digits and `-`, with a letter or digit at each end");
            case SERVICE ->
                label(
                        name,
                        Names.startsWithLetter(name),
                        "lower-case letters, digits and `-`, with a letter first and no `-` last");
        };
        if (node != null && wrong != null) {
            invalid(
                    node.span(),
                    Shown.of(written) + " is not a name of " + FieldPath.article(kind.kind()) + ": " + wrong);
        }
    }

    private void namespace(Mapping metadata) {
        Node node = metadata.get("namespace");
        String namespace = metadata.text("namespace");
        if (node == null || namespace == null || namespace.isEmpty()) {
            return;
        }
        if (!kind.namespaced()) {
            // The server drops it without a word, so this cannot be an error; it is no use to anybody either.
            findings.add(new Diagnostic(
                    "invalid-metadata",
                    Severity.WARNING,
                    FieldPath.article(kind.kind()) + " has no namespace: it is there for the whole cluster",
                    "leave `namespace` out",
                    node.span(),
                    findings.object()));
            return;
        }
        String wrong = label(
                namespace,
                Names.isLabel(namespace),
                "lower-case letters, digits and `-`, with a letter or digit at each end");
        if (wrong != null) {
            invalid(node.span(), Shown.of(namespace) + " is not a namespace: " + wrong);
        }
    }

    private void labels(Mapping labels, @Nullable String name) {
        // Whatever is written there, the server puts the namespace's name in its place, if it has one yet.
        String replaced =
                kind.kind().equals("Namespace") && name != null && !name.isEmpty() ? "kubernetes.io/metadata.name" : "";
        for (Mapping.Entry entry : labels.entries()) {
            key(entry.key(), "a label", false);
            if (!entry.name().equals(replaced)
                    && entry.value() instanceof Scalar scalar
                    && scalar.value() instanceof String value) {
                String wrong = labelValue(value);
                if (wrong != null) {
                    invalid(scalar.span(), Shown.of(value) + " is not a value of a label: " + wrong);
                }
            }
        }
    }

    private void annotations(Mapping annotations) {
        long size = 0;
        for (Mapping.Entry entry : annotations.entries()) {
            key(entry.key(), "an annotation", true);
            size += bytes(entry.name());
            if (entry.value() instanceof Scalar scalar && scalar.value() instanceof String value) {
                size += bytes(value);
            }
        }
        if (size > ANNOTATIONS_LENGTH) {
            invalid(annotations.span(), "the annotations take " + size + " bytes, but at most 262144 are allowed");
        }
    }

    private void owners(Sequence owners) {
        Node controller = null;
        for (Node owner : owners.items()) {
            for (String field : new String[] {"apiVersion", "kind", "name", "uid"}) {
                Node node = owner.at(field);
                if (node != null && "".equals(owner.text(field))) {
                    invalid(node.span(), "`" + field + "` of an owner is empty");
                }
            }
            Node version = owner.at("apiVersion");
            String written = owner.text("apiVersion");
            if (version != null && written != null && (written.endsWith("/") || written.split("/", -1).length > 2)) {
                invalid(version.span(), Shown.of(written) + " is not an API version: write `v1`, or `apps/v1`");
            }
            if ("v1".equals(written) && "Event".equals(owner.text("kind"))) {
                invalid(owner.span(), "an Event cannot be an owner");
            }
            if (owner.at("controller") instanceof Scalar scalar && Boolean.TRUE.equals(scalar.value())) {
                if (controller != null) {
                    invalid(scalar.span(), "only one owner can be the controller");
                }
                controller = owner;
            }
        }
    }

    private void finalizers(Sequence finalizers) {
        boolean orphan = false;
        boolean foreground = false;
        for (Node item : finalizers.items()) {
            key(item, "a finalizer", false);
            Object value = item instanceof Scalar scalar ? scalar.value() : null;
            orphan |= "orphan".equals(value);
            foreground |= "foregroundDeletion".equals(value);
        }
        if (orphan && foreground) {
            invalid(finalizers.span(), "the finalizers `orphan` and `foregroundDeletion` contradict each other");
        }
    }

    private void key(Node node, String what, boolean anyCase) {
        if (!(node instanceof Scalar scalar) || !(scalar.value() instanceof String key)) {
            return;
        }
        String wrong = qualified(anyCase ? key.toLowerCase(Locale.ROOT) : key);
        if (wrong != null) {
            invalid(node.span(), Shown.of(key) + " is not a name of " + what + ": " + wrong);
        }
    }

    static @Nullable String qualified(String key) {
        int slash = key.indexOf('/');
        if (slash != key.lastIndexOf('/')) {
            return "only one `/` is allowed, after the domain";
        }
        if (slash >= 0 && subdomain(key.substring(0, slash)) != null) {
            return "what stands before `/` must be a domain";
        }
        String name = key.substring(slash + 1);
        if (name.length() > LABEL_LENGTH) {
            return "longer than 63 characters";
        }
        return Names.isQualified(name)
                ? null
                : "it takes letters, digits, `-`, `_` and `.`, with a letter or digit at each end";
    }

    static @Nullable String labelValue(String value) {
        if (bytes(value) > LABEL_LENGTH) {
            return "longer than 63 characters";
        }
        return value.isEmpty() || Names.isQualified(value)
                ? null
                : "it takes letters, digits, `-`, `_` and `.`, with a letter or digit at each end";
    }

    private static @Nullable String subdomain(String name) {
        if (bytes(name) > SUBDOMAIN_LENGTH) {
            return "longer than 253 characters";
        }
        return Names.isSubdomain(name)
                ? null
                : "it takes lower-case letters, digits, `-` and `.`, with a letter or digit at each end";
    }

    private static @Nullable String label(String name, boolean isSound, String takes) {
        if (bytes(name) > LABEL_LENGTH) {
            return "longer than 63 characters";
        }
        return isSound ? null : "it takes " + takes;
    }

    private static int bytes(String text) {
        int bytes = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            // Two halves of a pair make four bytes.
            bytes += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
        }
        return bytes;
    }

    private void invalid(Span span, String message) {
        findings.add("invalid-metadata", span, message, "");
    }
}
