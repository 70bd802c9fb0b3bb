package dev.thrum.web;

import java.util.Optional;
import java.util.Set;

/// Something that adds to an application: hooks, routes, settings (Wookie's plugins).
///
/// ```java
/// final class Greeting implements Plugin {
///     public record Config(String text) {}
///     public static final Key<String> GREETING = Key.of("greeting");
///     …
///     public void install(WebApp app) {
///         app.on(Event.HeadersParsed.class, "greeting", event -> event.request().put(GREETING, config.text()));
///     }
/// }
/// app.install(new Greeting(new Greeting.Config("hello")));
/// ```
///
/// It is configured by a record that its constructor takes. What it knows of a request it keeps with
/// [dev.thrum.http.Request#put] under keys of its own, which handlers read; what belongs to a loop, in a variable of the loop;
/// what has to be let go with the request, by [dev.thrum.http.Request#onFinished]. Whatever it adds while it is installed
/// is its own, and goes when it is uninstalled. An application has one plugin of each class.
///
/// **Threads.** [#install] and [#uninstalled] run on the thread that sets the application up. One plugin may serve several
/// applications, and several servers of one application, at once: what it shares among them is its own business.
public interface Plugin {

    /// {@return the classes of plugins that this one builds on: they are installed before it, and cannot be uninstalled before
    /// it} None, unless said otherwise.
    default Set<Class<? extends Plugin>> requires() {
        return Set.of();
    }

    /// {@return how it was configured, for people to read, so without secrets} Nothing, unless said otherwise.
    default Optional<Record> configuration() {
        return Optional.empty();
    }

    /// Adds what it has to add.
    /// @param app the application; [WebApp#plugin] finds the plugins that this one requires
    void install(WebApp app);

    /// Hears that it was uninstalled, and what it had added is gone; servers that were started before go on with it.
    /// @param app the application
    default void uninstalled(WebApp app) {}

    /// Hears that a server of the application has started, before [WebApp#start] returns. Those that a plugin requires hear it
    /// before it does. What it throws ends the server, and is thrown by [WebApp#start]. One that comes with [Server#replace] hears
    /// it before the first request; what it throws leaves the former application in its place.
    /// @param server the server
    default void started(Server server) {}

    /// Hears that a server has stopped, or has got another application, and no request of this one is in work any more. Those that a plugin requires hear it after
    /// it. What it throws is reported.
    /// @param server the server
    default void stopped(Server server) {}
}
