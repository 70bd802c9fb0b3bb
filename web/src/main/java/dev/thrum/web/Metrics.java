package dev.thrum.web;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/// What a server has answered since it started, over all of its loops and all versions of its application, and what it has to do
/// now: [Server#metrics]. A moment old, and its numbers may disagree by a few.
///
/// ```java
/// Metrics metrics = server.metrics();
/// System.out.println(metrics.requests() + " requests, " + metrics.failed() + " failed, 99 % within " + metrics.within(0.99));
/// ```
///
/// Each loop counts for itself, so that counting takes nothing from anybody. A request is counted when it is over; its time is from its
/// last byte to the last byte of its answer.
///
/// **Threads.** Immutable.
/// @param succeeded answers with a status of 2xx
/// @param redirected answers with a status of 3xx
/// @param refused answers with a status of 4xx
/// @param failed answers with a status of 5xx, those included that were [shed][#shed]
/// @param unready how many of those that failed were of [Health], which said no: the error budget does not count them
/// @param aborted requests without a whole answer: the client went away, or something failed too late
/// @param inWork requests that are waiting for their answer now
/// @param inLine requests that are waiting for a place now: [Capacity]
/// @param shed requests that were refused, since there was no room for them
/// @param turnedAway connections that were closed at once, since there were too many: [Admission]
/// @param latencies how many answers took no longer than each of [#BOUNDS], and longer than the one before; the last: longer than all
/// @param time how long all answers have taken together
public record Metrics(
        long succeeded,
        long redirected,
        long refused,
        long failed,
        long unready,
        long aborted,
        int inWork,
        int inLine,
        long shed,
        long turnedAway,
        List<Long> latencies,
        Duration time) {

    /// The bounds of the histogram: from half a millisecond to ten seconds.
    public static final List<Duration> BOUNDS = Tally.bounds().mapToObj(Duration::ofNanos).toList();

    /// Copies the histogram.
    public Metrics {
        latencies = List.copyOf(latencies);
    }

    static Metrics of(Stream<Tally> tallies, Load load, long turnedAway) {
        long[] sum = Tally.none();
        tallies.forEach(tally -> tally.addTo(sum));
        return new Metrics(
                Tally.ofClass(sum, 2),
                Tally.ofClass(sum, 3),
                Tally.ofClass(sum, 4),
                Tally.ofClass(sum, 5),
                Tally.unready(sum),
                Tally.aborted(sum),
                load.inWork(),
                load.waiting(),
                load.shed(),
                turnedAway,
                Arrays.stream(Tally.histogram(sum)).boxed().toList(),
                Duration.ofNanos(Tally.time(sum)));
    }

    /// {@return how many requests are over}
    public long requests() {
        return answered() + aborted;
    }

    /// {@return how many requests were answered}
    public long answered() {
        return succeeded + redirected + refused + failed;
    }

    /// {@return within what time a share of the answers were there: the bound of the histogram that they are not beyond, or the
    /// longest time there is if it has none} Zero without answers.
    /// @param share of the answers, such as 0.99
    /// @throws IllegalArgumentException if `share` is not within 0 and 1
    public Duration within(double share) {
        if (!(share >= 0 && share <= 1)) {
            throw new IllegalArgumentException("share must be 0..1: " + share);
        }
        long wanted = (long) Math.ceil(share * latencies.stream().mapToLong(Long::longValue).sum());
        if (wanted == 0) {
            return Duration.ZERO;
        }
        long seen = 0;
        for (int i = 0; i < BOUNDS.size(); i++) {
            seen += latencies.get(i);
            if (seen >= wanted) {
                return BOUNDS.get(i);
            }
        }
        return ChronoUnit.FOREVER.getDuration();
    }
}
