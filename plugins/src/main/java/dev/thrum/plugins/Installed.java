package dev.thrum.plugins;

import dev.thrum.scope.Key;
import dev.thrum.scope.Scope;

/// Finds the plugin that the application of the current request has installed.
final class Installed {
    private Installed() {}

    /// {@return what is bound to `key`, which the plugin has bound when it was installed}
    /// @throws IllegalStateException if nothing is
    static <P> P find(Key<P> key) {
        return Scope.current()
                .get(key)
                .orElseThrow(() -> new IllegalStateException("no request of an application that has installed " + key
                        + " is in work here: app.install(" + key + ")"));
    }
}
