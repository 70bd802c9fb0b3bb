package dev.thrum.web;

import dev.thrum.route.Routes;
import java.io.IOException;

/// An application that can be looked at without running it: `thrum routes` finds it by its name, with a
/// [java.util.ServiceLoader].
///
/// ```java
/// public final class Shop implements Application {
///     public String name() {
///         return "shop";
///     }
///
///     public Routes<Handler> routes() {
///         return app().routes();
///     }
///     …
/// }
/// ```
///
/// **Threads.** Any, one at a time. May block.
public interface Application {

    /// {@return what to call it}
    String name();

    /// {@return its routes; their handlers are never called}
    /// @throws IOException if what it is made of cannot be had
    Routes<Handler> routes() throws IOException;
}
