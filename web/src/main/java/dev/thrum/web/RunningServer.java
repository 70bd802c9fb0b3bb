package dev.thrum.web;


import dev.thrum.http.Http1;
import dev.thrum.loop.EventLoop;
import dev.thrum.net.ListenConfig;
import dev.thrum.net.TcpServer;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;

/// A snapshot on its loops. Each loop has a site: what listens there, and what speaks HTTP there.
final class RunningServer implements Server {
    private static final Duration GRACE = Duration.ofSeconds(5);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(10);

    private final Snapshot app;
    private final List<Integer> ports;
    private final List<Site> sites;
    private final CountDownLatch ended;

    private RunningServer(Snapshot app, List<Integer> ports, List<Site> sites) {
        this.app = app;
        this.ports = List.copyOf(ports);
        this.sites = List.copyOf(sites);
        this.ended = new CountDownLatch(sites.size());
    }

    /// What belongs to one loop. All but the loop itself is used on the loop's thread only.
    private record Site(EventLoop loop, TcpServer server, Http1 http) {

        static Site open(EventLoop loop, Snapshot app, InetSocketAddress address, ListenConfig config) {
            Dispatcher dispatcher = new Dispatcher(app);
            Http1 http = Http1.on(loop, app.limits(), app.timeouts(), dispatcher);
            TcpServer server = TcpServer.listen(loop, address, config, socket -> {
                dispatcher.opened(socket);
                http.serve(socket);
            });
            return new Site(loop, server, http);
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
        try {
            for (Listener listener : listeners) {
                int port = listener.port();
                for (int i = 0; i < listener.loops(); i++) {
                    EventLoop loop = EventLoop.start(app.name() + "-" + sites.size());
                    loops.add(loop);
                    Site site = open(loop, app, listener, port);
                    sites.add(site);
                    port = site.port();
                }
                ports.add(port);
            }
        } catch (Throwable problem) {
            loops.forEach(EventLoop::exit);
            throw problem;
        }
        RunningServer server = new RunningServer(app, ports, sites);
        sites.forEach(site -> site.loop.execute(() -> site.loop.onExit(server.ended::countDown)));
        return server;
    }

    private static Site open(EventLoop loop, Snapshot app, Listener listener, int port) {
        ListenConfig config = ListenConfig.DEFAULT.withBacklog(listener.backlog()).withReusePort(listener.loops() > 1);
        CompletableFuture<Site> site = new CompletableFuture<>();
        loop.execute(() -> {
            try {
                site.complete(Site.open(loop, app, listener.address(port), config));
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
    public boolean isRunning() {
        return ended.getCount() > 0;
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
        boolean interrupted = false;
        while (isRunning()) {
            try {
                ended.await();
            } catch (InterruptedException e) {
                interrupted = true;
                sites.forEach(site -> site.loop.exit());
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void join() throws InterruptedException {
        checkThread("join");
        ended.await();
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
