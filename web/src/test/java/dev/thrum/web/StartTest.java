package dev.thrum.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Clients that call a server again and again while it starts.
@Timeout(120)
class StartTest {
    private static final int STARTS = 5;
    private static final int CALLERS = 2; // for each port
    private static final int ANSWERS = 20; // for each of them

    private final WebApp app = WebApp.create().get("/", (request, response) -> response.send("hello"));
    private final AtomicBoolean over = new AtomicBoolean();

    @AfterEach
    void end() {
        over.set(true);
    }

    /// A port that nobody else takes before the server does.
    private record Reserved(SocketChannel holder, AtomicBoolean open) implements AutoCloseable {
        static Reserved one() throws IOException {
            SocketChannel holder = SocketChannel.open();
            holder.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            if (Door.systemShares()) {
                holder.setOption(StandardSocketOptions.SO_REUSEPORT, true);
            }
            return new Reserved(holder.bind(new InetSocketAddress("127.0.0.1", 0)), new AtomicBoolean());
        }

        int port() throws IOException {
            return ((InetSocketAddress) holder.getLocalAddress()).getPort();
        }

        @Override
        public void close() throws IOException {
            holder.close();
        }
    }

    private CompletableFuture<Void> call(Reserved reserved) {
        CompletableFuture<Void> served = new CompletableFuture<>();
        Thread.ofPlatform().daemon().start(() -> {
            try {
                for (int answers = 0; answers < ANSWERS && !over.get(); ) {
                    answers += isServed(reserved) ? 1 : 0;
                }
                served.complete(null);
            } catch (Throwable problem) {
                served.completeExceptionally(problem);
            }
        });
        return served;
    }

    /// {@return false if nobody listens yet}
    private static boolean isServed(Reserved reserved) throws IOException {
        boolean wasOpen = reserved.open.get();
        Socket socket;
        try {
            socket = new Socket("127.0.0.1", reserved.port());
        } catch (ConnectException refused) {
            assertThat(wasOpen).as("somebody could connect before").isFalse();
            return false;
        }
        reserved.open.set(true);
        try (RawClient client = new RawClient(socket)) {
            client.write("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
            assertThat(client.read(true).body()).isEqualTo("hello");
            return true;
        }
    }

    /// Starts a server with a listener for each way, and checks that nobody is turned away.
    private void start(List<UnaryOperator<Listener>> ways) throws Exception {
        for (int i = 0; i < STARTS; i++) {
            List<Reserved> ports = new ArrayList<>();
            List<Listener> listeners = new ArrayList<>();
            List<CompletableFuture<Void>> callers = new ArrayList<>();
            for (UnaryOperator<Listener> way : ways) {
                Reserved port = Reserved.one();
                ports.add(port);
                listeners.add(way.apply(Listener.http(port.port()).withHost("127.0.0.1")));
                for (int n = 0; n < CALLERS; n++) {
                    callers.add(call(port));
                }
            }
            try (Server server = app.start(listeners.toArray(Listener[]::new))) {
                for (CompletableFuture<Void> caller : callers) {
                    caller.get(60, TimeUnit.SECONDS);
                }
                assertThat(server.metrics().succeeded()).isPositive();
            }
            for (Reserved port : ports) {
                port.close();
            }
        }
    }

    @Test
    @Tag("W-106")
    void whoeverCanConnectToOneOfSeveralLoopsIsServed() throws Exception {
        start(List.of(listener -> listener.withLoops(2)));
    }

    @Test
    @Tag("W-106")
    void whoeverCanConnectToALoopThatAcceptsForOthersIsServed() throws Exception {
        start(List.of(listener -> listener.withLoops(2).withTurns()));
    }

    @Test
    @Tag("W-106")
    void whoeverCanConnectToOneOfSeveralPortsIsServed() throws Exception {
        start(List.of(listener -> listener, listener -> listener.withLoops(2), Listener::withSharedPort));
    }
}
