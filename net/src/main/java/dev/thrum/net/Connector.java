package dev.thrum.net;

import static java.util.Objects.requireNonNull;

import dev.thrum.loop.EventLoop;
import dev.thrum.loop.Timer;
import dev.thrum.promise.Promise;
import dev.thrum.promise.Resolver;
import dev.thrum.scope.Scope;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.UnsupportedAddressTypeException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The way to a connection: looks the host up, tries its addresses one after the other, watches the time.
///
/// Loop thread only. It ends by [#finish], once, whether it succeeds, fails, is cancelled or too late.
final class Connector {
    private final EventLoop loop;
    private final String target;
    private final Resolver<Socket> resolver;
    private final Deque<SocketAddress> left = new ArrayDeque<>();
    private @Nullable Promise<?> lookup;
    private @Nullable Timer alarm;
    private @Nullable Attempt attempt;
    private boolean finished;

    private Connector(EventLoop loop, SocketAddress target, Resolver<Socket> resolver) {
        this.loop = loop;
        this.target = Address.text(target);
        this.resolver = resolver;
    }

    static Promise<Socket> connect(EventLoop loop, SocketAddress address, Duration limit) {
        requireNonNull(address, "address");
        if (!limit.isPositive()) {
            throw new IllegalArgumentException("limit must be positive: " + limit);
        }
        Resolver<Socket> resolver = Scope.current().at(loop).call(Resolver::create);
        var connector = new Connector(loop, address, resolver);
        connector.alarm = loop.after(limit, () -> connector.timeOut(limit));
        resolver.onCancel(reason -> loop.post(connector::finish));
        connector.begin(address);
        return resolver.promise();
    }

    private void begin(SocketAddress address) {
        if (address instanceof InetSocketAddress inet && inet.isUnresolved()) {
            lookup = NameLookup.find(inet.getHostString())
                    .tap(addresses -> {
                        addresses.forEach(each -> left.add(new InetSocketAddress(each, inet.getPort())));
                        tryNext();
                    })
                    .recover(Throwable.class, problem -> {
                        fail(problem);
                        return List.of();
                    });
        } else {
            left.add(address);
            tryNext();
        }
    }

    private void tryNext() {
        if (!finished) {
            SocketAddress address = left.remove();
            try {
                attempt = new Attempt(this, address);
                attempt.complete();
            } catch (IOException e) {
                failed(e);
            } catch (UnsupportedAddressTypeException e) {
                fail(e);
            }
        }
    }

    EventLoop loop() {
        return loop;
    }

    /// An attempt did not succeed.
    void failed(IOException problem) {
        if (left.isEmpty()) {
            fail(NetException.of(problem, target));
        } else {
            tryNext();
        }
    }

    private void timeOut(Duration limit) {
        fail(new NetException.Timeout("no connection within " + limit + ": " + target, null));
    }

    void fail(Throwable problem) {
        finish();
        resolver.reject(problem);
    }

    void succeed(Connection connection) {
        attempt = null;
        finish();
        if (!resolver.resolve(connection)) {
            connection.abort();
        }
    }

    private void finish() {
        if (finished) {
            return;
        }
        finished = true;
        if (alarm != null) {
            alarm.close();
        }
        if (lookup != null) {
            lookup.unref(); // abandoned: the resolver cannot be interrupted
        }
        if (attempt != null) {
            attempt.giveUp();
        }
    }
}
