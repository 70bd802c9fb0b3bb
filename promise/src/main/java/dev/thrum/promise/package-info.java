/// Promises: values that arrive later, and come home.
///
/// [dev.thrum.promise.Promise] is the reading side, [dev.thrum.promise.Resolver] the settling side.
package dev.thrum.promise;
