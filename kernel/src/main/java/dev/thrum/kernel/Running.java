package dev.thrum.kernel;

import java.time.Duration;
import java.util.List;

/// A task that a worker is running. The task may end at any time; this then tells of the past.
///
/// **Threads.** Any thread; nothing blocks.
public final class Running {
    private final Worker thread;
    private final Job job;
    private final Duration age;

    Running(Worker thread, Job job, Duration age) {
        this.thread = thread;
        this.job = job;
        this.age = age;
    }

    /// {@return the index of the worker}
    public int worker() {
        return thread.index();
    }

    /// {@return the category the task was submitted under}
    public Object category() {
        return job.terms.category;
    }

    /// {@return the priority of the task}
    public Priority priority() {
        return job.terms.priority;
    }

    /// {@return how long the task has been running, by a clock that ticks every 50 ms: zero for a young one}
    public Duration age() {
        return age;
    }

    /// {@return where the task was submitted, while [dev.thrum.scope.Trace#ON]; else empty}
    public String site() {
        return job.terms.site;
    }

    /// {@return the name of the work the task belongs to, as [dev.thrum.scope.Scope#WORK] tells; empty without}
    public String work() {
        return job.terms.scope.get(dev.thrum.scope.Scope.WORK).map(java.util.function.Supplier::get).orElse("");
    }

    /// {@return where the task is now, innermost frame first; empty if it has ended}
    public List<StackTraceElement> stack() {
        List<StackTraceElement> stack = List.of(thread.getStackTrace());
        return thread.isIn(job) && job.isRunning() ? stack : List.of();
    }

    @Override
    public String toString() {
        String site = site().isEmpty() ? "" : ", submitted at " + site();
        return "task of category " + category() + " in worker " + worker() + ", age " + Ages.text(age) + site;
    }
}
