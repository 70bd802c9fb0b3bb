package dev.thrum.web;

import dev.thrum.http.Http1;
import dev.thrum.http.HttpException;
import dev.thrum.loop.EventLoop;
import dev.thrum.loop.Signal;
import dev.thrum.net.Buffered;
import dev.thrum.net.ListenConfig;
import dev.thrum.net.TcpServer;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicLong;

/// What belongs to one loop of a server: what listens there, and what speaks HTTP there. Both are used on the loop's thread
/// only; the methods of this may be called from any.
final class Site {
    private static final Duration LOOK_AGAIN = Duration.ofMillis(10);

    /// What a loop has still to do.
    /// @param buffered bytes that clients have not taken yet
    record Left(int connections, List<String> requests, long buffered) {}

    private final EventLoop loop;
    private final TcpServer listening;
    private final Http1 http;
    private final AtomicLong accepted;
    private final CompletableFuture<Boolean> ended = new CompletableFuture<>();

    private Site(EventLoop loop, TcpServer listening, Http1 http, AtomicLong accepted) {
        this.accepted = accepted;
        this.loop = loop;
        this.listening = listening;
        this.http = http;
        loop.onExit(() -> ended.complete(true));
    }

    /// Listens on a loop, under the current scope. Blocks until it does.
    static Site open(EventLoop loop, RunningServer server, Listener listener, int port) {
        CompletableFuture<Site> site = new CompletableFuture<>();
        loop.execute(() -> {
            try {
                site.complete(openHere(loop, server, listener, port));
            } catch (Throwable problem) {
                site.completeExceptionally(problem);
            }
        });
        return join(site);
    }

    private static Site openHere(EventLoop loop, RunningServer server, Listener listener, int port) {
        ListenConfig config = ListenConfig.DEFAULT.withBacklog(listener.backlog()).withReusePort(listener.loops() > 1);
        Http1 http = Http1.on(loop, server::terms);
        AtomicLong accepted = new AtomicLong();
        TcpServer listening = TcpServer.listen(loop, listener.address(port), config, socket -> {
            accepted.setRelease(accepted.getPlain() + 1); // by this loop alone
            if (server.opened(socket)) {
                http.serve(socket);
            }
        });
        return new Site(loop, listening, http, accepted);
    }

    EventLoop loop() {
        return loop;
    }

    int port() {
        return ((InetSocketAddress) listening.address()).getPort();
    }

    Server.Share share() {
        return new Server.Share(loop.name(), port(), accepted.getAcquire());
    }

    boolean isRunning() {
        return !ended.isDone();
    }

    /// Waits until the loop is between two callbacks, or has ended, and lets go of terms that are over.
    void pass() {
        CompletableFuture<Boolean> passed = new CompletableFuture<>();
        boolean posted = loop.post(() -> {
            http.refresh();
            passed.complete(true);
        });
        if (posted) {
            CompletableFuture.anyOf(passed, ended).join();
        }
    }

    // ---- the end; a loop that has ended needs no post

    /// Takes what waits in the backlog, ends connections as they become free, and the loop with the last of them.
    void drain(Duration quiet) {
        loop.post(() -> {
            listening.drain();
            http.drain(quiet);
            exitIfDone();
            loop.every(LOOK_AGAIN, this::exitIfDone);
        });
    }

    private void exitIfDone() {
        if (http.connections() == 0) {
            loop.exit();
        }
    }

    /// Cancels what is in work.
    void cancel(HttpException problem) {
        loop.post(() -> http.cancel(problem));
    }

    /// {@return what is left to do}
    CompletableFuture<Left> left() {
        CompletableFuture<Left> left = new CompletableFuture<>();
        if (!loop.post(() -> left.complete(leftHere()))) {
            left.complete(new Left(0, List.of(), 0));
        }
        return left;
    }

    private Left leftHere() {
        List<String> requests = new ArrayList<>();
        http.forEachExchange(exchange -> requests.add(exchange.request() + " " + exchange.age().toSeconds() + " s"));
        return new Left(http.connections(), requests, Buffered.of(loop).bytes());
    }

    /// Runs `action` on the loop whenever the process gets a signal. Blocks until that is so.
    void onSignal(Signal signal, Runnable action) {
        CompletableFuture<Boolean> set = new CompletableFuture<>();
        loop.execute(() -> {
            try {
                loop.onSignal(signal, action).unref();
                set.complete(true);
            } catch (RuntimeException problem) {
                set.completeExceptionally(problem);
            }
        });
        join(set);
    }

    private static <T> T join(CompletableFuture<T> result) {
        try {
            return result.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException problem ? problem : e;
        }
    }
}
