package dev.thrum.kernel;

/// What a kernel has done and is doing: a picture taken while it runs, so its numbers may disagree by a few.
///
/// @param workers how many workers it should have
/// @param strength how many it has: fewer while there are too many zombies, or after a context has failed for good
/// @param busy how many of them run a task
/// @param queued tasks of the default priority that wait for a worker
/// @param queuedLow tasks of low priority that wait for a worker
/// @param held tasks that wait for room in a bounded channel
/// @param served tasks run to their end since the start, whatever that was; killed ones are counted apart
/// @param killed running tasks killed since the start
/// @param zombies threads of killed tasks that have not ended
public record Counters(
        int workers,
        int strength,
        int busy,
        int queued,
        int queuedLow,
        int held,
        long served,
        long killed,
        int zombies) {}
