package dev.thrum.http;

import static java.util.Objects.requireNonNull;

import dev.thrum.scope.Scope;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// One request and its answer on a connection that speaks HTTP/1.1.
final class Http1Exchange extends OrderedOutput implements Exchange, Runnable, Supplier<String> {
    private final Http1Request request;
    private @Nullable Http1Response response = new Http1Response(this); // null: whoever will answer holds it
    private @Nullable WeakReference<Http1Response> answerer;
    private final Scope scope;
    private final byte minorVersion; // with the flags below in one word
    long since; // when the wait for the answer began, by the loop's clock
    @Nullable Http1Exchange next; // in the connection's line

    private boolean closes; // the connection, after the answer
    private boolean done; // nothing more to write
    private boolean over;
    private boolean aborted;
    private boolean answering; // the actions of onAnswer are running
    private @Nullable Actions actions; // most exchanges go without

    /// For a request of which `head` is the parser's own.
    Http1Exchange(Connection connection, Head head, Scope parent) {
        super(connection);
        this.request = new Http1Request(this, head);
        this.minorVersion = (byte) head.minorVersion;
        this.closes = !head.keepsAlive;
        this.scope = parent.child(Scope.WORK, this);
    }

    /// For a request that could not be read, to be answered with a problem.
    Http1Exchange(Connection connection, Scope parent) {
        super(connection);
        this.request = new Http1Request(this);
        this.minorVersion = 1;
        this.closes = true;
        this.scope = parent.child(Scope.WORK, this);
    }

    private Actions actions() {
        Actions there = actions;
        if (there == null) {
            there = new Actions();
            actions = there;
        }
        return there;
    }

    @Override
    public Http1Request request() {
        return request;
    }

    @Override
    public Http1Response response() {
        Http1Response held = response;
        if (held != null) {
            return held;
        }
        Http1Response elsewhere = answerer == null ? null : answerer.get();
        if (elsewhere == null) { // nobody has it any more, so that one of ours can do no harm
            elsewhere = new Http1Response(this);
            response = elsewhere;
        }
        return elsewhere;
    }

    /// Keeps the response, which is being written.
    void keep(Answer writing) {
        response = (Http1Response) writing;
    }

    @Override
    public void handedOn() {
        Http1Response held = response;
        if (held != null && !held.isWritten()) {
            answerer = new WeakReference<>(held);
            response = null;
        }
    }

    /// {@return whether nobody can answer any more}
    boolean isLost() {
        return response == null && answerer != null && answerer.refersTo(null);
    }

    /// Answers in the place of whoever should have.
    void giveUp() {
        fail(new IllegalStateException("the handler has returned, and nobody who could answer is left"));
    }

    @Override
    public Scope scope() {
        return scope;
    }

    @Override
    public Duration age() {
        return Duration.ofNanos(connection.http.loop().nanoTime() - since);
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
        actions().onPass = requireNonNull(nextInLine, "next");
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
        Consumer<? super Exchange> nextInLine = actions == null ? null : actions.onPass;
        if (nextInLine == null) {
            fail(new HttpException(404, "there is no such resource"));
        } else {
            nextInLine.accept(this);
        }
    }

    @Override
    public void onAnswer(Consumer<? super Exchange> action) {
        Actions mine = actions();
        mine.onAnswer = Actions.both(mine.onAnswer, requireNonNull(action, "action"));
    }

    @Override
    public void onFinished(Consumer<? super Exchange> action) {
        requireNonNull(action, "action");
        if (over) {
            guarded(action);
        } else {
            Actions mine = actions();
            mine.onFinished = Actions.both(mine.onFinished, action);
        }
    }

    @Override
    public void watchBody(BodyWatcher watcher) {
        actions().watcher = requireNonNull(watcher, "watcher");
    }

    @Nullable BodyWatcher watcher() {
        return actions == null ? null : actions.watcher;
    }

    void decode(BodyDecoder decoder) {
        actions().decoder = decoder;
    }

    @Nullable BodyDecoder decoder() {
        return actions == null ? null : actions.decoder;
    }

    @Override
    public void onFailure(BiConsumer<? super Exchange, ? super Throwable> action) {
        actions().onFailure = requireNonNull(action, "action");
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
        tellFailure(problem);
        if (done || over) {
            return;
        }
        Http1Response response = response();
        if (response.isWritten()) {
            connection.abort(problem);
        } else if (answer == null) {
            response.writeProblem(500, "", null);
        } else {
            response.writeProblem(answer.status(), answer.detail(), answer);
        }
    }

    private void tellFailure(Throwable problem) {
        BiConsumer<? super Exchange, ? super Throwable> action = actions == null ? null : actions.onFailure;
        if (action != null) {
            guarded(exchange -> action.accept(exchange, problem));
        }
    }

    /// Gives up waiting for the service.
    void expire() {
        cancel(new TimeoutException("no answer within the timeout response"));
    }

    /// Ends the work on it, and answers `problem` if it still can.
    void cancel(Exception problem) {
        scope.cancel(problem);
        fail(problem);
    }

    /// Ends it without an answer.
    void abort(Throwable why) {
        if (over) {
            return;
        }
        aborted = !isDone();
        done = true;
        cutOff();
        if (aborted) {
            scope.cancel(why);
        }
        over();
    }

    // ---- writing; on the loop

    /// Runs the actions of onAnswer.
    /// @param length of the body; -1 if it is not known
    /// @return false if one failed, and something else was answered
    boolean answering(long length) {
        Actions mine = actions;
        Consumer<? super Exchange> action = mine == null ? null : mine.onAnswer;
        if (mine == null || action == null) {
            return true;
        }
        mine.onAnswer = null;
        mine.length = length;
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

    /// {@return the length of the body that is about to be sent; -1 if it is not known}
    long length() {
        return actions == null || !answering ? -1 : actions.length;
    }

    boolean isHead() {
        return request.method().equals(Method.HEAD);
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

    /// Says that everything was written.
    void done() {
        done = true;
        connection.answered(this);
    }

    @Override
    boolean isDone() {
        return done && !isSending();
    }

    @Override
    void fileSent() {
        if (!over) {
            connection.answered(this);
        }
    }

    @Override
    boolean isWaiting() {
        return !response().isWritten() && !over;
    }

    /// Ends it: the answer is handed to the connection, or there will be none.
    void over() {
        over = true;
        Actions mine = actions;
        Consumer<? super Exchange> action = mine == null ? null : mine.onFinished;
        if (mine != null && action != null) {
            mine.onFinished = null;
            guarded(action);
        }
    }

    /// {@return whether nothing more is to be written for it}
    boolean isAnswered() {
        return done || over;
    }

    @Override
    public boolean isFinished() {
        return over;
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
