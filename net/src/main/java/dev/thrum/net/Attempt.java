package dev.thrum.net;

import dev.thrum.loop.Poll;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/// An attempt to connect to one address. Once it stands, this passes on to the connection what the loop says of the
/// channel, since a channel keeps its poll, and a poll its handler.
///
/// Loop thread only.
final class Attempt implements Poll.Handler {
    private final SocketChannel channel;
    private final Poll poll;
    private @Nullable Connector connector; // until it stands
    private @Nullable Connection connection; // from then on

    /// @throws IOException if it fails at once
    Attempt(Connector connector, SocketAddress address, ConnectConfig config) throws IOException {
        this.connector = connector;
        ProtocolFamily family = Address.family(address);
        channel = family == null ? SocketChannel.open() : SocketChannel.open(family);
        try {
            channel.configureBlocking(false);
            if (family == null) {
                channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            }
            Options.setAll(channel, config.options(), Address.text(address));
            if (config.local() != null) {
                channel.bind(config.local());
            }
            boolean stands = channel.connect(address);
            poll = connector.loop().poll(channel, stands ? 0 : SelectionKey.OP_CONNECT, this);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    @Override
    public void onReady(int ready) {
        if (connection != null) {
            connection.onReady(ready);
        } else {
            complete();
        }
    }

    @Override
    public void onLoopEnd() {
        if (connection != null) {
            connection.onLoopEnd();
        } else if (connector != null) {
            connector.fail(new NetException.Aborted("the loop ended", null));
        }
    }

    /// Asks the system how it went, and tells the connector.
    void complete() {
        Connector waiting = connector;
        if (waiting == null) {
            return;
        }
        try {
            if (channel.isConnected() || channel.finishConnect()) {
                poll.interest(0);
                connection = new Connection(channel, poll);
                connector = null;
                waiting.succeed(this, connection);
            }
        } catch (IOException e) {
            giveUp();
            waiting.failed(this, e);
        }
    }

    void giveUp() {
        connector = null;
        poll.close();
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
