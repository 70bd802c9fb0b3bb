package dev.thrum.net;

import dev.thrum.loop.EventLoop;
import dev.thrum.loop.LoopConfig;
import dev.thrum.loop.ManualLoop;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/// A socket on a loop that the test turns, by a clock of the test, and its peer: a blocking one of the JDK.
final class Pair implements AutoCloseable {
    final List<Object> log = new ArrayList<>();
    final ManualLoop loop;
    final java.net.Socket peer;
    Socket socket;
    private long now;

    Pair() throws IOException {
        var config = LoopConfig.named("main").withOnError(problem -> log.add("problem " + problem.getMessage()));
        loop = EventLoop.manual(config, () -> now);
        InetSocketAddress[] address = new InetSocketAddress[1];
        loop.runHere(() -> {
            TcpServer[] server = new TcpServer[1];
            server[0] = TcpServer.listen(
                    loop, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), ListenConfig.DEFAULT, accepted -> {
                        socket = accepted;
                        server[0].close();
                    });
            address[0] = (InetSocketAddress) server[0].address();
        });
        peer = new java.net.Socket();
        peer.setReceiveBufferSize(32 * 1024);
        peer.connect(address[0]);
        turnUntil(() -> socket != null);
    }

    void read() {
        loop.runHere(() -> socket.read(new Recorder(socket, log)));
    }

    void advance(Duration time) {
        now += time.toNanos();
        settle();
    }

    /// Turns the loop until it has nothing to do.
    void settle() {
        while (loop.turn()) {
            Thread.onSpinWait();
        }
    }

    /// Turns the loop until the network has done its part.
    void turnUntil(BooleanSupplier done) {
        long start = System.nanoTime();
        while (!done.getAsBoolean()) {
            loop.turn();
            Thread.onSpinWait();
            if (System.nanoTime() - start > 20_000_000_000L) {
                throw new AssertionError("waited in vain; " + log);
            }
        }
    }

    void send(String text) throws IOException {
        int before = log.size();
        peer.getOutputStream().write(text.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
        turnUntil(() -> log.size() > before);
    }

    @Override
    public void close() throws IOException {
        loop.close();
        peer.close();
    }
}
