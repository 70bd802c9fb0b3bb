package dev.thrum.http;

import dev.thrum.net.Socket;
import dev.thrum.scope.Registration;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One socket that speaks HTTP/1.1: bytes in, exchanges, bytes out in order.
final class Connection extends Outlet implements Socket.Reader {
    /*
     * Input. HEAD: a request line and fields are awaited; what is not complete stays with the socket, and the finder
     * remembers how far it has looked. BODY: bytes belong to the body of the last request. DEAF: no more requests are
     * taken from this connection; bytes are dropped. A request is started at once when all those before it that are
     * still unanswered are safe, and so is it (RFC 9112 §9.3.2); else, and beyond the limit, the socket is paused and the
     * head read again when an answer has gone out. So it is when the client does not take what was answered before.
     *
     * Output. Exchanges stand in line as their requests came. The first writes to the socket; the others
     * hold back what they write until their turn comes. The exchange that closes the connection is the last in line.
     *
     * Ending. A client that has ended its half gets the answers to what it has asked as a whole, unless it turns out that it
     * has gone (see HalfClosed). After a last answer, bytes that are still coming must be read, or a reset would overtake the
     * answer: end the output, drop the input, and close when the client does, or after a while (lingering).
     *
     * Loop thread only.
     */
    private enum Input {
        HEAD,
        BODY,
        DEAF
    }

    private final HeadFinder finder = new HeadFinder();
    @Nullable Connection previous; // in the list of http
    @Nullable Connection next;

    private Input input = Input.HEAD;
    private final ExchangeLine line = new ExchangeLine();
    private @Nullable RequestBody body; // of the last request
    private Registration halfClosed = Registration.none(); // looks whether a client is there that has ended its half
    private boolean paused;
    private boolean reading; // onRead is on the stack
    private boolean unread; // bytes came after the last request
    private boolean shut; // the last answer is out
    private boolean lingering;
    private boolean closed;
    private boolean lineSkipped; // the one empty line that may stand before a request
    private long since; // the last sign of life, by the loop's clock

    Connection(Http1 http, Socket socket) {
        super(http, socket);
        this.since = http.now();
    }

    // ---- input

    @Override
    public void onRead(ByteBuffer bytes) {
        boolean clockRuns = lingering || (input == Input.HEAD && finder.hasBegun()); // whoever trickles gains no time
        http.startReading();
        reading = true;
        if (!clockRuns) {
            since = http.now();
        }
        try {
            while (bytes.hasRemaining() && step(bytes)) {}
        } finally {
            reading = false;
            http.endReading();
        }
        if (shut && !lingering && !closed) {
            leave();
        }
    }

    private boolean step(ByteBuffer bytes) {
        try {
            return switch (input) {
                case HEAD -> readHead(bytes);
                case BODY -> body == null || body.read(bytes);
                case DEAF -> drop(bytes);
            };
        } catch (HttpException problem) {
            refuse(problem);
            return true;
        }
    }

    private boolean drop(ByteBuffer bytes) {
        unread = true;
        bytes.position(bytes.limit());
        return false;
    }

    private boolean readHead(ByteBuffer bytes) {
        http.refresh();
        if (line.size() >= limits().pipelined()) {
            pause();
            return false;
        }
        if (!socket.writable()) { // whoever does not take the answers gets no more of them
            pause();
            if (!isSendingFile()) { // its end resumes
                awaitDrain();
            }
            return false;
        }
        if (!skipLine(bytes)) {
            return false;
        }
        int length = finder.find(bytes, limits());
        if (length == 0) {
            return false;
        }
        HeadParser parser = http.borrowParser();
        try {
            Head head = parser.parse(bytes, length);
            if (!line.admits(head.method)) {
                pause();
                return false;
            }
            bytes.position(bytes.position() + length);
            start(head);
        } finally {
            http.giveBack(parser);
        }
        return true;
    }

    private boolean isSendingFile() {
        Http1Exchange first = line.first();
        return first != null && first.isSending();
    }

    /// Skips the empty line that some clients send after a body (RFC 9112 §2.2).
    /// @return false if more bytes are needed
    private boolean skipLine(ByteBuffer bytes) {
        int at = bytes.position();
        if (lineSkipped || finder.hasBegun() || bytes.get(at) != '\r') {
            return true;
        }
        if (bytes.remaining() < 2) {
            return false;
        }
        if (bytes.get(at + 1) == '\n') {
            bytes.position(at + 2);
            lineSkipped = true;
        }
        return bytes.hasRemaining();
    }

    private void start(Head head) {
        if (finder.hasBegun()) {
            since = http.now();
        }
        finder.reset();
        lineSkipped = false;
        var exchange = new Http1Exchange(this, head, http.scope());
        Http1Request request = exchange.request();
        exchange.since = since;
        if (head.chunked || head.contentLength > 0) {
            body = new RequestBody(this, exchange, head, limits());
            request.body(body);
            input = Input.BODY;
        } else if (!head.keepsAlive) {
            input = Input.DEAF;
        }
        line.add(exchange);
        exchange.scope().run(exchange);
        request.leaveParser(exchange.isAnswered());
    }

    /// Answers bytes that are no request, and stops reading.
    private void refuse(HttpException problem) {
        input = Input.DEAF;
        unread = true;
        RequestBody broken = body;
        if (broken != null) {
            body = null;
            broken.cut(problem);
            closeAfterLast();
        } else {
            var exchange = new Http1Exchange(this, http.scope());
            exchange.since = since;
            line.add(exchange);
            exchange.fail(problem);
        }
        http.service().refused(socket, problem);
    }

    /// Takes no more requests: the connection ends with the answers that are due.
    void stopReading() {
        input = Input.DEAF;
        unread = true;
        body = null;
        resume();
        closeAfterLast();
    }

    private void closeAfterLast() {
        Http1Exchange last = line.last();
        if (last != null) {
            last.closeAfter();
        } else if (!shut) {
            shut();
        }
    }

    void bodyComplete() {
        body = null;
        since = http.now();
        Http1Exchange last = line.last();
        if (last != null) {
            last.since = since;
        }
        input = last != null && last.closes() ? Input.DEAF : Input.HEAD;
    }

    void pause() {
        if (!paused && !closed) {
            paused = true;
            socket.pauseReading();
        }
    }

    void resume() {
        if (paused && !closed) {
            paused = false;
            socket.resumeReading();
        }
    }

    // ---- output

    boolean isFirst(OrderedOutput exchange) {
        return exchange == line.first();
    }

    /// Has those who wait go on when the client takes more.
    void awaitDrain() {
        socket.onDrained(this::drained);
    }

    private void drained() {
        Http1Exchange writing = line.first();
        if (writing != null) {
            writing.drained();
        }
        if (input == Input.HEAD) {
            resume();
        }
    }

    /// {@return whether the connection has to end with this answer, for reasons of its own}
    boolean mustCloseAfter(Http1Exchange exchange) {
        boolean bodyInTheWay = body != null && !body.canBeSkipped();
        return exchange == line.last() && (http.isDraining() || input == Input.DEAF || bodyInTheWay);
    }

    /// Goes on after an answer was written as a whole.
    void answered(Http1Exchange exchange) {
        if (exchange == line.last() && exchange.closes()) {
            input = Input.DEAF;
            unread |= body != null;
            body = null;
        } else if (exchange == line.last() && body != null) {
            body.skipUnlessWanted();
        }
        for (Http1Exchange over = line.removeDone(); over != null; over = line.removeDone()) {
            over.over();
            if (over.closes()) {
                shut();
                return;
            }
            Http1Exchange following = line.first();
            if (following != null) {
                following.turnCame();
            }
        }
        if (!reading) {
            since = http.now();
        }
        if (input == Input.HEAD) {
            resume();
        }
    }

    /// Ends the connection: everything that was to be sent is.
    private void shut() {
        shut = true;
        input = Input.DEAF;
        line.abortAll(new IOException("the connection was closed before this request"));
        if (!reading) {
            unread |= paused;
            leave();
        }
    }

    private void leave() {
        if (unread) {
            lingering = true;
            since = http.now();
            socket.end();
            resume();
        } else {
            socket.close();
        }
    }

    // ---- the end

    @Override
    public void onEnd(Socket ended) {
        var why = new IOException("the client went away");
        input = Input.DEAF;
        if (body != null) {
            line.abortLastUndone(why); // who leaves in the middle of a body does not wait for an answer
            cutBody(why);
        }
        if (line.isEmpty()) {
            socket.close();
        } else {
            closeAfterLast();
            halfClosed = HalfClosed.watch(this, line);
        }
    }

    @Override
    public void onClosed(@Nullable IOException reason) {
        closed = true;
        halfClosed.close();
        http.remove(this);
        gone(reason == null ? new IOException("the connection was closed") : reason);
        http.refresh();
        http.service().closed(socket);
    }

    /// Gives up because of `problem`: the answer that has begun cannot be finished.
    @Override
    void abort(Throwable problem) {
        socket.abort();
        gone(problem);
    }

    private void gone(Throwable why) {
        input = Input.DEAF;
        line.abortAll(why); // first: what fails for want of a body fails because the client is gone, and is no news
        cutBody(why);
    }

    private void cutBody(Throwable why) {
        RequestBody cut = body;
        body = null;
        if (cut != null) {
            cut.cut(why);
        }
    }

    /// Ends it if no request is in work, and nothing has come for so long.
    void drain(long now, long quiet) {
        if (!shut && line.isEmpty() && !finder.hasBegun() && body == null && now - since >= quiet) {
            shut();
        }
    }

    void cancel(HttpException problem) {
        line.cancel(problem);
    }

    void forEachExchange(Consumer<? super Exchange> action) {
        line.forEach(action);
    }

    // ---- time

    /// Looks at every clock that runs, `elapsed` nanoseconds after the last look.
    void sweep(long now, long elapsed) {
        Timeouts timeouts = http.timeouts();
        if (stalls(now)) {
            abort(new IOException("the client has not read, or too slowly, for " + timeouts.write()));
        } else if (lingering) {
            if (now - since >= timeouts.linger().toNanos()) {
                socket.close();
            }
        } else if (body != null && body.isAwaited()) {
            if (now - since >= timeouts.body().toNanos()) {
                refuse(HttpException.ofInput(408, "the body has stopped coming (timeout body)"));
            } else if (body.isTooSlow(elapsed, timeouts.body().toNanos(), limits().bodyRate())) {
                refuse(HttpException.ofInput(
                        408, "the body comes with less than " + limits().bodyRate() + " bytes a second (limit bodyRate)"));
            }
        } else if (!line.isEmpty()) {
            line.expire(now, timeouts.response().toNanos());
        } else if (finder.hasBegun()) {
            if (now - since >= timeouts.head().toNanos()) {
                refuse(HttpException.ofInput(408, "the head has not come in time (timeout head)"));
            }
        } else if (now - since >= timeouts.idle().toNanos()) {
            socket.close();
        }
    }
}
