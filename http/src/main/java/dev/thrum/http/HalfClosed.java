package dev.thrum.http;

import dev.thrum.scope.Registration;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;

/// A client that has ended its half of the connection and still has answers to come.
///
/// It listens, or it has gone: nobody can tell until something is sent, which the system of one that has gone answers by a reset;
/// the next write then fails, and the connection with it. So a client that waits for the beginning of its answer is sent
/// `100 Continue`, which every client of HTTP/1.1 has to skip (RFC 9110 §15.2), twice soon and then ever more rarely. Loop thread
/// only.
final class HalfClosed implements Runnable, Registration {
    private static final Duration SHORTEST = Duration.ofMillis(20);
    private static final Duration LONGEST = Duration.ofSeconds(10);

    private final Connection connection;
    private final ExchangeLine line;
    private Duration pause = SHORTEST;
    private Registration next = Registration.none();
    private long written; // bytes, at the last look
    private long since; // nothing was written, by the loop's clock

    private HalfClosed(Connection connection, ExchangeLine line) {
        this.connection = connection;
        this.line = line;
        this.written = connection.written();
        this.since = connection.http.now();
    }

    /// {@return what asks from now on whether the client is there, until it is closed}
    static Registration watch(Connection connection, ExchangeLine line) {
        var asking = new HalfClosed(connection, line);
        asking.askLater();
        return asking;
    }

    private void askLater() {
        next = connection.http.loop().schedule(pause, this);
        pause = pause.compareTo(LONGEST) < 0 ? pause.multipliedBy(2) : LONGEST;
    }

    @Override
    public void run() {
        long now = connection.http.now();
        if (connection.written() != written) {
            written = connection.written();
            since = now;
        }
        Http1Exchange first = line.first();
        Duration patience = connection.http.timeouts().response();
        if (first != null && first.isWaiting()) {
            if (first.minorVersion() > 0) {
                connection.write(ByteBuffer.wrap(Status.CONTINUE));
            }
        } else if (now - since >= patience.toNanos()) {
            connection.abort(new IOException("the client has ended its half, and got nothing of its answer for " + patience));
            return;
        }
        askLater();
    }

    @Override
    public void close() {
        next.close();
    }
}
