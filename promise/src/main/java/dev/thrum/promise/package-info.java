/// Promises: values that arrive later, and come home.
///
/// [dev.thrum.promise.Promise] is the reading side, [dev.thrum.promise.Resolver] the settling side.
/// [dev.thrum.promise.Promises] combines what is there already, [dev.thrum.promise.Concurrency] starts work for many items,
/// so much at a time. [dev.thrum.promise.LateSettlement] tells of what came too late, [dev.thrum.promise.Waiter] what a
/// thread does while it waits.
package dev.thrum.promise;
