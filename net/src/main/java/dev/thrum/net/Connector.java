package dev.thrum.net;

import static java.util.Objects.requireNonNull;

import dev.thrum.loop.EventLoop;
import dev.thrum.loop.Timer;
import dev.thrum.promise.Promise;
import dev.thrum.promise.Resolver;
import dev.thrum.scope.Registration;
import dev.thrum.scope.Scope;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The way to a connection: looks the host up, tries its addresses, watches the time.
///
/// The addresses race (RFC 8305, "happy eyeballs"): each attempt has a moment for itself, then the next begins beside it,
/// or at once when it fails; the two families take turns. The first connection that stands wins, and the other attempts are
/// given up. If none does, the first problem is told, with the others in its company.
///
/// Loop thread only. It ends by [#finish], once, whether it succeeds, fails, is cancelled or too late.
final class Connector {
    private final EventLoop loop;
    private final String target;
    private final ConnectConfig config;
    private final Resolver<Socket> resolver;
    private final Deque<SocketAddress> left = new ArrayDeque<>();
    private final List<Attempt> running = new ArrayList<>();
    private @Nullable NetException problem; // the first
    private @Nullable Promise<?> lookup;
    private @Nullable Timer alarm;
    private @Nullable Timer pace; // until the next attempt
    private Registration whenCancelled = Registration.none();
    private boolean finished;

    private Connector(EventLoop loop, String target, ConnectConfig config) {
        this.loop = loop;
        this.target = target;
        this.config = config;
        this.resolver = Scope.current().at(loop).call(Resolver::create);
    }

    static Promise<Socket> connect(EventLoop loop, SocketAddress address, ConnectConfig config) {
        Connector connector = prepare(loop, address, config);
        if (!(address instanceof InetSocketAddress inet) || !inet.isUnresolved()) {
            connector.race(List.of(address));
        } else {
            connector.lookUp(inet);
        }
        return connector.resolver.promise();
    }

    /// Races to one host by some of its addresses.
    static Promise<Socket> connect(
            EventLoop loop, InetSocketAddress host, List<InetAddress> addresses, ConnectConfig config) {
        Connector connector = prepare(loop, host, config);
        connector.race(inTurns(addresses, host.getPort()));
        return connector.resolver.promise();
    }

    private static Connector prepare(EventLoop loop, SocketAddress address, ConnectConfig config) {
        requireNonNull(address, "address");
        requireNonNull(config, "config");
        var connector = new Connector(loop, Address.text(address), config);
        connector.alarm = loop.after(config.limit(), connector::timeOut);
        connector.resolver.onCancel(reason -> loop.post(connector::finish));
        connector.whenCancelled = Scope.current().onCancel(reason -> loop.post(() -> connector.cancelled(reason)));
        return connector;
    }

    private void lookUp(InetSocketAddress host) {
        lookup = Dns.lookup(host.getHostString(), config.limit())
                .tap(addresses -> race(inTurns(addresses, host.getPort())))
                .recover(Throwable.class, reason -> {
                    fail(reason);
                    return List.of();
                });
    }

    /// {@return the addresses with the families taking turns, beginning with the first address's}
    static List<InetSocketAddress> inTurns(List<InetAddress> addresses, int port) {
        Deque<InetAddress> six = new ArrayDeque<>();
        Deque<InetAddress> four = new ArrayDeque<>();
        addresses.forEach(each -> (each instanceof Inet6Address ? six : four).add(each));
        Deque<InetAddress> turn = addresses.getFirst() instanceof Inet6Address ? six : four;
        var order = new ArrayList<InetSocketAddress>();
        while (!six.isEmpty() || !four.isEmpty()) {
            InetAddress next = turn.poll();
            if (next != null) {
                order.add(new InetSocketAddress(next, port));
            }
            turn = turn == six ? four : six;
        }
        return order;
    }

    // ---- the race

    private void race(List<? extends SocketAddress> addresses) {
        left.addAll(addresses);
        startNext();
    }

    /// Begins attempts until one of them is under way.
    private void startNext() {
        pace = null;
        boolean begun = false;
        while (!begun && !finished && !left.isEmpty()) {
            begun = start(left.remove());
        }
        if (begun && !finished && !left.isEmpty()) {
            pace = loop.after(config.stagger(), this::startNext);
        }
        failIfNothingIsLeft();
    }

    private boolean start(SocketAddress address) {
        try {
            var attempt = new Attempt(this, address, config);
            running.add(attempt);
            attempt.complete();
            return running.contains(attempt);
        } catch (IOException e) {
            note(NetException.of(e, target));
        } catch (IllegalArgumentException e) {
            fail(e);
        }
        return false;
    }

    /// An attempt did not succeed: the next begins at once. One that fails as it starts is followed by [#startNext].
    void failed(Attempt attempt, IOException reason) {
        running.remove(attempt);
        note(NetException.of(reason, target));
        if (pace != null) {
            pace.close();
            startNext();
        } else {
            failIfNothingIsLeft();
        }
    }

    private void note(NetException next) {
        if (problem == null) {
            problem = next;
        } else {
            problem.addSuppressed(next);
        }
    }

    private void failIfNothingIsLeft() {
        if (!finished && problem != null && running.isEmpty() && left.isEmpty()) {
            fail(problem);
        }
    }

    // ---- the end

    EventLoop loop() {
        return loop;
    }

    private void timeOut() {
        fail(new NetException.Timeout("no connection within " + config.limit() + ": " + target, problem));
    }

    private void cancelled(Throwable reason) {
        fail(new NetException.Aborted("given up with its scope: " + target, reason));
    }

    void fail(Throwable reason) {
        finish();
        resolver.reject(reason);
    }

    void succeed(Attempt attempt, Connection connection) {
        running.remove(attempt);
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
        whenCancelled.close();
        if (alarm != null) {
            alarm.close();
        }
        if (pace != null) {
            pace.close();
        }
        if (lookup != null) {
            lookup.cancel(); // abandoned: the resolver cannot be interrupted
        }
        running.forEach(Attempt::giveUp);
        running.clear();
    }
}
