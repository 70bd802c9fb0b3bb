package dev.thrum.loop;

import static java.util.Objects.requireNonNull;

import dev.thrum.scope.Scope;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.util.function.Consumer;

/// A channel that the loop watches: the attachment of its selection key.
///
/// Loop thread only.
final class ChannelPoll extends LoopHandle implements Poll, Runnable {
    private final Handler handler;
    private final SelectionKey key;
    private int interest; // what the key has, without its lock
    private int due; // operations that the handler is about to hear of

    ChannelPoll(SelectorLoop loop, SelectableChannel channel, int operations, Handler handler) {
        super(loop, loop.capture());
        this.handler = handler;
        this.interest = operations;
        this.key = loop.poller().register(channel, operations, this);
    }

    /// The channel is ready. What an earlier callback of this turn has closed, or lost interest in, is passed over.
    void onReady(SelectionKey ready) {
        int operations = isCounted() && ready.isValid() ? ready.readyOps() & interest : 0;
        if (operations == 0) {
            return;
        }
        loop.turns().runs(this);
        Scope scope = scope();
        try {
            if (scope == loop.scope()) {
                handler.onReady(operations);
            } else {
                due = operations;
                scope.run(this); // every read comes here, and a lambda is an object
            }
        } catch (Throwable problem) {
            fail(problem);
        }
    }

    /// Calls the handler, under the scope of the poll.
    @Override
    public void run() {
        handler.onReady(due);
    }

    @Override
    public SelectableChannel channel() {
        return key.channel();
    }

    @Override
    public int interest() {
        loop.check();
        return interest;
    }

    @Override
    public void interest(int operations) {
        loop.check();
        if (operations != interest && isCounted() && key.isValid()) {
            key.interestOps(operations);
            interest = operations;
        }
    }

    @Override
    public Poll onError(Consumer<? super Throwable> handler) {
        handleErrors(requireNonNull(handler, "handler"));
        return this;
    }

    @Override
    public void close() {
        loop.check();
        if (isCounted()) {
            loop.handles().remove(this);
            key.cancel();
        }
    }

    @Override
    void end() {
        call(handler::onLoopEnd);
        close();
    }

    @Override
    public String toString() {
        return "poll of " + key.channel();
    }
}
