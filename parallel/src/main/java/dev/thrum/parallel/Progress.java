package dev.thrum.parallel;

/// Hears how far a long computation has come: about a hundred times, and at its end.
///
/// **Threads.** Comes home: runs on the loop that asked. Where no loop runs it is called by the threads that do the work,
/// by several at once, and should be quick.
/// **Failure.** What it throws is reported at that home.
@FunctionalInterface
public interface Progress {

    /// Hears of progress.
    /// @param done how many elements have been worked on
    /// @param total how many there are; -1 where nobody knows
    void at(long done, long total);
}
