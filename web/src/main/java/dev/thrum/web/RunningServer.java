package dev.thrum.web;

import dev.thrum.http.Http1;
import dev.thrum.loop.EventLoop;
import dev.thrum.net.ListenConfig;
import dev.thrum.net.TcpServer;
import dev.thrum.scope.Home;
import dev.thrum.scope.Key;
import dev.thrum.scope.Scope;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;

/// A snapshot on its loops. Each loop has a site: what listens there, and what speaks HTTP there.
final class RunningServer implements Server {
    static final Key<Server> CURRENT = Key.of("server");

    private static final Duration GRACE = Duration.ofSeconds(5);
    private static final Duration FOREVER = ChronoUnit.FOREVER.getDuration();
    private static final Duration LOOK_AGAIN = Duration.ofMillis(10);

    private final Snapshot app;
    private final Gate gate;
    private final AtomicBoolean stopped = new AtomicBoolean();
    private volatile List<Integer> ports = List.of(); // until all listen
    private volatile List<Site> sites = List.of();

    private RunningServer(Snapshot app) {
        this.app = app;
        this.gate = new Gate(app.admission());
    }

    /// What belongs to one loop. The server and what speaks HTTP are used on the loop's thread only.
    private record Site(EventLoop loop, TcpServer server, Http1 http, AtomicBoolean running) {

        static Site open(EventLoop loop, Dispatcher dispatcher, InetSocketAddress address, ListenConfig config) {
            Snapshot app = dispatcher.app();
            Http1 http = Http1.on(loop, app.limits(), app.timeouts(), dispatcher);
            TcpServer server = TcpServer.listen(loop, address, config, socket -> {
                if (dispatcher.opened(socket)) {
                    http.serve(socket);
                }
            });
            AtomicBoolean running = new AtomicBoolean(true);
            loop.onExit(() -> running.set(false));
            return new Site(loop, server, http, running);
        }

        int port() {
            return ((InetSocketAddress) server.address()).getPort();
        }

        /// Ends the loop when the last connection has, or when the grace is over.
        void drain(Duration grace) {
            server.close();
            http.drain();
            exitIfDone();
            loop.every(LOOK_AGAIN, this::exitIfDone);
            loop.after(grace, loop::exit);
        }

        private void exitIfDone() {
            if (http.connections() == 0) {
                loop.exit();
            }
        }
    }

    static RunningServer start(Snapshot app, List<Listener> listeners) {
        List<EventLoop> loops = new ArrayList<>();
        List<Site> sites = new ArrayList<>();
        List<Integer> ports = new ArrayList<>();
        RunningServer server = new RunningServer(app);
        Dispatcher dispatcher = new Dispatcher(app, server.gate);
        Scope scope = app.bindings().apply(Scope.current()).with(CURRENT, server);
        try {
            for (Listener listener : listeners) {
                int port = listener.port();
                for (int i = 0; i < listener.loops(); i++) {
                    EventLoop loop = EventLoop.start(app.name() + "-" + sites.size());
                    loops.add(loop);
                    int wanted = port;
                    Site site = scope.call(() -> open(loop, dispatcher, listener, wanted));
                    sites.add(site);
                    port = site.port();
                }
                ports.add(port);
            }
        } catch (Throwable problem) {
            loops.forEach(EventLoop::exit);
            awaitEnd(loops); // so that every address is free again
            throw problem;
        }
        server.ports = List.copyOf(ports);
        server.sites = List.copyOf(sites);
        server.tellPlugins();
        return server;
    }

    private void tellPlugins() {
        try {
            app.plugins().forEach(plugin -> plugin.started(this));
        } catch (Throwable problem) {
            close(Duration.ZERO);
            throw problem;
        }
    }

    private void tellPluginsOfTheEnd() {
        if (stopped.compareAndSet(false, true)) {
            for (Plugin plugin : app.plugins().reversed()) {
                try {
                    plugin.stopped(this);
                } catch (Throwable problem) {
                    Home.current().report(problem, Scope.current());
                }
            }
        }
    }

    private static Site open(EventLoop loop, Dispatcher dispatcher, Listener listener, int port) {
        ListenConfig config = ListenConfig.DEFAULT.withBacklog(listener.backlog()).withReusePort(listener.loops() > 1);
        CompletableFuture<Site> site = new CompletableFuture<>();
        loop.execute(() -> {
            try {
                site.complete(Site.open(loop, dispatcher, listener.address(port), config));
            } catch (Throwable problem) {
                site.completeExceptionally(problem);
            }
        });
        try {
            return site.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException problem ? problem : e;
        }
    }

    @Override
    public String name() {
        return app.name();
    }

    @Override
    public List<Integer> ports() {
        return ports;
    }

    @Override
    public long turnedAway() {
        return gate.turnedAway();
    }

    @Override
    public boolean isRunning() {
        return sites.stream().anyMatch(site -> site.running.get());
    }

    @Override
    public void close() {
        close(GRACE);
    }

    @Override
    public void close(Duration grace) {
        if (grace.isNegative()) {
            throw new IllegalArgumentException("grace must not be negative: " + grace);
        }
        checkThread("close");
        for (Site site : sites) {
            site.loop.post(() -> site.drain(grace)); // false: that loop has ended, which is what we want
        }
        awaitEnd(sites.stream().map(Site::loop).toList());
        tellPluginsOfTheEnd();
    }

    /// Waits until all loops have ended; an interrupt cuts their grace short.
    private static void awaitEnd(List<EventLoop> loops) {
        boolean interrupted = false;
        for (EventLoop loop : loops) {
            while (!hasEnded(loop)) {
                interrupted = true;
                loops.forEach(EventLoop::exit);
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /// {@return true when it has, false if the caller is interrupted while it waits}
    private static boolean hasEnded(EventLoop loop) {
        try {
            return loop.awaitEnd(FOREVER);
        } catch (InterruptedException e) {
            return false;
        }
    }

    @Override
    public void join() throws InterruptedException {
        checkThread("join");
        for (Site site : sites) {
            site.loop.awaitEnd(FOREVER);
        }
    }

    private void checkThread(String what) {
        for (Site site : sites) {
            if (site.loop.isHere()) {
                throw new WrongThreadException(what + "() waits for the loop it was called from: " + site.loop.name());
            }
        }
    }

    @Override
    public String toString() {
        return app.name() + " on " + ports;
    }
}
