package dev.bellman.cel;

import dev.bellman.document.Mapping;
import dev.bellman.document.Node;
import dev.bellman.document.Scalar;
import dev.bellman.document.Sequence;
import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.values.CelValue;
import dev.cel.common.values.NullValue;
import dev.cel.common.values.SelectableValue;
import java.util.AbstractList;
import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.ListIterator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Documents as the engine's values.
///
/// They are the engine's own kind of value, so that it does not copy the whole object at each access (fifty times
/// slower, measured), and every access is noted in [Reads].
// Views of immutable documents; what changes is the note of what was read.
@SuppressWarnings("Immutable")
final class Values {
    private Values() {}

    static Object of(Node node, Reads reads) {
        return switch (node) {
            case Mapping mapping -> new ObjectValue(mapping, reads);
            case Sequence sequence -> new ListValue(sequence, reads);
            case Scalar scalar -> {
                reads.add(scalar);
                Object value = scalar.value();
                yield value == null ? NullValue.NULL_VALUE : value;
            }
        };
    }

    /// A mapping, as an object with fields and as a map with keys: which of the two it is only a schema could say.
    static final class ObjectValue extends CelValue implements SelectableValue<Object>, Map<Object, Object> {
        private static final CelType TYPE = MapType.create(SimpleType.STRING, SimpleType.DYN);

        private final Mapping mapping;
        private final Reads reads;
        private final Map<Object, Object> view;

        ObjectValue(Mapping mapping, Reads reads) {
            this.mapping = mapping;
            this.reads = reads;
            this.view = new View(mapping, reads);
        }

        @Override
        public Object select(Object field) {
            Object found = get(field);
            if (found == null) {
                throw new IllegalArgumentException("no such key: " + field);
            }
            return found;
        }

        @Override
        public Optional<Object> find(Object field) {
            return Optional.ofNullable(get(field));
        }

        @Override
        public Object value() {
            return this;
        }

        @Override
        public boolean isZeroValue() {
            return mapping.entries().isEmpty();
        }

        @Override
        public CelType celType() {
            return TYPE;
        }

        @Override
        public int size() {
            return mapping.entries().size();
        }

        @Override
        public boolean isEmpty() {
            return mapping.entries().isEmpty();
        }

        @Override
        public boolean containsKey(@Nullable Object key) {
            Node node = key instanceof String name ? mapping.get(name) : null;
            reads.add(node == null ? mapping : node);
            return node != null;
        }

        @Override
        public @Nullable Object get(@Nullable Object key) {
            Node node = key instanceof String name ? mapping.get(name) : null;
            if (node == null) {
                reads.absent(mapping);
                return null;
            }
            return Values.of(node, reads);
        }

        @Override
        public boolean containsValue(@Nullable Object value) {
            return view.containsValue(value);
        }

        @Override
        public Set<Object> keySet() {
            return view.keySet();
        }

        @Override
        public Collection<Object> values() {
            return view.values();
        }

        @Override
        public Set<Entry<Object, Object>> entrySet() {
            return view.entrySet();
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return view.equals(other);
        }

        @Override
        public int hashCode() {
            return view.hashCode();
        }

        @Override
        public String toString() {
            return view.toString();
        }

        @Override
        public Object put(Object key, Object value) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Object remove(@Nullable Object key) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void putAll(Map<? extends Object, ? extends Object> map) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void clear() {
            throw new UnsupportedOperationException();
        }
    }

    /// What the map interface needs beside single accesses.
    private static final class View extends AbstractMap<Object, Object> {
        private final Mapping mapping;
        private final Reads reads;

        View(Mapping mapping, Reads reads) {
            this.mapping = mapping;
            this.reads = reads;
        }

        @Override
        public Set<Entry<Object, Object>> entrySet() {
            return new AbstractSet<>() {
                @Override
                public Iterator<Entry<Object, Object>> iterator() {
                    return mapping.entries().stream()
                            .<Entry<Object, Object>>map(entry -> {
                                reads.add(entry.key());
                                return Map.entry(entry.name(), Values.of(entry.value(), reads));
                            })
                            .iterator();
                }

                @Override
                public int size() {
                    return mapping.entries().size();
                }
            };
        }
    }

    static final class ListValue extends CelValue implements List<Object> {
        private static final CelType TYPE = ListType.create(SimpleType.DYN);

        private final Sequence sequence;
        private final List<Object> view;

        ListValue(Sequence sequence, Reads reads) {
            this.sequence = sequence;
            this.view = new AbstractList<>() {
                @Override
                public Object get(int index) {
                    return Values.of(sequence.items().get(index), reads);
                }

                @Override
                public int size() {
                    return sequence.items().size();
                }
            };
            reads.add(sequence);
        }

        @Override
        public Object value() {
            return this;
        }

        @Override
        public boolean isZeroValue() {
            return sequence.items().isEmpty();
        }

        @Override
        public CelType celType() {
            return TYPE;
        }

        @Override
        public int size() {
            return view.size();
        }

        @Override
        public boolean isEmpty() {
            return view.isEmpty();
        }

        @Override
        public boolean contains(@Nullable Object item) {
            return view.contains(item);
        }

        @Override
        public Iterator<Object> iterator() {
            return view.iterator();
        }

        @Override
        public Object[] toArray() {
            return view.toArray();
        }

        @Override
        public <T> T[] toArray(T[] array) {
            return view.toArray(array);
        }

        @Override
        public boolean containsAll(Collection<?> items) {
            return view.containsAll(items);
        }

        @Override
        public Object get(int index) {
            return view.get(index);
        }

        @Override
        public int indexOf(@Nullable Object item) {
            return view.indexOf(item);
        }

        @Override
        public int lastIndexOf(@Nullable Object item) {
            return view.lastIndexOf(item);
        }

        @Override
        public ListIterator<Object> listIterator() {
            return view.listIterator();
        }

        @Override
        public ListIterator<Object> listIterator(int index) {
            return view.listIterator(index);
        }

        @Override
        public List<Object> subList(int from, int to) {
            return view.subList(from, to);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return view.equals(other);
        }

        @Override
        public int hashCode() {
            return view.hashCode();
        }

        @Override
        public String toString() {
            return view.toString();
        }

        @Override
        public boolean add(Object item) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void add(int index, Object item) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Object set(int index, Object item) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean remove(@Nullable Object item) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Object remove(int index) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean addAll(Collection<? extends Object> items) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean addAll(int index, Collection<? extends Object> items) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean removeAll(Collection<?> items) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean retainAll(Collection<?> items) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void clear() {
            throw new UnsupportedOperationException();
        }
    }
}
