package dev.thrum.plugins;

import static java.util.Objects.requireNonNull;

import dev.thrum.http.HttpException;
import dev.thrum.http.Request;
import dev.thrum.net.Network;
import dev.thrum.web.Event;
import dev.thrum.web.Plugin;
import dev.thrum.web.WebApp;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.LongSupplier;

/// So many requests for each client in a time; what comes beyond is answered 429, with the time after which to come again, before
/// a route is looked for.
///
/// ```java
/// app.install(RateLimit.of(100, Duration.ofSeconds(1)).withBurst(200));
/// ```
///
/// A client is an address ([TrustedProxies#client]), or a network of 64 bits in IPv6, since that is what a single one gets. All loops of
/// an application share one count.
///
/// **Limits.** It remembers 100,000 clients at most, those that came last, in some 10 MB; who is forgotten begins anew.
/// **Threads.** Immutable, but for its counts, which any thread may change. Nothing blocks.
public final class RateLimit implements Plugin {
    private final Config config;
    private final Function<? super Request, String> key;
    private final LongSupplier clock;
    private final Buckets buckets;
    private final LongAdder refused = new LongAdder();

    private record Config(int requests, Duration period, int burst, int clients) {
        Config {
            if (requests < 1 || burst < 1 || clients < 1) {
                throw new IllegalArgumentException(
                        "requests, burst and clients must be 1 or more: " + requests + ", " + burst + ", " + clients);
            }
            if (period.isNegative() || period.isZero() || period.compareTo(Duration.ofDays(1)) > 0) {
                throw new IllegalArgumentException("the period must be positive, and a day at most: " + period);
            }
        }
    }

    RateLimit(int requests, Duration period, LongSupplier clock) {
        this(new Config(requests, period, requests, 100_000), RateLimit::client, clock);
    }

    private RateLimit(Config config, Function<? super Request, String> key, LongSupplier clock) {
        this.config = config;
        this.key = key;
        this.clock = clock;
        this.buckets = new Buckets(config.period.toNanos() / config.requests, config.burst, config.clients);
    }

    /// {@return the plugin}
    /// @param requests how many, 1 or more
    /// @param period in which time, a day at most
    /// @throws IllegalArgumentException if one of the two is out of range
    public static RateLimit of(int requests, Duration period) {
        return new RateLimit(requests, requireNonNull(period, "period"), System::nanoTime);
    }

    /// {@return this, which lets so many requests come at once after a rest}
    /// @param most 1 or more; as many as in a period, unless said otherwise
    /// @throws IllegalArgumentException if `most` is not positive
    public RateLimit withBurst(int most) {
        return new RateLimit(new Config(config.requests, config.period, most, config.clients), key, clock);
    }

    /// {@return this, which remembers so many clients at most}
    /// @param most 1 or more
    /// @throws IllegalArgumentException if `most` is not positive
    public RateLimit withClients(int most) {
        return new RateLimit(new Config(config.requests, config.period, config.burst, most), key, clock);
    }

    /// {@return this, which counts by something else than the client's address} An empty text is not counted.
    /// @param key tells requests apart: by a user, a token, a part of the path; called on the loop
    public RateLimit by(Function<? super Request, String> key) {
        return new RateLimit(config, requireNonNull(key, "key"), clock);
    }

    /// {@return how many requests were refused}
    public long refused() {
        return refused.sum();
    }

    /// {@return how many clients are remembered now}
    public int clients() {
        return buckets.size();
    }

    @Override
    public Optional<Record> configuration() {
        return Optional.of(config);
    }

    @Override
    public void install(WebApp app) {
        app.on(Event.PreRoute.class, "rate limit", event -> check(event.request()));
    }

    private void check(Request request) {
        String who = key.apply(request);
        long wait = who.isEmpty() ? 0 : buckets.take(who, clock.getAsLong());
        if (wait > 0) {
            refused.increment();
            long seconds = Math.ceilDiv(wait, 1_000_000_000L);
            throw new HttpException(429, "too many requests (limit rate)").withHeader("Retry-After", Long.toString(seconds));
        }
    }

    private static String client(Request request) {
        String client = TrustedProxies.client(request);
        InetAddress address = Network.address(client).orElse(null);
        if (!(address instanceof Inet6Address)) {
            return client;
        }
        byte[] bytes = address.getAddress();
        var network = new StringBuilder();
        for (int i = 0; i < 8; i++) {
            network.append((char) (bytes[i] & 0xff));
        }
        return network.toString();
    }
}
