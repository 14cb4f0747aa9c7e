package dev.bellman.document;

import dev.bellman.diagnostic.Span;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Keys and values in the order written. Keys are strings and unique: the parser reports a second one, and keeps
/// only that, as kubectl does.
///
/// @param empty the keys that stand there without a value or with `null`: no fields, as the API server drops them, but
///     it has looked at their names
public record Mapping(List<Entry> entries, List<Scalar> empty, Span span) implements Node {
    /// One key and its value; the key is a Scalar whose value is a String.
    public record Entry(Scalar key, Node value) {
        public String name() {
            return String.valueOf(key.value());
        }
    }

    public Mapping {
        entries = List.copyOf(entries);
        empty = List.copyOf(empty);
    }

    public Mapping(List<Entry> entries, Span span) {
        this(entries, List.of(), span);
    }

    @Override
    public String type() {
        return "object";
    }

    /// The value of a key, or null. Manifests' mappings are short, so a scan beats a hash.
    public @Nullable Node get(String key) {
        Entry entry = entry(key);
        return entry == null ? null : entry.value();
    }

    /// This mapping laid over another: mappings merge key by key, any other value replaces the one below, as applying
    /// a manifest without knowledge of list keys does. Every value keeps its own place.
    public Mapping over(Mapping base) {
        List<Entry> merged = new ArrayList<>(entries);
        for (int i = 0; i < merged.size(); i++) {
            Entry entry = merged.get(i);
            if (entry.value() instanceof Mapping mine && base.get(entry.name()) instanceof Mapping theirs) {
                merged.set(i, new Entry(entry.key(), mine.over(theirs)));
            }
        }
        base.entries.stream().filter(entry -> entry(entry.name()) == null).forEach(merged::add);
        return new Mapping(merged, span);
    }

    /// This mapping with another value of a key, in its place, or at the end where it has none.
    public Mapping with(String key, Node value) {
        if (entry(key) == null) {
            List<Entry> more = new ArrayList<>(entries);
            more.add(new Entry(Scalar.of(key, span), value));
            return new Mapping(more, empty, span);
        }
        return new Mapping(
                entries.stream()
                        .map(entry -> entry.name().equals(key) ? new Entry(entry.key(), value) : entry)
                        .toList(),
                empty,
                span);
    }

    /// Whether a key stands there, be it without a value.
    public boolean isWritten(String key) {
        return entry(key) != null || empty.stream().anyMatch(scalar -> key.equals(scalar.value()));
    }

    public @Nullable Entry entry(String key) {
        for (Entry entry : entries) {
            if (key.equals(entry.key().value())) {
                return entry;
            }
        }
        return null;
    }
}
