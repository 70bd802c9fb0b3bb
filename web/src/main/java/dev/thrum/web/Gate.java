package dev.thrum.web;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Counts the connections of a server, for all of its loops. What it remembers is bounded by the connections that are open.
final class Gate {
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicLong turnedAway = new AtomicLong();
    private final ConcurrentHashMap<Object, Integer> byAddress = new ConcurrentHashMap<>();

    /// {@return whether one more connection may be kept; then [#leave] has to follow}
    boolean enter(SocketAddress address, Admission admission) {
        return enterUnknown(admission) && known(address, admission);
    }

    /// {@return whether one more connection may be kept, whosever it is; then [#known] or [#leaveUnknown] has to follow}
    boolean enterUnknown(Admission admission) {
        if (open.incrementAndGet() > admission.connections()) {
            open.decrementAndGet();
            turnedAway.incrementAndGet();
            return false;
        }
        return true;
    }

    /// {@return whether one that has entered may be kept, now that its address is known; then [#leave] has to follow}
    boolean known(SocketAddress address, Admission admission) {
        if (!enterFrom(key(address), admission.perAddress())) {
            open.decrementAndGet();
            turnedAway.incrementAndGet();
            return false;
        }
        return true;
    }

    void leaveUnknown() {
        open.decrementAndGet();
    }

    private boolean enterFrom(@Nullable Object key, int most) {
        if (key == null) {
            return true;
        }
        boolean[] entered = {false};
        byAddress.compute(key, (_, count) -> {
            int others = count == null ? 0 : count;
            entered[0] = others < most;
            return entered[0] ? Integer.valueOf(others + 1) : count;
        });
        return entered[0];
    }

    void leave(SocketAddress address) {
        open.decrementAndGet();
        Object key = key(address);
        if (key != null) {
            byAddress.computeIfPresent(key, (_, count) -> count == 1 ? null : count - 1);
        }
    }

    long turnedAway() {
        return turnedAway.get();
    }

    /// {@return how many addresses it remembers}
    int addresses() {
        return byAddress.size();
    }

    /// {@return what counts as one address}
    private static @Nullable Object key(SocketAddress address) {
        if (!(address instanceof InetSocketAddress internet)) {
            return null;
        }
        InetAddress host = internet.getAddress();
        return host instanceof Inet6Address ? ByteBuffer.wrap(host.getAddress()).getLong() : host;
    }
}
