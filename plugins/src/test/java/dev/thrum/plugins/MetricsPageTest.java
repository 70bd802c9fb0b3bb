package dev.thrum.plugins;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.web.ErrorBudget;
import dev.thrum.web.WebApp;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class MetricsPageTest {
    @Test
    @Tag("PL-80")
    void aPageTellsTheMetricsOfOtherServers() throws Exception {
        WebApp shop = WebApp.create()
                .named("a \"shop\"")
                .errorBudget(ErrorBudget.of(0.1, Duration.ofDays(1)))
                .get("/", (request, response) -> response.send("hello"));
        try (Site site = Site.of(shop);
                Site admin = Site.of(WebApp.create().install(MetricsPage.at("/metrics").of(site.server())))) {
            site.send(site.request("/"));
            site.send(site.request("/nowhere"));
            while (site.server().metrics().requests() < 2) {
                Thread.onSpinWait(); // what is written is counted a moment later
            }

            HttpResponse<String> page = admin.send(admin.request("/metrics"));

            String labels = "app=\"a \\\"shop\\\"\",ports=\"" + site.port() + "\"";
            assertThat(page.headers().firstValue("Content-Type")).hasValue("text/plain; version=0.0.4; charset=utf-8");
            assertThat(page.body().lines())
                    .contains(
                            "# TYPE thrum_requests_total counter",
                            "thrum_requests_total{" + labels + ",status=\"2xx\"} 1",
                            "thrum_requests_total{" + labels + ",status=\"4xx\"} 1",
                            "thrum_requests_total{" + labels + ",status=\"5xx\"} 0",
                            "thrum_requests_in_work{" + labels + "} 0",
                            "thrum_error_budget_spent_ratio{" + labels + "} 0.0",
                            "thrum_request_duration_seconds_bucket{" + labels + ",le=\"+Inf\"} 2",
                            "thrum_request_duration_seconds_count{" + labels + "} 2")
                    .allMatch(line -> line.startsWith("#") || line.matches("thrum_\\w+\\{.*} [0-9.E+-]+"));
            assertThat(page.body()).contains(",le=\"0.0005\"} ", ",le=\"10\"} ");
        }
    }

    @Test
    @Tag("PL-80")
    void aPageTellsTheMetricsOfItsOwnServer() throws Exception {
        try (Site site = Site.of(WebApp.create().install(MetricsPage.at("/metrics")))) {
            assertThat(site.send(site.request("/metrics")).body()).contains("thrum_requests_in_line{app=\"app\",ports=");
        }
    }
}
