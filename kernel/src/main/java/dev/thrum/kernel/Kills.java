package dev.thrum.kernel;

import dev.thrum.kernel.Kernel.Kill;
import dev.thrum.scope.Home;
import dev.thrum.scope.Scope;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Ends tasks before their time: drops those that wait, kills those that run.
final class Kills {
    private final Team team;
    private final AtomicLong killed = new AtomicLong();

    Kills(Team team) {
        this.team = team;
    }

    /// {@return how many running tasks were killed since the start}
    long count() {
        return killed.get();
    }

    int kill(Object category, Set<Kill> wanted) {
        Predicate<Job> match = job -> job.terms.category.equals(category);
        if (wanted.contains(Kill.DRY_RUN)) {
            return find(match, wanted.contains(Kill.INCLUDE_QUEUED)).size();
        }
        TaskKilledException reason = new TaskKilledException("killed with its category: " + category, null);
        int ended = wanted.contains(Kill.INCLUDE_QUEUED) ? drop(match, reason) : 0;
        ended += killRunning(match, reason);
        Task.checkpoint();
        return ended;
    }

    private Set<Job> find(Predicate<Job> match, boolean queued) {
        Set<Job> found = new HashSet<>();
        team.roster().forEach(worker -> {
            Job job = worker.job();
            if (job != null && job.isRunning() && match.test(job)) {
                found.add(job);
            }
        });
        if (queued) {
            team.forEachQueued(job -> {
                if (job.isQueued() && match.test(job)) {
                    found.add(job);
                }
            });
        }
        return found;
    }

    int drop(Predicate<Job> match, Throwable reason) {
        Set<Job> dropped = new HashSet<>();
        team.forEachQueued(job -> {
            if (match.test(job) && drop(job, reason)) {
                dropped.add(job);
            }
        });
        return dropped.size();
    }

    /// Ends one job that no worker has claimed. Whoever is told may throw; the others are to hear of their end all the same.
    boolean drop(Job job, Throwable reason) {
        try {
            return job.drop(reason);
        } catch (Throwable problem) { // by who was told, so it was dropped
            Home.root().report(problem, Scope.root());
            return true;
        }
    }

    /// Condemns all before it ends the first: whoever hears of the kill may start work of the same category at once, and
    /// that must not be hit. And settles all before it replaces the first worker: nobody hears of the work of a successor
    /// before he has heard of the kill.
    int killRunning(Predicate<Job> match, Throwable reason) {
        Map<Job, Worker> condemned = new LinkedHashMap<>();
        team.roster().forEach(worker -> {
            Job job = worker.job();
            if (job != null && match.test(job) && job.condemn()) {
                condemned.put(job, worker);
            }
        });
        condemned.keySet().forEach(job -> settle(job, reason));
        condemned.values().forEach(worker -> replace(worker, reason));
        return condemned.size();
    }

    /// Ends one job, whatever it is doing.
    void cancel(Job job, Throwable reason) {
        if (!drop(job, reason) && job.condemn()) {
            @Nullable Worker worker = team.roster().find(job); // null if it has seen that already and is gone
            settle(job, reason);
            if (worker != null) {
                replace(worker, reason);
            }
        }
    }

    /// Whoever is told may throw; the others are to hear of the kill all the same.
    private void settle(Job job, Throwable reason) {
        killed.incrementAndGet();
        try {
            job.settle(new Job.Failure(reason));
        } catch (Throwable problem) {
            Home.root().report(problem, Scope.root());
        }
    }

    private void replace(Worker worker, Throwable reason) {
        worker.orphan(reason); // before there is a new worker who would run them
        team.roster().retire(worker);
    }
}
