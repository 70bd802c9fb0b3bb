package dev.thrum.web;

import dev.thrum.http.Http1;
import dev.thrum.http.HttpException;
import dev.thrum.loop.EventLoop;
import dev.thrum.net.Buffered;
import dev.thrum.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What belongs to one loop of a server: who comes in, and what speaks HTTP there. Both are used on the loop's thread
/// only; the methods of this may be called from any.
final class Site {
    private static final Duration LOOK_AGAIN = Duration.ofMillis(10);

    /// What a loop has still to do.
    /// @param buffered bytes that clients have not taken yet
    record Left(int connections, List<String> requests, long buffered) {}

    private final EventLoop loop;
    private final RunningServer server;
    private final Http1 http;
    private final @Nullable Arrivals arrivals; // for TLS and proxies
    private final AtomicLong accepted = new AtomicLong();
    private final CompletableFuture<Boolean> ended = new CompletableFuture<>();
    private volatile int port; // once its doors are open; 0: none

    private Site(EventLoop loop, RunningServer server, int number, Listener listener) {
        this.loop = loop;
        this.server = server;
        this.http = Http1.on(loop, () -> server.terms(number));
        boolean direct = listener.tls().isEmpty() && listener.proxies().isEmpty();
        this.arrivals = direct ? null : new Arrivals(server, listener, this::serve);
        loop.onExit(() -> ended.complete(true));
    }

    /// Blocks until it is there, for connections under the current scope.
    /// @param number which of the loops of the server
    static Site on(EventLoop loop, RunningServer server, int number, Listener listener) {
        return call(loop, () -> new Site(loop, server, number, listener));
    }

    /// Takes a new connection. On its loop.
    void accept(Socket socket) {
        accepted.setRelease(accepted.getPlain() + 1); // by this loop alone
        if (arrivals != null) {
            arrivals.add(socket);
        } else if (server.enter(socket)) {
            serve(socket);
        } else {
            socket.abort();
        }
    }

    private void serve(Socket socket) {
        server.connected(socket);
        http.serve(socket);
    }

    EventLoop loop() {
        return loop;
    }

    /// Says where it has been opened.
    void port(int first) {
        port = first;
    }

    Server.Share share() {
        return new Server.Share(loop.name(), port, accepted.getAcquire());
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

    /// Ends connections as they become free, and the loop with the last of them. Nobody comes in any more.
    void drain(Duration quiet) {
        loop.post(() -> {
            if (arrivals != null) {
                arrivals.drain(quiet);
            }
            http.drain(quiet);
            exitIfDone();
            loop.every(LOOK_AGAIN, this::exitIfDone);
        });
    }

    private void exitIfDone() {
        if (connections() == 0) {
            loop.exit();
        }
    }

    private int connections() {
        return http.connections() + (arrivals == null ? 0 : arrivals.count());
    }

    /// Cancels what is in work, and lets connections end with the answer even if [#drain] is still on its way: it comes through the
    /// loop that accepts for others, which may be late or stuck.
    void cancel(Duration quiet, HttpException problem) {
        loop.post(() -> {
            http.drain(quiet);
            http.cancel(problem);
        });
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
        return new Left(connections(), requests, Buffered.of(loop).bytes());
    }

    /// {@return what `body` does on the loop} Blocks until it is done.
    static <T> T call(EventLoop loop, Supplier<T> body) {
        CompletableFuture<T> result = new CompletableFuture<>();
        loop.execute(() -> {
            try {
                result.complete(body.get());
            } catch (Throwable problem) {
                result.completeExceptionally(problem);
            }
        });
        try {
            return result.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException problem ? problem : e;
        }
    }
}
