package dev.thrum.loop;

import java.util.function.Consumer;

/// A chore that a loop does a step of in every turn: what [EventLoop#idle] returns.
///
/// Steps come after channels, timers and posted work, and keep nothing of these waiting for longer than the budget: without
/// one there is one step a turn; with one the steps go on, for as long as nothing else is to do, until it is used up. While
/// an idler is open its loop does not sleep, so it burns a processor: close it when the chore is done.
///
/// **Threads.** The loop's thread only.
/// **Failure.** What a step throws goes to [#onError]'s handler, else along the loop's error route; the idler goes on.
///
/// The counterpart of cl-async's `idler`.
public sealed interface Idler extends Handle permits LoopIdler {

    /// Makes `handler` receive what a step throws.
    /// @param handler runs under the scope of this idler
    /// @return this idler
    /// @throws WrongThreadException if called from another thread than the loop's
    Idler onError(Consumer<? super Throwable> handler);
}
