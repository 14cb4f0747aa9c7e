package dev.bellman.operator;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One thing to write to the API server.
sealed interface Change {
    /// What is written, for people and for findings: `Kind namespace/name`.
    String object();

    /// Bellman's fields of Calico's BGPConfiguration `default`; those that it had and are not there are given up.
    record ApplyBgpConfiguration(Map<String, Object> spec) implements Change {
        @Override
        public String object() {
            return "BGPConfiguration default";
        }
    }

    /// @param uid so that no other Service of the same name is written
    /// @param original the value that comes back when the policy goes
    /// @param policy who asked, as `namespace/name`, or null
    record PatchService(
            String namespace,
            String name,
            String uid,
            String value,
            String original,
            @Nullable String policy) implements Change {
        @Override
        public String object() {
            return "Service " + namespace + "/" + name;
        }
    }

    /// Gives the field of a Service back as it was.
    record RestoreService(String namespace, String name, String uid, String original) implements Change {
        @Override
        public String object() {
            return "Service " + namespace + "/" + name;
        }
    }

    /// @param spec with its hash
    record ApplyNodePlanSlice(String name, Map<String, Object> spec) implements Change {
        @Override
        public String object() {
            return "NodePlanSlice " + name;
        }
    }

    /// Of one that no NodePlan names any more.
    record DeleteNodePlanSlice(String name) implements Change {
        @Override
        public String object() {
            return "NodePlanSlice " + name;
        }
    }

    /// @param spec with its hash
    record ApplyNodePlan(String name, Map<String, Object> spec) implements Change {
        @Override
        public String object() {
            return "NodePlan " + name;
        }
    }

    /// Of a node that is gone.
    record DeleteNodePlan(String name) implements Change {
        @Override
        public String object() {
            return "NodePlan " + name;
        }
    }
}
