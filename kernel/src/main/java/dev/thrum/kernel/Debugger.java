package dev.thrum.kernel;

import java.lang.System.Logger.Level;

/// Is asked about an error of a task that no handler took, on a kernel that has one ([KernelConfig#withDebugger]), and by
/// the verdict [TaskHandler.Debug]. It may hold the worker while a person decides. Lisp's debugger under
/// `*debug-tasks-p*`.
///
/// **Threads.** Runs in the worker that runs the task; several workers may ask it at once. The task counts as running
/// and can be killed meanwhile.
/// **Failure.** What a debugger throws is added to the problem, which goes to the receiver.
@FunctionalInterface
public interface Debugger {

    /// {@return what is to become of the task; [TaskHandler.Decline] and [TaskHandler.Debug] mean [TaskHandler.Transfer]}
    /// @param problem what the task signalled or threw
    /// @param task the task
    TaskHandler.Verdict decide(Throwable problem, Running task);

    /// {@return a debugger that logs the problem and transfers it to the receiver}
    static Debugger logging() {
        return (problem, task) -> {
            System.getLogger("dev.thrum.kernel").log(Level.ERROR, "a task failed: " + task, problem);
            return new TaskHandler.Transfer();
        };
    }
}
