package dev.thrum.promise;

import dev.thrum.scope.Dump;
import dev.thrum.scope.Home;
import dev.thrum.scope.Scope;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The promises that wait to be settled from outside, as a [Dump] sees them: known while tracing only, since to know them costs
/// as much as the promises themselves.
final class PendingPromises {
    private static final int FIRST = 1_000;
    private static final Set<Entry> ALL = ConcurrentHashMap.newKeySet();
    private static final ReferenceQueue<Source<?>> FORGOTTEN = new ReferenceQueue<>();

    static {
        Dump.include("promises", PendingPromises::seen);
    }

    private PendingPromises() {}

    /// A promise that may be collected. It is the same as another entry of it.
    private static final class Entry extends WeakReference<Source<?>> {
        private final int hash;
        private final long since = System.nanoTime();

        Entry(Source<?> promise) {
            super(promise, FORGOTTEN);
            this.hash = System.identityHashCode(promise);
        }

        @Override
        public int hashCode() {
            return hash;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            Source<?> promise = get();
            return this == other || (promise != null && other instanceof Entry entry && entry.refersTo(promise));
        }
    }

    static void add(Source<?> promise) {
        ALL.add(new Entry(promise));
        for (Reference<?> gone = FORGOTTEN.poll(); gone != null; gone = FORGOTTEN.poll()) {
            ALL.remove(gone);
        }
    }

    static void remove(Source<?> promise) {
        ALL.remove(new Entry(promise));
    }

    private static Map<String, ?> seen() {
        List<Map<String, String>> waits = new ArrayList<>();
        List<Map<String, Object>> pending = new ArrayList<>();
        for (Entry entry : ALL) {
            Source<?> promise = entry.get();
            if (promise != null && promise.settled() == null && pending.size() < FIRST) {
                pending.add(seen(promise, entry.since, waits));
            }
        }
        return Map.of("name", "made while tracing, and not settled", "count", ALL.size(), "pending", pending, "waits", waits);
    }

    private static Map<String, Object> seen(Source<?> promise, long since, List<Map<String, String>> waits) {
        String name = Unseen.origin(promise);
        String work = promise.scope().get(Scope.WORK).map(Supplier::get).orElse("");
        Map<String, Object> seen = new LinkedHashMap<>();
        seen.put("name", name);
        seen.put("ageMillis", TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - since));
        if (promise.home != Home.root()) {
            seen.put("home", promise.home);
        }
        if (!work.isEmpty()) {
            seen.put("work", work);
            waits.add(Map.of("who", work, "for", name));
        }
        promise.threads().forEach(thread -> waits.add(Map.of("who", "thread " + thread.getName(), "for", name)));
        return seen;
    }
}
