package dev.thrum.loop;

import dev.thrum.scope.Trace;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The open handles of a loop, and how many of them keep it alive. Timers are counted here, but listed by their wheel.
///
/// Loop thread only.
final class HandleRegister {
    private final IdentityHashMap<LoopHandle, String> sites = new IdentityHashMap<>(); // while tracing
    private @Nullable LoopHandle first;
    private int referenced;

    /// A handle was opened, or closed.
    void count(LoopHandle handle, boolean open) {
        if (handle.countsForLife()) {
            refer(open);
        }
        if (Trace.ON) {
            if (open) {
                sites.put(handle, Trace.site(handle));
            } else {
                sites.remove(handle);
            }
        }
    }

    /// An open handle began, or ceased, to keep the loop alive.
    void refer(boolean more) {
        referenced += more ? 1 : -1;
    }

    int referenced() {
        return referenced;
    }

    void add(LoopHandle handle) {
        first = handle.appendTo(first);
        handle.setCounted(true);
    }

    void remove(LoopHandle handle) {
        if (first != null && handle.isCounted()) {
            first = handle.removeFrom(first);
            handle.setCounted(false);
        }
    }

    @Nullable LoopHandle first() {
        return first;
    }

    List<LoopHandle> toList() {
        var list = new ArrayList<LoopHandle>();
        LoopHandle ring = first;
        for (LoopHandle each = ring; ring != null && each != null; each = each.following(ring)) {
            list.add(each);
        }
        return list;
    }

    String describe(LoopHandle handle) {
        String site = sites.get(handle);
        return site == null ? handle.toString() : handle + ", made at " + site;
    }
}
