package dev.thrum.loop;

import dev.thrum.scope.Dump;
import dev.thrum.scope.Registration;
import dev.thrum.scope.Scope;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/// A loop as a [Dump] sees it: from outside, where it may be stuck; and what it tells itself.
final class LoopView {
    private static final int FIRST = 1_000; // of each kind of handle
    private static final int FRAMES = 40;

    private final SelectorLoop loop;
    private final Thread thread;

    private LoopView(SelectorLoop loop, Thread thread) {
        this.loop = loop;
        this.thread = thread;
    }

    static Registration include(SelectorLoop loop, Thread thread) {
        LoopView view = new LoopView(loop, thread);
        return Dump.include("loops", view::seen, view::told);
    }

    private Map<String, ?> seen() {
        Turns turns = loop.turns();
        Map<String, Object> seen = new LinkedHashMap<>();
        seen.put("name", loop.toString());
        seen.put("thread", thread.getName() + ", " + thread.getState());
        seen.put("doing", doing(turns.pulse));
        Object blocker = LockSupport.getBlocker(thread);
        if (blocker != null) {
            seen.put("parkedFor", blocker);
        }
        seen.put("blockedTurns", turns.pulse.blocked());
        seen.put("posted", turns.inbox.size());
        seen.put("holds", turns.life.describeHolds());
        seen.put("stack", List.of(thread.getStackTrace()).stream().limit(FRAMES).toList());
        return seen;
    }

    private static String doing(Pulse pulse) {
        if (pulse.rests()) {
            return pulse.isWatched() ? "nothing: it waits" : "what the stack says: nobody watches it";
        }
        return pulse.nameOfCallback() + pulse.nameOfWork().map(name -> ", in " + name).orElse("");
    }

    private CompletableFuture<Map<String, Object>> told() {
        CompletableFuture<Map<String, Object>> told = new CompletableFuture<>();
        if (loop.isHere()) {
            told.complete(tell());
        } else if (!loop.post(() -> told.complete(tell()))) {
            told.complete(Map.of("doing", "nothing: it has ended"));
        }
        return told;
    }

    private Map<String, Object> tell() {
        Turns turns = loop.turns();
        List<LoopHandle> sockets = new ArrayList<>();
        List<LoopHandle> others = new ArrayList<>();
        turns.handles.toList().forEach(each -> (each instanceof ChannelPoll ? sockets : others).add(each));
        Map<String, Object> told = new LinkedHashMap<>();
        told.put("sockets", list(sockets, turns.handles));
        told.put("handles", list(others, turns.handles));
        told.put("timers", list(turns.timers.toList(), turns.handles));
        if (!turns.timers.isEmpty()) {
            long wait = turns.timers.nextDue() - loop.nanoTime();
            told.put("nextTimerMillis", Math.max(0, TimeUnit.NANOSECONDS.toMillis(wait)));
        }
        return told;
    }

    private static List<String> list(List<? extends LoopHandle> handles, HandleRegister register) {
        List<String> list = new ArrayList<>();
        handles.stream().limit(FIRST).forEach(each -> list.add(describe(each, register)));
        if (handles.size() > FIRST) {
            list.add("and " + (handles.size() - FIRST) + " more");
        }
        return list;
    }

    private static String describe(LoopHandle handle, HandleRegister register) {
        String work = handle.scope().get(Scope.WORK).map(Supplier::get).map(name -> ", in " + name).orElse("");
        return register.describe(handle) + work + (handle.countsForLife() ? "" : ", unreferenced");
    }
}
