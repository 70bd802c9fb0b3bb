/// What most web applications need: what Wookie's core plugins were, and more.
///
/// Each is a [dev.thrum.web.Plugin], made by a factory, configured by withers, and installed:
///
/// ```java
/// app.install(Forms.standard().withFields(100), SecurityHeaders.standard(), CrossSiteGuard.standard());
/// ```
///
/// What a plugin offers to handlers are static methods that find it by the scope of the request: `Forms.form(request)`. In an
/// application that has not installed it they throw an [IllegalStateException] that says so.
package dev.thrum.plugins;
