package dev.bellman.model;

import dev.bellman.document.Mapping;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;

/// Reads the EndpointSlices of a cluster again and again. One that is the very same document as the last time
/// is the very same slice.
public final class SliceReader {
    private IdentityHashMap<Mapping, EndpointSlice> known = new IdentityHashMap<>();

    /// As [ModelReader#slices] answers.
    public List<EndpointSlice> next(Overlay overlay) {
        IdentityHashMap<Mapping, EndpointSlice> now = new IdentityHashMap<>(known.size());
        List<EndpointSlice> slices = new ArrayList<>(known.size());
        for (Overlay.Twin twin : overlay.twins(ModelReader.ENDPOINT_SLICE)) {
            Mapping document = twin.manifest().root();
            EndpointSlice before = known.get(document);
            EndpointSlice slice =
                    before != null && before.namespace().equals(twin.manifest().namespace())
                            ? before
                            : ClusterReader.slice(twin);
            if (slice != null) {
                now.put(document, slice);
                slices.add(slice);
            }
        }
        known = now;
        return slices;
    }
}
