package dev.thrum.plugins;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.joining;

import dev.thrum.web.Metrics;
import dev.thrum.web.Plugin;
import dev.thrum.web.Server;
import dev.thrum.web.WebApp;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// Tells the [Metrics] of servers to whoever collects them, in the text format of Prometheus (0.0.4).
///
/// ```java
/// admin.install(MetricsPage.at("/metrics").of(shop, forum)); // on a port of its own, that strangers do not reach
/// ```
///
/// Each line says by labels which application it is about, and the ports of its server.
///
/// **Threads.** Immutable.
public final class MetricsPage implements Plugin {
    private final Config config;
    private final List<Server> servers;

    /// What can be read of it.
    /// @param path where the page is
    public record Config(String path) {}

    private MetricsPage(Config config, List<Server> servers) {
        this.config = config;
        this.servers = servers;
    }

    /// {@return a page about the server that is asked}
    /// @param path such as `/metrics`
    public static MetricsPage at(String path) {
        return new MetricsPage(new Config(requireNonNull(path, "path")), List.of());
    }

    /// {@return this about other servers than the one that is asked}
    /// @param others the servers
    public MetricsPage of(Server... others) {
        return new MetricsPage(config, List.of(others));
    }

    @Override
    public Optional<Record> configuration() {
        return Optional.of(config);
    }

    @Override
    public void install(WebApp app) {
        app.get(config.path, (request, response) -> response.header("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
                .header("Cache-Control", "no-store")
                .send(text(servers.isEmpty() ? Server.current().stream().toList() : servers)));
    }

    /// A server as it is now.
    private record Row(String labels, Server server, Metrics metrics) {

        static Row of(Server server) {
            String ports = server.ports().stream().map(Object::toString).collect(joining(","));
            return new Row("app=\"" + escaped(server.name()) + "\",ports=\"" + ports + "\"", server, server.metrics());
        }

        private static String escaped(String text) {
            return text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
        }
    }

    private static String text(List<Server> servers) {
        List<Row> rows = servers.stream().map(Row::of).toList();
        StringBuilder out = new StringBuilder();
        head(out, "thrum_requests_total", "counter", "Requests that were answered, by class of status.");
        rows.forEach(row -> classes(out, row));
        add(out, rows, "thrum_requests_aborted_total", "counter", "Requests without a whole answer.", Metrics::aborted);
        add(out, rows, "thrum_requests_shed_total", "counter", "Requests refused for want of room.", Metrics::shed);
        add(out, rows, "thrum_connections_turned_away_total", "counter", "Connections beyond the limit.", Metrics::turnedAway);
        add(out, rows, "thrum_requests_in_work", "gauge", "Requests that wait for their answer.", Metrics::inWork);
        add(out, rows, "thrum_requests_in_line", "gauge", "Requests that wait for a place.", Metrics::inLine);
        head(out, "thrum_error_budget_spent_ratio", "gauge", "How much of the error budget is gone; 1 is all of it.");
        rows.forEach(row -> row.server().errorBudget().ifPresent(spending ->
                line(out, "thrum_error_budget_spent_ratio", row.labels(), spending.spent())));
        head(out, "thrum_request_duration_seconds", "histogram", "From the last byte of a request to that of its answer.");
        rows.forEach(row -> histogram(out, row));
        return out.toString();
    }

    private static void add(
            StringBuilder out, List<Row> rows, String name, String type, String help, Function<Metrics, Number> value) {
        head(out, name, type, help);
        rows.forEach(row -> line(out, name, row.labels(), value.apply(row.metrics())));
    }

    private static void head(StringBuilder out, String name, String type, String help) {
        out.append("# HELP ").append(name).append(' ').append(help).append('\n');
        out.append("# TYPE ").append(name).append(' ').append(type).append('\n');
    }

    private static void line(StringBuilder out, String name, String labels, Number value) {
        out.append(name).append('{').append(labels).append("} ").append(value).append('\n');
    }

    private static void classes(StringBuilder out, Row row) {
        Metrics metrics = row.metrics();
        List<Long> counts = List.of(metrics.succeeded(), metrics.redirected(), metrics.refused(), metrics.failed());
        for (int i = 0; i < counts.size(); i++) {
            line(out, "thrum_requests_total", row.labels() + ",status=\"" + (i + 2) + "xx\"", counts.get(i));
        }
    }

    private static void histogram(StringBuilder out, Row row) {
        List<Long> counts = row.metrics().latencies();
        long sum = 0;
        for (int i = 0; i < counts.size(); i++) {
            sum += counts.get(i);
            String bound = i < Metrics.BOUNDS.size() ? seconds(Metrics.BOUNDS.get(i)) : "+Inf";
            line(out, "thrum_request_duration_seconds_bucket", row.labels() + ",le=\"" + bound + "\"", sum);
        }
        line(out, "thrum_request_duration_seconds_sum", row.labels(), new BigDecimal(seconds(row.metrics().time())));
        line(out, "thrum_request_duration_seconds_count", row.labels(), sum);
    }

    private static String seconds(Duration time) {
        return BigDecimal.valueOf(time.toNanos(), 9).stripTrailingZeros().toPlainString();
    }
}
