package dev.thrum.http;

import static java.util.Objects.requireNonNull;

import dev.thrum.loop.EventLoop;
import dev.thrum.net.Socket;
import dev.thrum.scope.Registration;
import dev.thrum.scope.Scope;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Speaks HTTP/1.1 (RFC 9110, RFC 9112) on the sockets of one loop.
///
/// ```java
/// Http1 http = Http1.on(loop, Limits.standard(), Timeouts.standard(), exchange -> exchange.response().send("hello"));
/// TcpServer.listen(loop, new InetSocketAddress(8000), http::serve);
/// ```
///
/// Its parser is strict, and there is no switch to make it lenient: what is not a request by the letter gets an error,
/// as problem details, and the end of its connection. Requests may be pipelined; the answers go out in order. A client that has
/// ended its half gets all of them; whether it listens, or has gone, it is asked by `100 Continue` while it waits.
///
/// **Threads.** The loop's thread.
/// **Failure.** Everything that goes wrong on a connection stays on that connection.
public final class Http1 {
    private static final Duration MOST_BETWEEN_SWEEPS = Duration.ofSeconds(1);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(20); // at connections that are to be closed

    /// What holds for a request: how much it may ask for, how long it may take, who answers it.
    ///
    /// **Threads.** Immutable.
    /// @param limits how much a connection may ask for
    /// @param timeouts how long a connection may keep us waiting
    /// @param service answers
    /// @param scope what exchanges run under, each in a child of its own
    /// @param memory bytes that all connections of the loop together may [hold][dev.thrum.net.Buffered] in memory: beyond, a body
    ///     that is collected gets 503, and a connection whose client does not take its answer is aborted
    public record Terms(Limits limits, Timeouts timeouts, Service service, Scope scope, long memory) {

        /// Checks the components.
        /// @throws IllegalArgumentException if `memory` is not positive
        public Terms {
            if (memory < 1) {
                throw new IllegalArgumentException("memory must be positive: " + memory);
            }
            requireNonNull(limits, "limits");
            requireNonNull(timeouts, "timeouts");
            requireNonNull(service, "service");
            requireNonNull(scope, "scope");
        }
    }

    private final EventLoop loop;
    private final Supplier<Terms> source;
    private final DateLine date;
    private final HeadEncoder encoder = new HeadEncoder();
    private Terms terms; // with what was made of them below
    private Scope scope;
    private Duration sweepPeriod;
    private HeadParser parser;
    private boolean parserBusy;
    private boolean draining;
    private long quiet; // nanoseconds, while draining
    private long readAt; // by the loop's clock, while reading
    private int reading; // calls of onRead on the stack
    private @Nullable Connection first;
    private int count;
    private Registration sweep = Registration.none();
    private Registration looking = Registration.none(); // for connections that are quiet, while draining
    private long sweptAt; // by the loop's clock

    private Http1(EventLoop loop, Supplier<Terms> source, InstantSource clock) {
        this.loop = requireNonNull(loop, "loop");
        this.source = source;
        this.date = new DateLine(clock);
        this.terms = source.get();
        this.scope = terms.scope.at(loop);
        this.sweepPeriod = period(terms.timeouts);
        this.parser = new HeadParser(terms.limits);
    }

    /// {@return a speaker of HTTP/1.1 for the sockets of `loop`} Its exchanges run under children of the current scope.
    /// @param loop the loop of all its sockets
    /// @param limits how much a connection may ask for
    /// @param timeouts how long a connection may keep us waiting
    /// @param service answers the requests
    public static Http1 on(EventLoop loop, Limits limits, Timeouts timeouts, Service service) {
        return on(loop, limits, timeouts, service, InstantSource.system());
    }

    static Http1 on(EventLoop loop, Limits limits, Timeouts timeouts, Service service, InstantSource clock) {
        Terms terms = new Terms(limits, timeouts, service, Scope.current(), Long.MAX_VALUE);
        return new Http1(loop, () -> terms, clock);
    }

    /// {@return a speaker of HTTP/1.1 for the sockets of `loop`, on terms that may change while it serves} Each request is
    /// served on the terms of the moment at which its head was complete, until its end.
    /// @param loop the loop of all its sockets
    /// @param terms tells the terms of now; asked for every request, on the loop
    public static Http1 on(EventLoop loop, Supplier<Terms> terms) {
        return new Http1(loop, requireNonNull(terms, "terms"), InstantSource.system());
    }

    private static Duration period(Timeouts timeouts) {
        Duration period = MOST_BETWEEN_SWEEPS;
        Duration[] all = {
            timeouts.head(),
            timeouts.body(),
            timeouts.idle(),
            timeouts.write(),
            timeouts.response(),
            timeouts.linger()
        };
        for (Duration each : all) {
            Duration part = Duration.ofMillis(Math.max(1, each.toMillis() / 4)); // dividedBy() brings BigDecimal along
            period = part.compareTo(period) < 0 ? part : period;
        }
        return period;
    }

    /// Serves what comes in on `socket`, until it ends. The socket belongs to this from now on.
    /// @param socket a fresh connection of the loop
    public void serve(Socket socket) {
        var connection = new Connection(this, requireNonNull(socket, "socket"));
        add(connection);
        socket.read(connection);
    }

    /// Looks whether the terms have changed, as it does with every request and every sweep: nothing here refers to the former
    /// ones then, but for exchanges that are still in work.
    public void refresh() {
        Terms now = source.get();
        if (now != terms) {
            terms = now;
            scope = now.scope.at(loop);
            sweepPeriod = period(now.timeouts);
            parser = new HeadParser(now.limits);
            parserBusy = false; // who has the former one does not give it back
        }
    }

    /// {@return how many connections there are}
    public int connections() {
        return count;
    }

    /// Comes to an end without cutting anything off: each connection is closed with its next answer, which says so, or when
    /// nothing has come for a while. What is connected later is served once.
    /// @param silence how long nothing has to have come from a client that has no request in work; zero closes such connections
    ///     at once, and with them requests that are on their way
    /// @throws IllegalArgumentException if `silence` is negative
    public void drain(Duration silence) {
        if (silence.isNegative()) {
            throw new IllegalArgumentException("silence must not be negative: " + silence);
        }
        draining = true;
        quiet = silence.toNanos();
        if (quiet == 0) {
            long now = loop.nanoTime();
            forEach(connection -> connection.drain(now, 0));
        }
        lookAgain();
    }

    /// Closes whoever had been quiet for long enough at the look before, and has said nothing since: a loop that was late itself has read
    /// meanwhile what had come.
    /// @param before when that look was
    private void closeQuiet(long before) {
        forEach(connection -> connection.drain(before, quiet));
        lookAgain();
    }

    private void lookAgain() {
        looking.close();
        if (first != null) {
            lookForQuiet();
        }
    }

    private void lookForQuiet() {
        long now = loop.nanoTime();
        looking = loop.schedule(LOOK_AGAIN, () -> closeQuiet(now));
    }

    /// Ends what is in work: cancels the scope of every exchange, and answers `problem` where no answer was started; where one
    /// was, the connection is aborted.
    /// @param problem why
    public void cancel(HttpException problem) {
        requireNonNull(problem, "problem");
        forEach(connection -> connection.cancel(problem));
    }

    /// Shows what is in work.
    /// @param action receives every exchange that is not over, those of a connection in the order of their requests
    public void forEachExchange(Consumer<? super Exchange> action) {
        requireNonNull(action, "action");
        forEach(connection -> connection.forEachExchange(action));
    }

    /// Calls `action` with every connection; it may end the one it gets.
    private void forEach(Consumer<Connection> action) {
        for (Connection each = first; each != null; ) {
            Connection next = each.next;
            action.accept(each);
            each = next;
        }
    }

    // ---- for its connections

    private void add(Connection connection) {
        connection.next = first;
        if (first != null) {
            first.previous = connection;
        } else {
            awaitSweep();
            if (draining) {
                looking.close();
                lookForQuiet();
            }
        }
        first = connection;
        count++;
    }

    void remove(Connection connection) {
        if (connection.previous != null) {
            connection.previous.next = connection.next;
        } else {
            first = connection.next;
        }
        if (connection.next != null) {
            connection.next.previous = connection.previous;
        }
        count--;
        if (first == null) {
            sweep.close();
        }
    }

    /// One timer for all timeouts of all connections: an idle one costs a look at it once a second.
    private void awaitSweep() {
        sweptAt = loop.nanoTime();
        sweep = loop.schedule(sweepPeriod, this::sweep);
    }

    private void sweep() {
        refresh();
        long now = loop.nanoTime();
        long elapsed = now - sweptAt;
        for (Connection each = first; each != null; ) {
            Connection next = each.next;
            each.sweep(now, elapsed);
            each = next;
        }
        if (first != null) {
            awaitSweep();
        }
    }

    EventLoop loop() {
        return loop;
    }

    /// Stops the clock while bytes are read: they all came at the same time.
    void startReading() {
        readAt = loop.nanoTime();
        reading++;
    }

    void endReading() {
        reading--;
    }

    long now() {
        return reading > 0 ? readAt : loop.nanoTime();
    }

    Limits limits() {
        return terms.limits;
    }

    Timeouts timeouts() {
        return terms.timeouts;
    }

    Service service() {
        return terms.service;
    }

    long memory() {
        return terms.memory;
    }

    boolean isDraining() {
        return draining;
    }

    Scope scope() {
        return scope;
    }

    HeadEncoder encoder() {
        return encoder;
    }

    byte[] date() {
        return date.at(now());
    }

    /// {@return the parser; or a fresh one if a service, while it reads from the parser's head, made another head arrive}
    HeadParser borrowParser() {
        if (parserBusy) {
            return new HeadParser(terms.limits);
        }
        parserBusy = true;
        return parser;
    }

    void giveBack(HeadParser used) {
        if (used == parser) {
            parserBusy = false;
            parser.shrink();
        }
    }
}
