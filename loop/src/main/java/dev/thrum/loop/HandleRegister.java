package dev.thrum.loop;

import dev.thrum.scope.Registration;
import dev.thrum.scope.Scope;
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
    private final IdentityHashMap<LoopHandle, Registration> ties = new IdentityHashMap<>(); // to scopes that may be cancelled
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
        if (!open && handle.scope().cancellable()) {
            untie(handle);
        }
    }

    /// Makes an open handle close when its scope is cancelled; at once if that has happened already.
    void tie(LoopHandle handle) {
        Scope scope = handle.scope();
        if (scope.cancellable()) {
            Registration tie = scope.onCancel(_ -> handle.scopeEnded());
            if (handle.isCounted()) {
                ties.put(handle, tie);
            }
        }
    }

    private void untie(LoopHandle handle) {
        Registration tie = ties.remove(handle);
        if (tie != null) {
            tie.close();
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
