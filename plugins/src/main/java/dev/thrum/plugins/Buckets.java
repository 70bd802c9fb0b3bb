package dev.thrum.plugins;

import java.util.LinkedHashMap;
import java.util.Map;

/// How much each of many has left of what it may take in a time.
final class Buckets {
    /*
     * One number for each: the time at which all it has taken is paid for, at so much for each (the generic cell rate algorithm). It may
     * be ahead of now by what a burst costs. Whoever is paid up need not be remembered, so the one that came first can be
     * forgotten when there are too many: then it only gets more than it should if others have pushed it out.
     *
     * Shards, each with a lock of its own, under which no code of others runs.
     */
    private static final int SHARDS = 64;

    private final long cost; // nanoseconds
    private final long most; // nanoseconds ahead
    private final Shard[] shards = new Shard[SHARDS];

    private static final class Shard extends LinkedHashMap<String, Long> {
        private static final long serialVersionUID = 1L;

        private final int capacity;

        Shard(int capacity) {
            super(16, 0.75f, true);
            this.capacity = capacity;
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > capacity;
        }
    }

    Buckets(long cost, int burst, int capacity) {
        this.cost = Math.max(1, cost);
        this.most = Math.multiplyExact(this.cost, burst);
        for (int i = 0; i < SHARDS; i++) {
            shards[i] = new Shard(Math.ceilDiv(capacity, SHARDS));
        }
    }

    /// Takes one.
    /// @return 0, or how many nanoseconds to wait for it, and then nothing is taken
    long take(String key, long now) {
        Shard shard = shards[spread(key.hashCode())];
        synchronized (shard) {
            Long before = shard.get(key);
            long paid = before == null || before - now < 0 ? now : before;
            long ahead = paid + cost - now;
            if (ahead > most) {
                return ahead - most;
            }
            shard.put(key, paid + cost);
            return 0;
        }
    }

    private static int spread(int hash) {
        return (hash * 0x9E3779B9) >>> 26;
    }

    int size() {
        int size = 0;
        for (Shard shard : shards) {
            synchronized (shard) {
                size += shard.size();
            }
        }
        return size;
    }
}
