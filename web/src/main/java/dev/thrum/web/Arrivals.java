package dev.thrum.web;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.thrum.net.Socket;
import dev.thrum.scope.Registration;
import dev.thrum.tls.Tls;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Connections of one loop that are on their way to HTTP: they have said nothing yet, or their handshake goes on. Loop thread
/// only.
final class Arrivals {
    /*
     * A handshake begins with the first byte of the client. Until then there is nothing but a timer, so that who connects and
     * says nothing costs little, and keeps nobody waiting when the server comes to its end.
     */
    private static final byte[] PLAIN = """
            HTTP/1.1 400 Bad Request\r
            Connection: close\r
            Content-Type: application/problem+json\r
            Content-Length: 79\r
            \r
            {"title":"Bad Request","status":400,"detail":"this port speaks HTTPS, not HTTP"}""".getBytes(US_ASCII);

    private final Tls tls;
    private final Supplier<Duration> patience;
    private final Consumer<Socket> ready;
    private final Consumer<Socket> lost;
    private final Set<Arrival> all = new HashSet<>();
    private @Nullable Duration quiet; // while draining

    /// @param patience how long the first byte may take
    /// @param ready gets who has arrived
    /// @param lost hears of sockets, as they were given to [#add], that will not arrive
    Arrivals(Tls tls, Supplier<Duration> patience, Consumer<Socket> ready, Consumer<Socket> lost) {
        this.tls = tls;
        this.patience = patience;
        this.ready = ready;
        this.lost = lost;
    }

    void add(Socket socket) {
        var arrival = new Arrival(socket);
        all.add(arrival);
        socket.read(arrival);
    }

    int count() {
        return all.size();
    }

    /// From now on who has said nothing for `quiet` is sent away.
    void drain(Duration quiet) {
        this.quiet = quiet;
        all.forEach(arrival -> arrival.await(quiet));
    }

    private final class Arrival implements Socket.Reader {
        private final Socket socket;
        private Registration deadline = Registration.none();
        private boolean heard;

        Arrival(Socket socket) {
            this.socket = socket;
            await(quiet == null ? patience.get() : quiet);
        }

        void await(Duration limit) {
            if (!heard) {
                deadline.close();
                deadline = socket.loop().schedule(limit, socket::abort);
            }
        }

        @Override
        public void onRead(ByteBuffer bytes) {
            heard = true;
            deadline.close();
            if (bytes.get(bytes.position()) >= 'A') { // a record of TLS begins with a small number
                bytes.position(bytes.limit());
                socket.write(ByteBuffer.wrap(PLAIN)).recover(IOException.class, problem -> socket);
                socket.close();
            } else {
                tls.server(socket) // which reads what is left here
                        .map(this::arrived)
                        .lastly(this::leave)
                        .recover(IOException.class, problem -> false); // as clients do
            }
        }

        private boolean arrived(Socket secure) {
            all.remove(this);
            ready.accept(secure);
            return true;
        }

        /// Has arrived, or will not.
        private void leave() {
            if (all.remove(this)) {
                deadline.close();
                lost.accept(socket);
            }
        }

        @Override
        public void onClosed(@Nullable IOException reason) {
            leave();
        }
    }
}
