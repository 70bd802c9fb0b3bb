package dev.thrum.web;

import dev.thrum.scope.Dump;
import dev.thrum.scope.Registration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/// A server as a [Dump] sees it: itself from outside, and the connections and requests of each of its loops, as that loop tells.
final class ServerView {
    private ServerView() {}

    /// Includes a server that listens, until it is closed.
    static Registration include(RunningServer server, List<Site> sites) {
        List<Registration> all = new ArrayList<>();
        all.add(Dump.include("servers", () -> seen(server)));
        for (Site site : sites) {
            String name = "port " + site.share().port() + " on " + site.loop();
            all.add(Dump.include(
                    "connections",
                    () -> Map.of("name", name, "server", server.name(), "accepted", site.share().accepted(), "doing", site.loop()),
                    () -> told(site)));
        }
        return () -> all.forEach(Registration::close);
    }

    private static Map<String, ?> seen(RunningServer server) {
        Map<String, Object> seen = new LinkedHashMap<>();
        seen.put("name", server);
        seen.put("life", server.life());
        Metrics metrics = server.metrics();
        seen.put("inWork", metrics.inWork());
        seen.put("inLine", metrics.inLine());
        seen.put("answered", metrics.answered());
        seen.put("failed", metrics.failed());
        seen.put("aborted", metrics.aborted());
        seen.put("shed", metrics.shed());
        seen.put("turnedAway", metrics.turnedAway());
        server.errorBudget().ifPresent(spending -> seen.put("errorBudget", spending.message()));
        if (metrics.inLine() > 0) {
            seen.put("waits", List.of(Map.of(
                    "who", metrics.inLine() + " requests in line of " + server,
                    "for", "one of " + metrics.inWork() + " that are in work")));
        }
        return seen;
    }

    private static CompletableFuture<Map<String, Object>> told(Site site) {
        return site.left().thenApply(left -> {
            Map<String, Object> told = new LinkedHashMap<>();
            told.put("open", left.connections());
            told.put("bufferedBytes", left.buffered());
            told.put("requests", left.requests());
            return told;
        });
    }
}
