/// What travels with a piece of work, and where it comes home.
///
/// Read [dev.thrum.scope.Scope] first: one immutable object that every hand-off captures and runs
/// under. Then [dev.thrum.scope.Home]: the place, usually an event loop, where results come back.
/// [dev.thrum.scope.Key] names a binding, [dev.thrum.scope.Registration] ends one.
package dev.thrum.scope;
