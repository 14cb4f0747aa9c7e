package dev.bellman.cel;

import dev.cel.common.types.OpaqueType;
import dev.cel.common.values.OpaqueValue;
import org.jspecify.annotations.Nullable;

/// A value of a type that only Kubernetes' library knows. Equal when what it holds is.
///
/// Each type has a class of its own, by which the engine finds the function to call.
// The values held are immutable in fact; Error Prone wants an annotation on every one of their types.
@SuppressWarnings("Immutable")
abstract class Opaque<T> extends OpaqueValue {
    private final OpaqueType type;
    private final T held;

    Opaque(OpaqueType type, T held) {
        this.type = type;
        this.held = held;
    }

    final T held() {
        return held;
    }

    @Override
    public final Object value() {
        return this;
    }

    @Override
    public final OpaqueType celType() {
        return type;
    }

    @Override
    public final boolean equals(@Nullable Object other) {
        return other instanceof Opaque<?> opaque && type.equals(opaque.type) && held.equals(opaque.held);
    }

    @Override
    public final int hashCode() {
        return held.hashCode();
    }

    @Override
    public final String toString() {
        return held.toString();
    }
}
