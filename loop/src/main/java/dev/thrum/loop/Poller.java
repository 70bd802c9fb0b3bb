package dev.thrum.loop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The operating system's side of a loop: the only place that knows the selector.
///
/// Loop thread only, but for [#wakeUp].
final class Poller {
    private final Consumer<SelectionKey> onReady;
    private volatile @Nullable Selector selector; // written by the loop's thread; opened before anybody may wake it

    /// @param beforeEach runs before each callback of a ready channel
    Poller(Runnable beforeEach) {
        onReady = key -> {
            beforeEach.run();
            if (key.attachment() instanceof ChannelPoll poll) {
                poll.onReady(key);
            }
        };
    }

    Selector open() {
        Selector open = selector;
        if (open == null) {
            try {
                open = Selector.open();
            } catch (IOException e) {
                throw new UncheckedIOException("cannot open a selector", e);
            }
            selector = open;
        }
        return open;
    }

    SelectionKey register(SelectableChannel channel, int operations, ChannelPoll poll) {
        Selector open = open();
        SelectionKey known = channel.keyFor(open);
        if (known != null) {
            throw new IllegalStateException(
                    (known.isValid() ? "the loop watches the channel already: " : "watch the channel again next turn: ")
                            + channel);
        }
        try {
            return channel.register(open, operations, poll);
        } catch (ClosedChannelException e) {
            throw new IllegalStateException("the channel is closed: " + channel, e);
        }
    }

    /// Runs the callbacks of ready channels.
    /// @param millis how long to wait for the first of them: 0 not at all, `Long.MAX_VALUE` for ever
    /// @return whether there were any
    boolean poll(long millis) {
        Selector open = selector;
        if (open == null || (millis == 0 && open.keys().isEmpty())) {
            return false;
        }
        try {
            int ready = millis == 0
                    ? open.selectNow(onReady)
                    : open.select(onReady, millis == Long.MAX_VALUE ? 0 : millis);
            return ready > 0;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot wait for channels", e);
        }
    }

    void wakeUp() {
        Selector open = selector;
        if (open != null) {
            open.wakeup();
        }
    }

    void close() {
        Selector open = selector;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                throw new UncheckedIOException("cannot close a selector", e);
            }
        }
    }
}
