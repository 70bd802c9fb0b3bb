package dev.thrum.web;

import dev.thrum.scope.Home;
import dev.thrum.scope.Scope;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;

/// The plugins of all versions on a server, each with how many of these have it: who is in the former and in the next
/// hears neither of an end nor of a start.
final class PluginsInUse {
    private final Server server;
    private final IdentityHashMap<Plugin, Integer> uses = new IdentityHashMap<>(); // guarded by this

    PluginsInUse(Server server) {
        this.server = server;
    }

    /// Tells those that were not in use that the server has started.
    void start(List<Plugin> plugins) {
        take(plugins).forEach(plugin -> plugin.started(server));
    }

    private synchronized List<Plugin> take(List<Plugin> plugins) {
        List<Plugin> fresh = new ArrayList<>();
        for (Plugin plugin : plugins) {
            if (uses.merge(plugin, 1, Integer::sum) == 1) {
                fresh.add(plugin);
            }
        }
        return fresh;
    }

    /// Tells those that are not in use any more that the server has stopped, each before those that it requires. What one
    /// throws is reported.
    void stop(List<Plugin> plugins) {
        for (Plugin plugin : giveBack(plugins).reversed()) {
            try {
                plugin.stopped(server);
            } catch (Throwable problem) {
                Home.current().report(problem, Scope.current());
            }
        }
    }

    private synchronized List<Plugin> giveBack(List<Plugin> plugins) {
        List<Plugin> unused = new ArrayList<>();
        for (Plugin plugin : plugins) {
            if (uses.merge(plugin, -1, (count, one) -> count + one == 0 ? null : count + one) == null) {
                unused.add(plugin);
            }
        }
        return unused;
    }
}
