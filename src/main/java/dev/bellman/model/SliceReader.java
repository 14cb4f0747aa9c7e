package dev.bellman.model;

import dev.bellman.document.Manifest;
import dev.bellman.document.Mapping;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads the EndpointSlices of a cluster again and again. One that is the very same document as the last time
/// is the very same slice.
public final class SliceReader {
    private List<Manifest> manifests = List.of();
    private List<EndpointSlice> slices = List.of();

    /// Where the slice of each document is. One that is declared and observed is a document of its own.
    private IdentityHashMap<Mapping, Integer> places = new IdentityHashMap<>();

    /// As [ModelReader#slices] answers.
    ///
    /// @param next all EndpointSlices, each with its namespace
    public List<EndpointSlice> next(List<Manifest> next) {
        List<EndpointSlice> replaced = replace(next);
        slices = replaced == null ? readAll(next) : replaced;
        manifests = next;
        return slices;
    }

    /// Most of what happens in a cluster is that a slice says something else. The order of the others, which takes
    /// longer to make than to read one, stays.
    ///
    /// @return null where more has happened than that
    @SuppressWarnings("ReferenceEquality")
    private @Nullable List<EndpointSlice> replace(List<Manifest> next) {
        if (next.size() != manifests.size()) {
            return null;
        }
        List<EndpointSlice> now = new ArrayList<>(slices);
        List<Replaced> replaced = new ArrayList<>();
        for (int i = 0; i < next.size(); i++) {
            Manifest before = manifests.get(i);
            Manifest after = next.get(i);
            if (before.root() != after.root() || !before.namespace().equals(after.namespace())) {
                Integer place = places.get(before.root());
                EndpointSlice slice = place != null && isSameObject(before, after) ? read(after) : null;
                if (place == null || slice == null) {
                    return null;
                }
                now.set(place, slice);
                replaced.add(new Replaced(place, before.root(), after.root()));
            }
        }
        replaced.forEach(one -> places.remove(one.before()));
        replaced.forEach(one -> places.put(one.after(), one.place()));
        return now;
    }

    private record Replaced(int place, Mapping before, Mapping after) {}

    private static boolean isSameObject(Manifest one, Manifest other) {
        return one.name().equals(other.name())
                && one.namespace().equals(other.namespace())
                && one.group().equals(other.group())
                && one.observed() == other.observed();
    }

    private static @Nullable EndpointSlice read(Manifest manifest) {
        return ClusterReader.slice(
                manifest.observed() ? Overlay.Twin.of(null, manifest) : Overlay.Twin.of(manifest, null));
    }

    private List<EndpointSlice> readAll(List<Manifest> next) {
        IdentityHashMap<Mapping, Integer> now = new IdentityHashMap<>(next.size());
        List<EndpointSlice> read = new ArrayList<>(next.size());
        for (Overlay.Twin twin : Overlay.of(next).twins(ModelReader.ENDPOINT_SLICE)) {
            Mapping document = twin.manifest().root();
            Integer place = places.get(document);
            EndpointSlice before = place == null ? null : slices.get(place);
            EndpointSlice slice =
                    before != null && before.namespace().equals(twin.manifest().namespace())
                            ? before
                            : ClusterReader.slice(twin);
            if (slice != null) {
                now.put(document, read.size());
                read.add(slice);
            }
        }
        places = now;
        return read;
    }
}
