package dev.thrum.web;

import static java.lang.System.Logger.Level.INFO;

import dev.thrum.http.HttpException;
import dev.thrum.loop.EventLoop;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// The end of a server's loops, step by step, by the thread that closes it. An interrupt cuts it short.
final class Closing {
    private static final Duration FOREVER = ChronoUnit.FOREVER.getDuration();
    private static final long LINE_EACH = TimeUnit.SECONDS.toNanos(1);
    private static final long LOOK = TimeUnit.MILLISECONDS.toNanos(500); // how long a loop may take to tell what is left
    private static final int NAMED = 5; // requests in a line

    private final String name;
    private final System.Logger log;
    private final List<Door> doors;
    private final List<Site> sites;
    private final Drain drain;
    private long nextLine = System.nanoTime() + LINE_EACH;

    Closing(String name, System.Logger log, List<Door> doors, List<Site> sites, Drain drain) {
        this.name = name;
        this.log = log;
        this.doors = doors;
        this.sites = sites;
        this.drain = drain;
    }

    /// Returns when all loops have ended.
    void run() {
        boolean interrupted = false;
        try {
            drain();
        } catch (InterruptedException e) {
            interrupted = true;
        }
        end(sites.stream().map(Site::loop).toList());
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void drain() throws InterruptedException {
        if (drain.equals(Drain.none()) || haveEnded(drain.notice())) {
            return;
        }
        doors.forEach(door -> door.drain(drain.quiet()));
        if (haveEnded(drain.grace())) {
            return;
        }
        HttpException problem = new HttpException(503, "the server stops, and this has taken too long")
                .withHeader("Retry-After", "1");
        sites.forEach(site -> site.cancel(drain.quiet(), problem));
        haveEnded(drain.farewell());
    }

    /// Waits for the loops to end, and tells what is left.
    /// @return whether all have ended within `limit`
    private boolean haveEnded(Duration limit) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        for (Site site : sites) {
            long now = System.nanoTime();
            while (!site.loop().awaitEnd(Duration.ofNanos(Math.max(0, Math.min(deadline - now, nextLine - now))))) {
                now = System.nanoTime();
                if (now - deadline >= 0) {
                    return false;
                }
                if (now - nextLine >= 0) {
                    nextLine = now + LINE_EACH;
                    tell();
                }
            }
        }
        return true;
    }

    /// Ends loops, and waits until they have, whatever interrupts it.
    static void end(List<EventLoop> loops) {
        loops.forEach(EventLoop::exit);
        boolean interrupted = false;
        for (EventLoop loop : loops) {
            boolean ended = false;
            while (!ended) {
                try {
                    ended = loop.awaitEnd(FOREVER);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    // ---- what is left

    private void tell() throws InterruptedException {
        List<String> requests = new ArrayList<>();
        List<String> stuck = new ArrayList<>();
        int connections = 0;
        for (Site site : sites) {
            try {
                Site.Left left = site.left().get(LOOK, TimeUnit.NANOSECONDS);
                connections += left.connections();
                requests.addAll(left.requests());
            } catch (TimeoutException | ExecutionException e) {
                stuck.add(site.loop().name());
            }
        }
        String line = name + ": " + text(requests, connections) + (stuck.isEmpty() ? "" : "; stuck: " + String.join(", ", stuck));
        log.log(INFO, line);
    }

    private static String text(List<String> requests, int connections) {
        if (requests.isEmpty()) {
            return count(connections, "connection");
        }
        List<String> named = requests.subList(0, Math.min(NAMED, requests.size()));
        String more = requests.size() > NAMED ? " and " + (requests.size() - NAMED) + " more" : "";
        return count(requests.size(), "request") + ": " + String.join(", ", named) + more;
    }

    private static String count(int count, String what) {
        return count + " " + what + (count == 1 ? "" : "s") + " left";
    }
}
