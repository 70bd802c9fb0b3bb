package dev.thrum.web;

import dev.thrum.http.Exchange;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.LongStream;

/// What one loop of a server has answered.
///
/// The loop's thread alone writes, and without a fence; others read what is a moment old.
final class Tally {
    private static final int UNREADY = 0;
    private static final int ABORTED = 6; // the classes of status are 1 to 5
    private static final int TIME = 7; // nanoseconds, in all
    private static final int FIRST = 8; // of the histogram
    private static final long[] BOUNDS = { // nanoseconds
        500_000, 1_000_000, 2_000_000, 5_000_000, 10_000_000, 20_000_000, 50_000_000, 100_000_000, 200_000_000, 500_000_000,
        1_000_000_000, 2_000_000_000, 5_000_000_000L, 10_000_000_000L
    };

    private final AtomicLongArray counts = new AtomicLongArray(FIRST + BOUNDS.length + 1);

    /// Counts an exchange that is over. On the loop.
    void count(Exchange exchange) {
        if (exchange.isAborted()) {
            increase(ABORTED, 1);
        } else {
            count(exchange.response().status(), exchange.age().toNanos());
        }
    }

    /// Counts an answer that tells how the server is, when it is over, if it says no. On the loop.
    void countUnready(Exchange exchange) {
        if (!exchange.isAborted() && exchange.response().status() >= 500) {
            increase(UNREADY, 1);
        }
    }

    void count(int status, long nanos) {
        increase(status / 100, 1);
        increase(TIME, nanos);
        int bucket = 0;
        while (bucket < BOUNDS.length && nanos > BOUNDS[bucket]) { // most answers are in the first ones
            bucket++;
        }
        increase(FIRST + bucket, 1);
    }

    private void increase(int index, long more) {
        counts.setOpaque(index, counts.getPlain(index) + more);
    }

    // ---- any thread

    /// Adds these counts to those of others.
    void addTo(long[] sum) {
        for (int i = 0; i < sum.length; i++) {
            sum[i] += counts.getOpaque(i);
        }
    }

    /// {@return the upper bounds of the histogram, in nanoseconds}
    static LongStream bounds() {
        return Arrays.stream(BOUNDS);
    }

    /// {@return room for a sum}
    static long[] none() {
        return new long[FIRST + BOUNDS.length + 1];
    }

    static long ofClass(long[] sum, int first) {
        return sum[first];
    }

    static long unready(long[] sum) {
        return sum[UNREADY];
    }

    static long aborted(long[] sum) {
        return sum[ABORTED];
    }

    static long time(long[] sum) {
        return sum[TIME];
    }

    /// {@return the histogram}
    static long[] histogram(long[] sum) {
        return Arrays.copyOfRange(sum, FIRST, sum.length);
    }
}
