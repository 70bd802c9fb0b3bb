/// The kernel: a team of worker threads, and channels to talk to it.
///
/// Start with [dev.thrum.kernel.Kernel]: it starts the workers, takes tasks and hands out channels.
/// [dev.thrum.kernel.Channel] sends tasks and receives their results in the order they are done;
/// [dev.thrum.kernel.Batch] counts and orders them. [dev.thrum.kernel.Task] is what a task may ask for
/// while it runs, and [dev.thrum.kernel.TaskHandler] decides, inside the worker, what becomes of an error.
///
/// **Memory.** What happened before a submission *happens-before* the task, and what a task did
/// *happens-before* the return of the `receive` that yields its result, and before the callbacks of its promise.
/// What a killed task does after its kill has no such order with anything.
package dev.thrum.kernel;
