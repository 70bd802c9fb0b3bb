package dev.thrum.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.loop.EventLoop;
import dev.thrum.loop.LoopConfig;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// An echo server among peers that misbehave: that read slowly, or not at all, reset at any moment, say nothing, or end their
/// half. In between well-behaved ones, which must be served, byte for byte.
@Timeout(200)
class SocketSoakTest {
    private static final Duration LIMIT = Duration.ofMillis(250);
    private static final int PEERS = 12; // at a time

    private final long seed = Long.getLong("thrum.stress.seed", System.nanoTime());
    private final List<Throwable> problems = Collections.synchronizedList(new ArrayList<>());
    private final AtomicLong mostPending = new AtomicLong();
    private final AtomicInteger opened = new AtomicInteger();
    private final AtomicInteger closed = new AtomicInteger();
    private final AtomicInteger echoed = new AtomicInteger();

    /// Echoes what it reads, and reads no more than it can get rid of.
    private final class Echo implements Socket.Reader {
        private final Socket socket;
        private final Set<Socket> open;

        Echo(Socket socket, Set<Socket> open) {
            this.socket = socket;
            this.open = open;
            open.add(socket);
            opened.incrementAndGet();
        }

        @Override
        public void onRead(ByteBuffer bytes) {
            socket.write(bytes).recover(NetException.class, problem -> socket);
            mostPending.accumulateAndGet(socket.pending(), Math::max);
            if (!socket.writable() && socket.isOpen()) {
                socket.pauseReading();
                socket.onDrained(socket::resumeReading);
            }
        }

        @Override
        public void onClosed(IOException reason) {
            closed.incrementAndGet();
            if (!open.remove(socket)) {
                problems.add(new AssertionError("told twice: " + socket));
            }
        }
    }

    @Test
    @Tag("N-110")
    void goodPeersAreServedAmongBadOnesAndNothingIsLeft() throws Exception {
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(Long.getLong("thrum.stress.millis", 300) * 3);
        EventLoop loop = EventLoop.start(LoopConfig.named("soak").withOnError(problems::add));
        Set<Socket> open = new HashSet<>();
        var servers = new CompletableFuture<List<TcpServer>>();
        loop.execute(() -> servers.complete(List.of(
                listen(loop, socket -> socket.read(new Echo(socket, open))), listen(loop, socket -> {
                    socket.timeouts(LIMIT, LIMIT);
                    socket.read(new Echo(socket, open));
                }))));
        List<InetSocketAddress> addresses = servers.get(20, TimeUnit.SECONDS).stream()
                .map(server -> (InetSocketAddress) server.address())
                .toList();
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < PEERS; i++) {
            var random = new Random(seed + i);
            threads.add(Thread.ofVirtual().start(() -> misbehave(random, addresses, until)));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        loop.execute(() -> servers.join().forEach(TcpServer::close));
        awaitNobody(loop, open);
        loop.exit();
        assertThat(loop.awaitEnd(Duration.ofSeconds(20))).isTrue();
        assertThat(problems).as("seed %d", seed).isEmpty();
        assertThat(closed).as("seed %d", seed).hasValue(opened.get());
        assertThat(echoed.get()).isPositive();
        assertThat(mostPending.get()).isLessThanOrEqualTo(Socket.HIGH_WATER + 64 * 1024L);
    }

    private static TcpServer listen(EventLoop loop, Consumer<Socket> onAccept) {
        return TcpServer.listen(loop, new InetSocketAddress("127.0.0.1", 0), ListenConfig.DEFAULT, onAccept);
    }

    /// Waits until the last time limit has done its work.
    private static void awaitNobody(EventLoop loop, Set<Socket> open) throws Exception {
        boolean some = true;
        while (some) {
            var answer = new CompletableFuture<Boolean>();
            loop.execute(() -> answer.complete(!open.isEmpty()));
            some = answer.get(20, TimeUnit.SECONDS);
        }
    }

    /// One that behaves, or goes away, needs no limit; one that does not is sent to the server that has some.
    private void misbehave(Random random, List<InetSocketAddress> addresses, long until) {
        do {
            int kind = random.nextInt(6);
            InetSocketAddress address = addresses.get(kind < 2 ? 1 : 0);
            try (var socket = new java.net.Socket(address.getAddress(), address.getPort())) {
                switch (kind) {
                    case 0 -> saysNothing(socket);
                    case 1 -> readsNothing(socket);
                    case 2 -> reset(socket, random);
                    case 3 -> endsItsHalf(socket, random);
                    default -> behaves(socket, random);
                }
            } catch (IOException | AssertionError problem) {
                problems.add(problem);
            }
        } while (System.nanoTime() < until);
    }

    private static byte[] bytes(Random random, int limit) {
        var bytes = new byte[1 + random.nextInt(limit)];
        random.nextBytes(bytes);
        return bytes;
    }

    private static void reset(java.net.Socket socket, Random random) throws IOException {
        socket.getOutputStream().write(bytes(random, 100_000));
        socket.setSoLinger(true, 0);
    }

    /// Waits for the server to give it up.
    private static void saysNothing(java.net.Socket socket) throws IOException {
        assertThat(socket.getInputStream().read()).isNegative();
    }

    /// Sends for as long as the server takes it, and reads nothing of the echo: the server must give it up.
    private static void readsNothing(java.net.Socket socket) {
        var chunk = new byte[64 * 1024];
        try {
            while (true) {
                socket.getOutputStream().write(chunk);
            }
        } catch (IOException expected) {
            assertThat(expected).hasMessageMatching("Connection reset.*|Broken pipe.*");
        }
    }

    private void endsItsHalf(java.net.Socket socket, Random random) throws IOException {
        byte[] sent = bytes(random, 30_000);
        socket.getOutputStream().write(sent);
        socket.shutdownOutput();
        assertThat(Arrays.equals(socket.getInputStream().readAllBytes(), sent)).isTrue();
    }

    private void behaves(java.net.Socket socket, Random random) throws IOException {
        for (int i = 0; i < 20; i++) {
            byte[] sent = bytes(random, 20_000);
            socket.getOutputStream().write(sent);
            assertThat(Arrays.equals(socket.getInputStream().readNBytes(sent.length), sent)).isTrue();
            echoed.incrementAndGet();
        }
    }
}
