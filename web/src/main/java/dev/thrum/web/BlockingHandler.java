package dev.thrum.web;

import dev.thrum.http.HttpException;
import dev.thrum.http.Request;
import dev.thrum.http.Response;
import dev.thrum.scope.Registration;
import dev.thrum.scope.Scope;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/// Runs a handler on virtual threads, so many at once at most; what comes beyond waits in line.
final class BlockingHandler implements Handler {
    /*
     * The line is bounded, too: at its end, a request is refused at once, since it would not be answered in time anyway.
     * Whoever leaves the line because its client has gone is skipped when its turn comes.
     */
    private static final int WAITING_FOR_EACH = 10; // for each that may run

    private final int most;
    private final Handler handler;
    private final Deque<Job> line = new ArrayDeque<>(); // guarded by line
    private int running; // guarded by line

    private record Job(Scope scope, Request request, Response response) {}

    BlockingHandler(int most, Handler handler) {
        if (most < 1) {
            throw new IllegalArgumentException("most must be 1 or more: " + most);
        }
        this.most = most;
        this.handler = handler;
    }

    @Override
    public void handle(Request request, Response response) {
        Job job = new Job(Scope.current(), request, response);
        synchronized (line) {
            if (running == most) {
                if (line.size() >= (long) most * WAITING_FOR_EACH) {
                    throw new HttpException(503, "too many requests are in work (limit blocking)")
                            .withHeader("Retry-After", "1");
                }
                line.add(job);
                return;
            }
            running++;
        }
        start(job);
    }

    /// Runs a job on a thread of its own: an interrupt that comes late hits nobody else.
    private void start(Job job) {
        Thread.ofVirtual().name("blocking").start(() -> {
            run(job);
            Job next = next();
            if (next != null) {
                start(next);
            }
        });
    }

    private @Nullable Job next() {
        synchronized (line) {
            Job job = line.poll();
            if (job == null) {
                running--;
            }
            return job;
        }
    }

    private void run(Job job) {
        if (job.scope.cancelled()) {
            return;
        }
        Thread thread = Thread.currentThread();
        try (Registration _ = job.scope.onCancel(why -> thread.interrupt())) {
            job.scope.call(() -> {
                handler.handle(job.request, job.response);
                return true;
            });
        } catch (Throwable problem) {
            if (!job.scope.cancelled()) {
                job.response.fail(problem);
            }
        }
    }
}
