/// Routes: which target answers which method, host and path.
///
/// A [dev.thrum.route.Route] pairs a [dev.thrum.route.PathPattern] with whatever answers;
/// [dev.thrum.route.Routes] is the index over many, whose cost does not grow with their number.
package dev.thrum.route;
