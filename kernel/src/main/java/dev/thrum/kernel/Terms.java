package dev.thrum.kernel;

import dev.thrum.scope.Home;
import dev.thrum.scope.Scope;
import dev.thrum.scope.Trace;
import org.jspecify.annotations.Nullable;

/// Under what a task was submitted. Tasks submitted under the root scope share one.
final class Terms {
    final Scope sender;
    final Scope scope; // the sender's without its home: results come home, the work does not
    final Object category;
    final Priority priority;
    final Handlers handlers;
    final String site;

    private Terms(Scope sender, Object category, Priority priority) {
        this.sender = sender;
        this.scope = sender.at(Home.root());
        this.category = category;
        this.priority = priority;
        this.handlers = Handlers.of(sender);
        this.site = Trace.ON ? Trace.site(this) : "";
    }

    /// {@return the terms of a submission here and now}
    /// @param category if not that of the scope
    /// @param priority if not that of the scope
    static Terms here(@Nullable Object category, @Nullable Priority priority) {
        Scope scope = Scope.current();
        return new Terms(
                scope,
                category != null ? category : scope.get(Task.CATEGORY).orElse(Task.DEFAULT_CATEGORY),
                priority != null ? priority : scope.get(Task.PRIORITY).orElse(Priority.DEFAULT));
    }

    /// {@return the terms of a part of what was submitted under `task`: its category and priority, unless the scope has
    /// been given others since}
    static Terms within(Terms task) {
        Scope scope = Scope.current();
        return scope == task.scope && !Trace.ON
                ? task
                : new Terms(
                        scope,
                        scope.get(Task.CATEGORY).orElse(task.category),
                        scope.get(Task.PRIORITY).orElse(task.priority));
    }

    /// {@return whether they may be kept for later submissions from the root scope: nobody else's scope is held on to}
    boolean isPlain() {
        return sender == Scope.root() && !Trace.ON;
    }
}
