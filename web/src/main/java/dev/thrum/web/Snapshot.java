package dev.thrum.web;

import dev.thrum.http.Limits;
import dev.thrum.http.Timeouts;
import dev.thrum.route.Routes;
import dev.thrum.scope.Scope;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// An application as it was when it was started. All its loops read it, and nobody can change it.
record Snapshot(
        String name,
        Routes<Handler> routes,
        boolean methodOverride,
        Hooks hooks,
        Limits limits,
        Timeouts timeouts,
        Admission admission,
        Capacity capacity,
        List<Pressure> pressures,
        List<Plugin> plugins,
        Phases phases,
        AppLog log,
        Optional<ErrorBudget> errorBudget,
        UnaryOperator<Scope> bindings) {}
