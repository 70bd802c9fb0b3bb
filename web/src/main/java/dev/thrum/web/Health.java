package dev.thrum.web;

import static java.util.Objects.requireNonNull;

import dev.thrum.http.Response;
import dev.thrum.scope.Home;
import dev.thrum.scope.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/// Tells whoever looks after servers how they are: at `/live`, `/ready` and `/started` under a path, by 200 or 503 and a line
/// that says why.
///
/// ```java
/// app.install(Health.at("/health").with("database", pool::isConnected));
/// admin.install(Health.at("/health").of(shop, forum)); // on a port of its own
/// ```
///
/// *Live*: a loop answers; who gets no answer may start the process anew. *Ready*: requests are welcome: not before the server has
/// started, nor once it is being closed ([Drain]), nor while a condition says no. *Started*: it has, and plugins and phases are
/// through with it. These answers are for no cache. They are never refused for want of room.
///
/// **Threads.** Immutable.
public final class Health implements Plugin {
    private final Config config;
    private final List<Server> servers;
    private final List<Condition> conditions;
    private final boolean withErrorBudget;

    /// What can be read of it.
    /// @param path under which the answers are
    /// @param conditions the names of the conditions
    public record Config(String path, List<String> conditions) {}

    private record Condition(String name, BooleanSupplier holds) {}

    private Health(String path, List<Server> servers, List<Condition> conditions, boolean withErrorBudget) {
        this.config = new Config(path, conditions.stream().map(Condition::name).toList());
        this.servers = servers;
        this.conditions = conditions;
        this.withErrorBudget = withErrorBudget;
    }

    /// {@return answers under a path, for the server that is asked}
    /// @param path such as `/health`
    public static Health at(String path) {
        return new Health(requireNonNull(path, "path"), List.of(), List.of(), false);
    }

    /// {@return this for other servers than the one that is asked: all of them have to be ready}
    /// @param others the servers
    public Health of(Server... others) {
        return new Health(config.path, List.of(others), conditions, withErrorBudget);
    }

    /// {@return this with one more condition of being ready}
    /// @param name what to call it in the answer
    /// @param holds asked on a loop, so it must not block; what it throws counts as no
    public Health with(String name, BooleanSupplier holds) {
        List<Condition> more = new ArrayList<>(conditions);
        more.add(new Condition(requireNonNull(name, "name"), requireNonNull(holds, "holds")));
        return new Health(config.path, servers, List.copyOf(more), withErrorBudget);
    }

    /// {@return this with one more condition of being ready: no server has spent its [ErrorBudget]} If that has a cause that all
    /// servers share, no server will be ready.
    public Health withErrorBudget() {
        return new Health(config.path, servers, conditions, true);
    }

    @Override
    public Optional<Record> configuration() {
        return Optional.of(config);
    }

    @Override
    public void install(WebApp app) {
        Vital live = (request, response) -> answer(response, List.of());
        Vital started = (request, response) -> answer(response, notStarted());
        Vital ready = (request, response) -> answer(response, notReady());
        app.get(config.path + "/live", live).get(config.path + "/started", started).get(config.path + "/ready", ready);
    }

    private static void answer(Response response, List<String> problems) {
        response.status(problems.isEmpty() ? 200 : 503)
                .header("Cache-Control", "no-store")
                .header("Content-Type", "text/plain; charset=utf-8")
                .send(problems.isEmpty() ? "ok" : String.join("\n", problems));
    }

    private List<Server> asked() {
        return servers.isEmpty() ? Server.current().stream().toList() : servers;
    }

    private List<String> notStarted() {
        return asked().stream()
                .filter(server -> server.life() == Server.Life.STARTING)
                .map(server -> server.name() + " is starting")
                .toList();
    }

    private List<String> notReady() {
        List<String> problems = new ArrayList<>();
        for (Server server : asked()) {
            if (server.life() != Server.Life.READY) {
                problems.add(server.name() + " is " + server.life().toString().toLowerCase(Locale.ROOT));
            }
        }
        if (withErrorBudget) {
            asked().stream()
                    .flatMap(server -> server.errorBudget().stream())
                    .filter(ErrorBudget.Spending::isSpent)
                    .map(ErrorBudget.Spending::message)
                    .forEach(problems::add);
        }
        for (Condition condition : conditions) {
            if (!holds(condition)) {
                problems.add(condition.name + " is not there");
            }
        }
        return problems;
    }

    private static boolean holds(Condition condition) {
        try {
            return condition.holds.getAsBoolean();
        } catch (RuntimeException problem) {
            Home.current().report(problem, Scope.current());
            return false;
        }
    }
}
