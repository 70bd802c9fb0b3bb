/// Files, child processes and file watches: what blocks in the operating system, on threads of its own.
///
/// Read [dev.thrum.system.Lane] first: a few threads with a bounded queue, whose results come home as promises. A
/// [dev.thrum.system.Disk] does files on one. What streams goes to a [dev.thrum.system.ByteSink], which says by a promise
/// when it can take more. [dev.thrum.system.Processes] starts a [dev.thrum.system.Child] by a [dev.thrum.system.Command].
/// [dev.thrum.system.FileWatches] tells what changes on the disk.
package dev.thrum.system;
