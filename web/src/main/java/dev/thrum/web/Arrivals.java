package dev.thrum.web;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.thrum.net.ProxyProtocol;
import dev.thrum.net.Socket;
import dev.thrum.promise.Promise;
import dev.thrum.scope.Registration;
import dev.thrum.tls.Tls;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Connections of one loop that are on their way to HTTP: they have said nothing yet, their proxy introduces them, or their handshake
/// goes on. Loop thread only.
final class Arrivals {
    /*
     * Each step begins with a first byte: the header of a proxy, then the handshake. Until then there is nothing but a timer, so that who connects and
     * says nothing costs little, and keeps nobody waiting when the server comes to its end.
     */
    private static final byte[] PLAIN = """
            HTTP/1.1 400 Bad Request\r
            Connection: close\r
            Content-Type: application/problem+json\r
            Content-Length: 80\r
            \r
            {"title":"Bad Request","status":400,"detail":"this port speaks HTTPS, not HTTP"}""".getBytes(US_ASCII);

    private final RunningServer server;
    private final @Nullable ProxyProtocol proxies;
    private final @Nullable Tls tls;
    private final Consumer<Socket> ready;
    private final Set<Arrival> all = new HashSet<>();
    private @Nullable Duration quiet; // while draining

    /// @param ready gets who has arrived
    Arrivals(RunningServer server, Listener listener, Consumer<Socket> ready) {
        this.server = server;
        this.proxies = listener.proxies().orElse(null);
        this.tls = listener.tls().orElse(null);
        this.ready = ready;
    }

    void add(Socket socket) {
        boolean known = proxies == null || !proxies.trusts(socket.remote());
        if (known ? server.enter(socket) : server.enterUnknown()) {
            var arrival = new Arrival(socket, known);
            all.add(arrival);
            arrival.listen();
        } else {
            socket.abort();
        }
    }

    int count() {
        return all.size();
    }

    /// From now on who has said nothing for `quiet` is sent away.
    void drain(Duration quiet) {
        this.quiet = quiet;
        all.forEach(Arrival::await);
    }

    private final class Arrival implements Socket.Reader {
        private final Socket socket;
        private Registration deadline = Registration.none();
        private boolean introduced = proxies == null; // a proxy has said whose it is
        private boolean known; // its address counts
        private boolean heard;

        Arrival(Socket socket, boolean known) {
            this.socket = socket;
            this.known = known;
        }

        /// For the first byte of what is next.
        void listen() {
            heard = false;
            socket.read(this);
            await();
        }

        void await() {
            if (!heard) {
                deadline.close();
                Duration limit = quiet == null ? server.timeouts().head() : quiet;
                deadline = socket.loop().schedule(limit, socket::abort);
            }
        }

        @Override
        public void onRead(ByteBuffer bytes) { // what is not taken is left to the next reader
            heard = true;
            deadline.close();
            if (proxies != null && !introduced) {
                introduced = true;
                go(proxies.accept(socket), this::introduced);
            } else if (tls == null) {
                arrived(socket);
            } else if (bytes.get(bytes.position()) < 'A') { // a record of TLS begins with a small number
                go(tls.server(socket), this::arrived);
            } else {
                bytes.position(bytes.limit());
                socket.write(ByteBuffer.wrap(PLAIN)).recover(IOException.class, problem -> socket);
                socket.close();
            }
        }

        private <S extends Socket> void go(Promise<S> step, Consumer<Socket> next) {
            step.map(result -> {
                        next.accept(result);
                        return true;
                    })
                    .recover(IOException.class, problem -> { // as clients do
                        leave();
                        return false;
                    });
        }

        private void introduced(Socket same) {
            if (!known && !server.known(same)) {
                all.remove(this);
                same.abort();
            } else {
                known = true;
                listen();
            }
        }

        private void arrived(Socket through) {
            all.remove(this);
            ready.accept(through);
        }

        /// Will not arrive.
        private void leave() {
            deadline.close();
            if (all.remove(this)) {
                if (known) {
                    server.lost(socket);
                } else {
                    server.lostUnknown();
                }
            }
        }

        @Override
        public void onClosed(@Nullable IOException reason) {
            leave();
        }
    }
}
