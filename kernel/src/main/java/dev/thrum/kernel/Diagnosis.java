package dev.thrum.kernel;

import static java.util.stream.Collectors.joining;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Says what waits for what, and warns when tasks have waited long and nothing has moved.
final class Diagnosis {
    /*
     * The work clock asks for a look at every tick. A full channel is stuck when nobody has received from it since the
     * look that first saw it so, and the queue is stuck when no worker has come to the end of its task for so long. Each is
     * told of once, until it moves again. Tasks of low priority expect to wait for workers that have enough to do; that
     * is told to whoever asks, and warned of only when all workers wait themselves.
     */
    private static final System.Logger LOG = System.getLogger("dev.thrum.kernel");

    private final Team team;
    private final long patience; // ns
    private final String stalled;
    private boolean toldOfQueue; // on the clock's thread only

    Diagnosis(Team team) {
        this.team = team;
        Duration stall = team.config().limits().stall();
        this.patience = TimeUnit.NANOSECONDS.convert(stall);
        this.stalled = Ages.text(stall);
    }

    /// {@return a line for each thing that waits}
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        team.forEachWindow(window -> lines.add(window.diagnosis()));
        team.roster().forEach(worker -> addTo(lines, waiting(worker)));
        addTo(lines, queue());
        addTo(lines, missing());
        return List.copyOf(lines);
    }

    private static void addTo(List<String> lines, @Nullable String line) {
        if (line != null) {
            lines.add(line);
        }
    }

    /// Warns of what is stuck.
    /// @param youngest for how long the youngest task has run; zero if a worker has none
    void look(long youngest) {
        long now = System.nanoTime();
        team.forEachWindow(window -> {
            if (window.isStuck(now, patience)) {
                LOG.log(Level.WARNING, "nothing has moved for {0}: {1}", stalled, window.diagnosis());
            }
        });
        if (youngest < patience) {
            toldOfQueue = false;
            return;
        }
        String queue = toldOfQueue || !isUrgent() ? null : queue();
        if (queue != null) {
            toldOfQueue = true;
            LOG.log(Level.WARNING, "no task has ended for {0}: {1}", stalled, queue);
        }
    }

    private boolean isUrgent() {
        return team.counters().queued() > 0 || !isAnyRunnable();
    }

    private boolean isAnyRunnable() {
        AtomicBoolean any = new AtomicBoolean();
        team.roster().forEach(worker -> {
            if (worker.getState() == Thread.State.RUNNABLE) {
                any.set(true);
            }
        });
        return any.get();
    }

    private @Nullable String queue() {
        Counters counters = team.counters();
        int queued = counters.queued() + counters.queuedLow();
        if (queued == 0 || counters.strength() == 0 || counters.busy() < counters.strength()) {
            return null;
        }
        return tasks(queued) + " for a worker of " + team.name() + ", and all of them are busy: "
                + team.running().stream().map(this::busy).collect(joining("; "));
    }

    private String busy(Running task) {
        List<StackTraceElement> stack = task.stack();
        return task + (stack.isEmpty() ? "" : ", at " + stack.getFirst());
    }

    private @Nullable String waiting(Worker worker) {
        Job job = worker.job();
        if (job != null && LockSupport.getBlocker(worker) instanceof Results results) {
            return worker.getName() + ", with a task of category " + job.terms.category + ", waits for a result of "
                    + results;
        }
        return null;
    }

    private @Nullable String missing() {
        List<Integer> missing = team.roster().vacancies();
        if (missing.isEmpty()) {
            return null;
        }
        KernelCreationException failure = team.roster().failure();
        String why = failure != null ? failure.getMessage() : "threads of killed tasks have not ended: " + team.zombies();
        return team.name() + " goes without the workers " + missing + ": " + why;
    }

    static String tasks(int count) {
        return count + (count == 1 ? " task waits" : " tasks wait");
    }
}
