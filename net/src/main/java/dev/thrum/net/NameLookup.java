package dev.thrum.net;

import static java.util.concurrent.TimeUnit.SECONDS;

import dev.thrum.promise.Promise;
import dev.thrum.promise.Resolver;
import dev.thrum.scope.Home;
import dev.thrum.scope.Registration;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.function.Consumer;

/// Questions to the resolver, one kind of them, on a lane that all kinds share.
///
/// What is open, and who waits for it, is guarded by this; no promise is settled and no question asked under the lock.
final class NameLookup<K, V> {
    /// How many questions are asked at a time: one that a dead server leaves open for a minute shall not stop the others.
    private static final int THREADS = 8;

    private static final ThreadPoolExecutor LANE = lane();

    private final Question<K, V> resolver;
    private final Map<K, Lookup> open = new HashMap<>(); // guarded by this

    /// What blocks.
    interface Question<K, V> {
        V ask(K key) throws IOException;
    }

    NameLookup(Question<K, V> resolver) {
        this.resolver = resolver;
    }

    private static ThreadPoolExecutor lane() {
        var lane = new ThreadPoolExecutor(
                THREADS,
                THREADS,
                10,
                SECONDS,
                new LinkedBlockingQueue<>(),
                Thread.ofPlatform().daemon().name("thrum-names-", 0).factory());
        lane.allowCoreThreadTimeOut(true);
        return lane;
    }

    static void check(Duration limit) {
        if (!limit.isPositive()) {
            throw new IllegalArgumentException("limit must be positive: " + limit);
        }
    }

    /// {@return the answer, at the current home, which is held meanwhile}
    Promise<V> find(K key, Duration limit) {
        Resolver<V> waiter = Resolver.holding();
        Lookup lookup = join(key, waiter);
        Registration alarm = Home.current().schedule(limit, () -> {
            forget(lookup, waiter);
            waiter.reject(new NetException.Timeout("no answer within " + limit + ": " + text(key), null));
        });
        if (!arm(lookup, waiter, alarm)) {
            alarm.close();
        }
        waiter.onCancel(reason -> forget(lookup, waiter));
        return waiter.promise();
    }

    private synchronized Lookup join(K key, Resolver<V> waiter) {
        Lookup lookup = open.get(key);
        if (lookup == null) {
            lookup = new Lookup(key);
            open.put(key, lookup);
            LANE.execute(lookup);
        }
        lookup.waiters.put(waiter, Registration.none());
        return lookup;
    }

    /// {@return whether the answer is still to come}
    private synchronized boolean arm(Lookup lookup, Resolver<V> waiter, Registration alarm) {
        return lookup.waiters.replace(waiter, alarm) != null;
    }

    private void forget(Lookup lookup, Resolver<V> waiter) {
        Registration alarm;
        synchronized (this) {
            alarm = lookup.waiters.remove(waiter);
            if (lookup.waiters.isEmpty() && LANE.remove(lookup)) {
                open.remove(lookup.key, lookup);
            }
        }
        if (alarm != null) {
            alarm.close();
        }
    }

    private synchronized Map<Resolver<V>, Registration> end(Lookup lookup) {
        open.remove(lookup.key, lookup);
        Map<Resolver<V>, Registration> last = lookup.waiters;
        lookup.waiters = new HashMap<>();
        return last;
    }

    private static String text(Object key) {
        return key instanceof InetAddress address ? address.getHostAddress() : key.toString();
    }

    /// One question, and everybody who waits for its answer.
    private final class Lookup implements Runnable {
        private final K key;
        private Map<Resolver<V>, Registration> waiters = new HashMap<>(); // guarded by the lookup of names

        Lookup(K key) {
            this.key = key;
        }

        @Override
        public void run() {
            try {
                V answer = resolver.ask(key);
                settle(waiter -> waiter.resolve(answer));
            } catch (IOException e) {
                NetException problem = NetException.of(e, text(key));
                settle(waiter -> waiter.reject(problem));
            } catch (RuntimeException | Error e) {
                settle(waiter -> waiter.reject(e));
            }
        }

        private void settle(Consumer<Resolver<V>> how) {
            end(this).forEach((waiter, alarm) -> {
                alarm.close();
                how.accept(waiter);
            });
        }
    }
}
