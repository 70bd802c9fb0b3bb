package dev.thrum.tls;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.thrum.loop.EventLoop;
import dev.thrum.loop.LoopConfig;
import dev.thrum.net.ListenConfig;
import dev.thrum.net.Socket;
import dev.thrum.net.TcpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// One connection between a server and a client, of which one may be foreign, until both have ended. It returns when the
/// loop has nothing to wait for any more: so whatever is left behind makes a test hang.
final class Exchange {
    static final InetSocketAddress ANY_PORT = new InetSocketAddress("127.0.0.1", 0);

    final List<Object> log = Collections.synchronizedList(new ArrayList<>());

    /// What a peer does, on a thread of its own.
    interface Foreign {
        void use(int port) throws Exception;
    }

    /// Runs our server against our client.
    void run(Tls server, Consumer<TlsSocket> onServer, Tls client, String host, Consumer<TlsSocket> onClient) {
        EventLoop.run(config(), loop -> {
            int port = listen(loop, server, onServer);
            var _ = Socket.connect(loop, new InetSocketAddress("127.0.0.1", port))
                    .then(socket -> client.client(socket, host))
                    .tap(onClient)
                    .recover(Throwable.class, problem -> note("client", problem));
        });
    }

    /// Runs our server against a foreign client.
    void serve(Tls server, Consumer<TlsSocket> onServer, Foreign client) throws Exception {
        var done = new CompletableFuture<String>();
        EventLoop.run(config(), loop -> {
            int port = listen(loop, server, onServer);
            start(done, () -> client.use(port));
        });
        done.get(60, TimeUnit.SECONDS);
    }

    /// Runs our client against a foreign server.
    void connect(int port, Tls client, String host, Consumer<TlsSocket> onClient) {
        EventLoop.run(config(), loop -> {
            var _ = Socket.connect(loop, new InetSocketAddress("127.0.0.1", port))
                    .then(socket -> client.client(socket, host))
                    .tap(onClient)
                    .recover(Throwable.class, problem -> note("client", problem));
        });
    }

    interface Work {
        void run() throws Exception;
    }

    static void start(CompletableFuture<String> done, Work work) {
        Thread.ofPlatform().daemon().start(() -> {
            try {
                work.run();
                done.complete("done");
            } catch (Throwable e) {
                done.completeExceptionally(e);
            }
        });
    }

    private LoopConfig config() {
        return LoopConfig.named("main").withOnError(problem -> log.add("problem " + problem.getMessage()));
    }

    private int listen(EventLoop loop, Tls server, Consumer<TlsSocket> onServer) {
        TcpServer[] listening = new TcpServer[1];
        listening[0] = TcpServer.listen(loop, ANY_PORT, ListenConfig.DEFAULT, socket -> {
            listening[0].close();
            var _ = server.server(socket).tap(onServer).recover(Throwable.class, problem -> note("server", problem));
        });
        return ((InetSocketAddress) listening[0].address()).getPort();
    }

    TlsSocket note(String who, Throwable problem) {
        log.add(who + ": " + problem.getClass().getSimpleName());
        messages.add(String.valueOf(problem.getMessage()));
        return null;
    }

    final List<String> messages = Collections.synchronizedList(new ArrayList<>());

    /// {@return a reader that writes down what it hears, and reads all}
    Socket.Reader recorder(String who) {
        return new Socket.Reader() {
            @Override
            public void onRead(ByteBuffer bytes) {
                log.add(who + ": " + UTF_8.decode(bytes));
            }

            @Override
            public void onEnd(Socket socket) {
                log.add(who + ": end");
                socket.close();
            }

            @Override
            public void onClosed(IOException reason) {
                log.add(who + ": closed" + (reason == null ? "" : " " + reason.getClass().getSimpleName()));
            }
        };
    }

    static ByteBuffer bytes(String text) {
        return UTF_8.encode(text);
    }
}
