/// Web applications: what Wookie was.
///
/// [dev.thrum.web.WebApp] collects routes and hooks; [dev.thrum.web.WebApp#start] makes of it a
/// [dev.thrum.web.Server] that answers on any number of [listeners][dev.thrum.web.Listener], a loop for each.
package dev.thrum.web;
