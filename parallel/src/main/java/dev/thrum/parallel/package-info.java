/// Everything of lparallel above its kernel: algorithms over sequences, functions that fork, futures, graphs of
/// computations, and queues.
///
/// Start with [dev.thrum.parallel.Parallel]: it makes [dev.thrum.parallel.Elements] of a list, an array or an iterator, and
/// a [dev.thrum.parallel.Range] of numbers; their algorithms are [dev.thrum.parallel.Work] that is run or started.
/// [dev.thrum.parallel.Fork] shows how a recursive function is written.
///
/// **Inside.** Everything is made of [dev.thrum.kernel.Piece]s: a thread that works lays one piece into its slot where it
/// could be cut, and takes it back itself when nobody has come for it. `Span` cuts a stretch of elements on demand, `Feed`
/// shares an iterator, `Sort` merges.
package dev.thrum.parallel;
