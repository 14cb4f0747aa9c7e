package dev.bellman.operator;

import dev.bellman.document.Manifest;
import dev.bellman.document.Mapping;
import dev.bellman.document.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// Who owns which fields of an object (`metadata.managedFields`, Kubernetes server-side apply).
///
/// @param owners in the order in which the API server lists them
record ManagedFields(List<Owner> owners) {
    /// @param apply whether by server-side apply, rather than by an update
    /// @param fields as `fieldsV1`
    record Owner(String manager, boolean apply, Node fields) {
        boolean owns(String... path) {
            String[] keys = new String[path.length];
            for (int i = 0; i < path.length; i++) {
                keys[i] = "f:" + path[i];
            }
            return fields.at(keys) != null;
        }
    }

    static ManagedFields of(Manifest manifest) {
        List<Owner> owners = new ArrayList<>();
        for (Node entry : manifest.root().items("metadata", "managedFields")) {
            Node fields = entry.at("fieldsV1");
            // The status is another matter, and has its own rules.
            if (fields != null && entry.text("subresource") == null) {
                owners.add(new Owner(
                        String.valueOf(entry.text("manager")), "Apply".equals(entry.text("operation")), fields));
            }
        }
        return new ManagedFields(owners);
    }

    /// The keys below a path that a manager owns by server-side apply.
    Set<String> ownedBy(String manager, String below) {
        Set<String> keys = new TreeSet<>();
        for (Owner owner : owners) {
            if (owner.apply()
                    && owner.manager().equals(manager)
                    && owner.fields().at("f:" + below) instanceof Mapping fields) {
                fields.entries().stream()
                        .map(Mapping.Entry::name)
                        .filter(key -> key.startsWith("f:"))
                        .forEach(key -> keys.add(key.substring(2)));
            }
        }
        return keys;
    }

    /// The others that own a field.
    List<Owner> othersWith(String manager, String... path) {
        return owners.stream()
                .filter(owner -> !(owner.manager().equals(manager) && owner.apply()) && owner.owns(path))
                .toList();
    }
}
