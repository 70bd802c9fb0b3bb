package dev.thrum.http;

import static java.util.Objects.requireNonNull;

import dev.thrum.net.Socket;
import dev.thrum.scope.Scope;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// One request and its answer on a connection that speaks HTTP/1.1.
final class Http1Exchange implements Exchange, Runnable, Supplier<String> {
    private final Connection connection;
    private final Http1Request request;
    private final Http1Response response = new Http1Response(this);
    private final Scope scope;
    private final int minorVersion;
    long since; // when the wait for the answer began, by the loop's clock
    @Nullable Http1Exchange next; // in the connection's line

    private boolean closes; // the connection, after the answer
    private boolean done; // nothing more to write
    private boolean over;
    private boolean aborted;
    private boolean answering; // the actions of onAnswer are running
    private @Nullable List<ByteBuffer> held; // written before its turn
    private @Nullable StreamWriter writer;
    private boolean continueWanted; // to be said when its turn comes
    private @Nullable Consumer<? super Exchange> onAnswer;
    private @Nullable Consumer<? super Exchange> onFinished;
    private @Nullable Consumer<? super Exchange> onPass;

    Http1Exchange(Connection connection, Http1Request request, int minorVersion, boolean closes, Scope parent) {
        this.connection = connection;
        this.request = request;
        this.minorVersion = minorVersion;
        this.closes = closes;
        this.scope = parent.child().with(Scope.WORK, this);
    }

    @Override
    public Http1Request request() {
        return request;
    }

    @Override
    public Http1Response response() {
        return response;
    }

    @Override
    public Scope scope() {
        return scope;
    }

    @Override
    public int minorVersion() {
        return minorVersion;
    }

    @Override
    public String targetAsSent() {
        return request.read(Head::target);
    }

    /// {@return the name of the work, for reports}
    @Override
    public String get() {
        return request.toString();
    }

    /// Runs the service, under the scope.
    @Override
    public void run() {
        try {
            connection.service().serve(this);
        } catch (Throwable problem) {
            fail(problem);
        }
    }

    // ---- what others add

    @Override
    public void parameters(Parameters parameters) {
        request.parameters(requireNonNull(parameters, "parameters"));
    }

    @Override
    public void onPass(Consumer<? super Exchange> nextInLine) {
        onPass = requireNonNull(nextInLine, "next");
    }

    /// Hands it to the next in line, who is on the loop like everybody before.
    void pass() {
        if (isHere()) {
            passHere();
        } else {
            onLoop(this::passHere);
        }
    }

    private void passHere() {
        Consumer<? super Exchange> nextInLine = onPass;
        if (nextInLine == null) {
            fail(new HttpException(404, "nothing is here"));
        } else {
            nextInLine.accept(this);
        }
    }

    @Override
    public void onAnswer(Consumer<? super Exchange> action) {
        onAnswer = both(onAnswer, requireNonNull(action, "action"));
    }

    @Override
    public void onFinished(Consumer<? super Exchange> action) {
        requireNonNull(action, "action");
        if (over) {
            guarded(action);
        } else {
            onFinished = both(onFinished, action);
        }
    }

    private static Consumer<? super Exchange> both(
            @Nullable Consumer<? super Exchange> first, Consumer<? super Exchange> second) {
        if (first == null) {
            return second;
        }
        return exchange -> {
            try {
                first.accept(exchange);
            } finally {
                second.accept(exchange);
            }
        };
    }

    private void guarded(Consumer<? super Exchange> action) {
        scope.run(() -> {
            try {
                action.accept(this);
            } catch (Throwable problem) {
                report(problem);
            }
        });
    }

    private void report(Throwable problem) {
        scope.home().report(problem, scope);
    }

    // ---- failing

    @Override
    public void fail(Throwable problem) {
        requireNonNull(problem, "problem");
        if (isHere()) {
            failNow(problem);
        } else if (!onLoop(() -> failNow(problem))) {
            report(problem);
        }
    }

    private void failNow(Throwable problem) {
        if (aborted) {
            return; // what fails now fails because the client is gone
        }
        HttpException answer = problem instanceof HttpException http ? http : null;
        if (answer == null) {
            report(problem);
        }
        if (done || over) {
            return;
        }
        if (response.isWritten()) {
            connection.abort(problem);
        } else if (answer == null) {
            response.writeProblem(500, "", null);
        } else {
            response.writeProblem(answer.status(), answer.detail(), answer);
        }
    }

    /// Gives up waiting for the service.
    void expire() {
        var problem = new TimeoutException("no answer within the timeout response");
        scope.cancel(problem);
        fail(problem);
    }

    /// Ends it without an answer.
    void abort(Throwable why) {
        if (over) {
            return;
        }
        aborted = !done;
        done = true;
        held = null;
        if (writer != null) {
            writer.cut();
        }
        if (aborted) {
            scope.cancel(why);
        }
        over();
    }

    // ---- writing; on the loop

    /// Runs the actions of onAnswer.
    /// @return false if one failed, and something else was answered
    boolean answering() {
        Consumer<? super Exchange> action = onAnswer;
        if (action == null) {
            return true;
        }
        onAnswer = null;
        answering = true;
        try {
            scope.run(() -> action.accept(this));
            return true;
        } catch (Throwable problem) {
            fail(problem);
            return false;
        } finally {
            answering = false;
        }
    }

    boolean isAnswering() {
        return answering;
    }

    boolean isHead() {
        return request.method().equals(Method.HEAD);
    }

    HeadEncoder encoder() {
        return connection.encoder();
    }

    byte[] date() {
        return connection.date();
    }

    void closeAfter() {
        closes = true;
    }

    boolean closes() {
        return closes;
    }

    /// {@return whether the connection ends with this answer; settled when the head is written}
    boolean willClose() {
        closes |= connection.mustCloseAfter(this);
        return closes;
    }

    void send(HeadEncoder head, @Nullable ByteBuffer body) {
        if (connection.isFirst(this)) {
            connection.write(head, body);
        } else {
            hold(ByteBuffer.wrap(head.bytes(), 0, head.length()));
            if (body != null) {
                hold(body);
            }
        }
    }

    /// Sends the whole answer, with a copy less where it is small.
    void sendWhole(HeadEncoder head, byte[] body) {
        if (head.length() + body.length <= Socket.MAX_RESERVE) {
            head.append(body);
            send(head, null);
        } else {
            send(head, ByteBuffer.wrap(body));
        }
        done();
    }

    void sendPiece(ByteBuffer bytes, boolean chunked) {
        HeadEncoder frame = encoder();
        if (!chunked) {
            frame.clear();
            send(frame, bytes);
            return;
        }
        frame.startChunk(bytes.remaining());
        send(frame, bytes);
        frame.lineBreak();
        send(frame, null);
    }

    void sendLastChunk() {
        HeadEncoder frame = encoder();
        frame.startChunk(0);
        frame.end();
        send(frame, null);
    }

    private void hold(ByteBuffer bytes) {
        if (held == null) {
            held = new ArrayList<>(4);
        }
        held.add(ByteBuffer.allocate(bytes.remaining()).put(bytes).flip());
    }

    void streaming(StreamWriter stream) {
        writer = stream;
    }

    boolean isWritable() {
        return connection.isFirst(this) && connection.isWritable();
    }

    /// Calls the writer when the connection takes more. Before its turn nothing needs to be done: [#turnCame] will.
    void awaitDrain() {
        if (connection.isFirst(this)) {
            connection.onDrained(this::drained);
        }
    }

    private void drained() {
        if (writer != null) {
            scope.run(writer::drained);
        }
    }

    /// Sends what was held back until the answers before had gone out.
    void turnCame() {
        List<ByteBuffer> ready = held;
        held = null;
        if (ready != null) {
            ready.forEach(connection::write);
        }
        if (writer != null && !done) {
            connection.onDrained(this::drained);
        }
        if (continueWanted && !response.isWritten()) {
            sendContinue();
        }
    }

    /// Tells the client to send the body, in its turn.
    void sendContinue() {
        if (connection.isFirst(this)) {
            continueWanted = false;
            connection.write(ByteBuffer.wrap(Status.CONTINUE));
        } else {
            continueWanted = true;
        }
    }

    /// Says that everything was written.
    void done() {
        done = true;
        connection.answered(this);
    }

    boolean isDone() {
        return done;
    }

    /// {@return whether an answer is still to be started}
    boolean isWaiting() {
        return !response.isWritten() && !over;
    }

    /// Ends it: the answer is handed to the connection, or there will be none.
    void over() {
        over = true;
        Consumer<? super Exchange> action = onFinished;
        onFinished = null;
        if (action != null) {
            guarded(action);
        }
    }

    @Override
    public boolean isFinished() {
        return done || over;
    }

    @Override
    public boolean isAborted() {
        return aborted;
    }

    // ---- threads

    boolean isHere() {
        return connection.isHere();
    }

    /// Runs `action` on the loop, under the scope.
    /// @return false if the loop has ended
    boolean onLoop(Runnable action) {
        return connection.onLoop(() -> scope.run(action));
    }
}
