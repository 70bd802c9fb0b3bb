/// One thread that runs callbacks, one at a time: timers, notifiers, channels.
///
/// Read [dev.thrum.loop.EventLoop] first. Everything a loop waits for is a [dev.thrum.loop.Handle]: a
/// [dev.thrum.loop.Timer], a [dev.thrum.loop.Notifier] (a signal is one, too), a [dev.thrum.loop.Poll], a
/// [dev.thrum.loop.Mailbox], a [dev.thrum.loop.LoopEvent], an [dev.thrum.loop.Idler]. The work is done in `Turns`: a turn is
/// one screen of code. [dev.thrum.loop.ManualLoop] is a loop that its caller turns, by the caller's clock. The
/// [dev.thrum.loop.Watchdog] reports a callback that blocks its loop.
///
/// ## Memory consistency
///
/// - What a thread did before [dev.thrum.loop.EventLoop#post] or [dev.thrum.loop.EventLoop#execute] *happens-before*
///   the run of what it posted.
/// - What a thread did before a [dev.thrum.loop.Notifier#trigger] that returned true *happens-before* a callback of
///   that notifier.
/// - What a thread did before a [dev.thrum.loop.Mailbox#send] that returned true *happens-before* the receiver gets the
///   message.
/// - What a thread did before it released a hold, or called [dev.thrum.loop.EventLoop#exit], *happens-before* the
///   loop's exit callbacks.
/// - Everything that ran on a loop *happens-before* the return of [dev.thrum.loop.EventLoop#run], and of an
///   [dev.thrum.loop.EventLoop#awaitEnd] that returned true.
package dev.thrum.loop;
