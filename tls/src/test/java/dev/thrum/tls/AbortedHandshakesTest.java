package dev.thrum.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.loop.EventLoop;
import dev.thrum.loop.LoopConfig;
import dev.thrum.net.ListenConfig;
import dev.thrum.net.Socket;
import dev.thrum.net.TcpServer;
import dev.thrum.promise.Promise;
import dev.thrum.promise.Promises;
import dev.thrum.scope.Scope;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Handshakes, many at a time, of which either side lets go at any moment: nothing is left of them.
@Tag("stress")
@Timeout(200)
class AbortedHandshakesTest {
    private static final long NANOS = Long.getLong("thrum.stress.millis", 300) * 1_000_000;
    private static final int AT_A_TIME = 8;

    private static Tls server;
    private static Tls client;

    @TempDir
    static Path folder;

    private final long seed = Long.getLong("thrum.stress.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final List<Throwable> problems = Collections.synchronizedList(new ArrayList<>());
    private final List<WeakReference<Socket>> sockets = new ArrayList<>(); // loop thread only, as all below
    private int begun;
    private int settled;
    private int stood;
    private long end;

    @BeforeAll
    static void sign() throws Exception {
        var authority = new Authority("Thrum Test");
        server = Tls.of(Certificates.load(authority.sign("localhost").identity(folder)));
        client = Tls.create().withTrust(authority.trust());
    }

    @Test
    @Tag("T-35")
    void leaveNoHandleNoDescriptorNoThreadAndNoMemory() throws Exception {
        round(50_000_000); // loads classes, and makes what stays
        long descriptors = descriptors();
        long threads = threads();
        round(NANOS);
        assertThat(problems).as("seed %d", seed).isEmpty();
        assertThat(settled).as("seed %d", seed).isEqualTo(begun).isPositive();
        assertThat(stood).as("seed %d", seed).isBetween(1, begun - 1);
        assertThat(descriptors()).as("descriptors, seed %d", seed).isLessThanOrEqualTo(descriptors);
        assertThat(threads()).as("threads, seed %d", seed).isLessThanOrEqualTo(threads);
        awaitCollection();
        assertThat(sockets).as("sockets, seed %d", seed).isNotEmpty().allMatch(each -> each.get() == null);
    }

    /// Returns when the loop has nothing to wait for: what is left behind makes it hang.
    private void round(long nanos) {
        EventLoop.run(LoopConfig.named("main").withOnError(problems::add), loop -> {
            end = System.nanoTime() + nanos;
            TcpServer listening = TcpServer.listen(loop, Exchange.ANY_PORT, ListenConfig.DEFAULT, this::accept);
            List<Promise<Integer>> chains = new ArrayList<>();
            for (int i = 0; i < AT_A_TIME; i++) {
                chains.add(chain(loop, listening));
            }
            var _ = Promises.all(chains).tap(all -> listening.close());
        });
    }

    /// One attempt after the other, until the time is over and there was one of each kind.
    private Promise<Integer> chain(EventLoop loop, TcpServer listening) {
        boolean enough = System.nanoTime() - end > 0 && stood > 0 && stood < settled;
        return enough ? Promise.of(0) : attempt(loop, listening).then(_ -> chain(loop, listening));
    }

    private Promise<Integer> attempt(EventLoop loop, TcpServer listening) {
        Scope scope = Scope.current().child();
        return scope.call(() -> Socket.connect(loop, listening.address()).then(raw -> {
                    Promise<TlsSocket> secure = watched(client.client(raw, "localhost"));
                    remember(raw);
                    if (random.nextInt(4) == 0) {
                        secure.tap(_ -> letGo(loop, scope, raw, secure)).recover(Throwable.class, _ -> null);
                    } else {
                        letGo(loop, scope, raw, secure);
                    }
                    return secure;
                }))
                .map(_ -> 1)
                .recover(Throwable.class, _ -> 0);
    }

    private void accept(Socket raw) {
        Promise<TlsSocket> secure = watched(server.server(raw));
        remember(raw);
        if (random.nextBoolean()) {
            letGo(raw.loop(), Scope.current().child(), raw, secure);
        }
    }

    /// The first thousand are as good as all.
    private void remember(Socket socket) {
        if (sockets.size() < 1000) {
            sockets.add(new WeakReference<>(socket));
        }
    }

    private Promise<TlsSocket> watched(Promise<TlsSocket> secure) {
        begun++;
        secure.tap(socket -> {
                    stood++;
                    remember(socket);
                    socket.read(socket::write);
                })
                .lastly(() -> settled++)
                .recover(Throwable.class, _ -> null);
        return secure;
    }

    /// At once, or in some moment of the handshake, or after it.
    private void letGo(EventLoop loop, Scope scope, Socket raw, Promise<TlsSocket> secure) {
        Runnable way =
                switch (random.nextInt(5)) {
                    case 0 -> secure::cancel;
                    case 1 -> raw::abort;
                    case 2 -> raw::close;
                    case 3 -> raw::end;
                    default -> () -> scope.cancel(new IOException("let go"));
                };
        loop.schedule(Duration.ofMillis(random.nextInt(12)), () -> {
            way.run();
            loop.schedule(Duration.ofMillis(50), raw::abort); // for a peer that goes on
        });
    }

    // ---- what there is

    private static long descriptors() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.count();
        }
    }

    private static long threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("thrum-"))
                .count();
    }

    /// Waits until all sockets, with their engines and buffers, have been collected.
    private void awaitCollection() throws InterruptedException {
        long patience = System.nanoTime() + 30_000_000_000L;
        while (sockets.stream().anyMatch(each -> each.get() != null) && System.nanoTime() < patience) {
            System.gc();
            new CountDownLatch(1).await(20, TimeUnit.MILLISECONDS);
        }
    }
}
