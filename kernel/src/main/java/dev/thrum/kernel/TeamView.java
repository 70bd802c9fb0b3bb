package dev.thrum.kernel;

import dev.thrum.scope.Dump;
import dev.thrum.scope.Home;
import dev.thrum.scope.Registration;
import dev.thrum.scope.Scope;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A kernel as a [Dump] sees it, from outside.
final class TeamView {
    private static final int QUEUED = 1_000; // tasks that are named
    private static final int FRAMES = 40;

    private final Team team;
    private final List<Map<String, String>> waits = new ArrayList<>();

    private TeamView(Team team) {
        this.team = team;
    }

    static Registration include(Team team) {
        return Dump.include("kernels", () -> new TeamView(team).seen());
    }

    private Map<String, ?> seen() {
        Counters counters = team.counters();
        Map<String, Object> seen = new LinkedHashMap<>();
        seen.put("name", team);
        seen.put("strength", counters.strength());
        seen.put("busy", counters.busy());
        seen.put("queued", counters.queued());
        seen.put("queuedLow", counters.queuedLow());
        seen.put("held", counters.held());
        seen.put("served", counters.served());
        seen.put("killed", counters.killed());
        seen.put("waiting", team.whyWaiting());
        seen.put("running", running());
        seen.put("tasks", queued());
        seen.put("zombies", zombies());
        seen.put("waits", waits);
        return seen;
    }

    private List<Map<String, Object>> running() {
        List<Map<String, Object>> all = new ArrayList<>();
        team.roster().forEach(worker -> {
            Running task = worker.running().orElse(null);
            Job job = worker.job();
            if (task == null || job == null) {
                return;
            }
            String name = task(job.terms) + " in worker " + worker.getName();
            Map<String, Object> seen = new LinkedHashMap<>();
            seen.put("name", name);
            seen.put("ageMillis", task.age().toMillis());
            seen.put("thread", worker.getState());
            seen.put("stack", frames(task.stack()));
            all.add(seen);
            addWait(job.terms, name);
            Object blocker = LockSupport.getBlocker(worker);
            if (blocker != null) {
                seen.put("parkedFor", blocker);
                waits.add(Map.of("who", name, "for", String.valueOf(blocker)));
            }
        });
        return all;
    }

    private List<String> queued() {
        List<String> all = new ArrayList<>();
        int[] count = {0};
        team.forEachQueued(job -> {
            if (job.isQueued() && count[0]++ < QUEUED) {
                String name = task(job.terms);
                all.add(name);
                addWait(job.terms, name + ", which waits for a worker of " + team.name());
            }
        });
        if (count[0] > QUEUED) {
            all.add("and " + (count[0] - QUEUED) + " more");
        }
        return all;
    }

    private List<Map<String, Object>> zombies() {
        List<Map<String, Object>> all = new ArrayList<>();
        for (Zombie zombie : team.zombies()) {
            Map<String, Object> seen = new LinkedHashMap<>();
            seen.put("name", zombie);
            seen.put("stack", frames(zombie.stack()));
            all.add(seen);
        }
        return all;
    }

    /// Notes that somebody waits for the result of a task, if it is known who.
    private void addWait(Terms terms, String task) {
        String who = sender(terms);
        if (who != null) {
            waits.add(Map.of("who", who, "for", task));
        }
    }

    private static @Nullable String sender(Terms terms) {
        String work = terms.scope.get(Scope.WORK).map(Supplier::get).orElse("");
        Home home = terms.sender.home();
        if (home == Home.root()) {
            return work.isEmpty() ? null : work;
        }
        return work.isEmpty() ? home.toString() : work + ", at " + home;
    }

    private static String task(Terms terms) {
        String work = terms.scope.get(Scope.WORK).map(name -> ", in " + name.get()).orElse("");
        String site = terms.site.isEmpty() ? "" : ", submitted at " + terms.site;
        return "task of category " + terms.category + " and priority " + terms.priority + work + site;
    }

    private static List<StackTraceElement> frames(List<StackTraceElement> stack) {
        return stack.subList(0, Math.min(FRAMES, stack.size()));
    }
}
