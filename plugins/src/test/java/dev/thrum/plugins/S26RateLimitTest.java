package dev.thrum.plugins;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.thrum.web.WebApp;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// So much for each, in a memory that does not grow (S26).
@Timeout(60)
@Tag("S26")
class S26RateLimitTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 1_000_000_000L); // about to wrap around

    private static WebApp app(RateLimit limit) {
        return WebApp.create().install(limit).get("/{who}", (request, response) -> response.send("ok"));
    }

    @Test
    @Tag("PL-41")
    void whatIsBeyondTheRateComesAgainLater() throws Exception {
        RateLimit limit = new RateLimit(2, SECOND, now::get);
        try (Site site = Site.of(app(limit))) {
            assertThat(site.get("/a").statusCode()).isEqualTo(200);
            assertThat(site.get("/a").statusCode()).isEqualTo(200);
            var refused = site.get("/a");
            assertThat(refused.statusCode()).isEqualTo(429);
            assertThat(refused.headers().firstValue("Retry-After")).contains("1");
            assertThat(refused.body()).contains("limit rate");
            now.addAndGet(499_999_999);
            assertThat(site.get("/a").statusCode()).isEqualTo(429);
            now.addAndGet(1);
            assertThat(site.get("/a").statusCode()).isEqualTo(200);
            assertThat(site.get("/a").statusCode()).isEqualTo(429);
            now.addAndGet(5_000_000_000L);
            assertThat(site.get("/a").statusCode()).isEqualTo(200);
            assertThat(site.get("/a").statusCode()).isEqualTo(200);
            assertThat(site.get("/a").statusCode()).isEqualTo(429);
            assertThat(limit.refused()).isEqualTo(4);
        }
    }

    @Test
    @Tag("PL-41")
    void aBurstMayBeLargerAndEachIsCountedByItself() throws Exception {
        RateLimit limit = new RateLimit(1, SECOND, now::get).withBurst(3).by(request -> request.path());
        try (Site site = Site.of(app(limit))) {
            for (int i = 0; i < 3; i++) {
                assertThat(site.get("/a").statusCode()).isEqualTo(200);
                assertThat(site.get("/b").statusCode()).isEqualTo(200);
            }
            assertThat(site.get("/a").statusCode()).isEqualTo(429);
            assertThat(site.get("/b").statusCode()).isEqualTo(429);
            assertThat(site.get("/c").statusCode()).isEqualTo(200);
        }
    }

    @Test
    @Tag("PL-42")
    void tenMillionClientsAreNoMoreThanAreRemembered() {
        Buckets buckets = new Buckets(1_000_000_000L, 1, 10_000);
        for (int i = 0; i < 10_000_000; i++) {
            buckets.take("client " + i, 0);
        }
        assertThat(buckets.size()).isLessThan(10_100);
        assertThat(buckets.take("client 9999999", 0)).isPositive(); // the last one is remembered
        assertThat(buckets.take("client 1", 0)).isZero(); // the first one begins anew
    }

    @Test
    @Tag("PL-42")
    void anIpv6NetworkIsOneClient() throws Exception {
        RateLimit limit = new RateLimit(1, SECOND, now::get);
        try (Site site = Site.of(
                app(limit).install(TrustedProxies.forwardedFor("127.0.0.1")))) {
            assertThat(site.get("/a", "X-Forwarded-For", "2001:db8:0:1::1").statusCode()).isEqualTo(200);
            assertThat(site.get("/a", "X-Forwarded-For", "2001:db8:0:1:ffff::2").statusCode()).isEqualTo(429);
            assertThat(site.get("/a", "X-Forwarded-For", "2001:db8:0:2::1").statusCode()).isEqualTo(200);
            assertThat(site.get("/a", "X-Forwarded-For", "192.0.2.1").statusCode()).isEqualTo(200);
            assertThat(limit.clients()).isEqualTo(3);
        }
    }

    @Test
    void aLimitThatIsNoneIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> RateLimit.of(0, SECOND));
        assertThatIllegalArgumentException().isThrownBy(() -> RateLimit.of(1, Duration.ZERO));
        assertThatIllegalArgumentException().isThrownBy(() -> RateLimit.of(1, SECOND).withBurst(0));
    }
}
