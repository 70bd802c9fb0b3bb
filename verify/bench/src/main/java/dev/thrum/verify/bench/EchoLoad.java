package dev.thrum.verify.bench;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.List;

/// One thread that plays many clients: each sends a message, waits for an answer of known length, such as its echo, and sends the
/// next.
final class EchoLoad implements AutoCloseable {
    private final Selector selector = Selector.open();
    private final int answer;
    private final ByteBuffer room = ByteBuffer.allocateDirect(64 * 1024);
    private long answered;

    /// What a client still has to send and to get of its message.
    private final class Client {
        private final SocketChannel channel;
        private final ByteBuffer unsent;
        private int missing;

        Client(SocketChannel channel, ByteBuffer message) {
            this.channel = channel;
            this.unsent = message.duplicate();
        }

        void begin() throws IOException {
            unsent.clear();
            missing = answer;
            channel.write(unsent);
        }
    }

    /// @param active connections that exchange messages
    /// @param message what each sends
    /// @param answer how many bytes come back
    EchoLoad(List<SocketChannel> active, byte[] message, int answer) throws IOException {
        this.answer = answer;
        ByteBuffer bytes = ByteBuffer.allocateDirect(message.length).put(message);
        for (SocketChannel channel : active) {
            channel.configureBlocking(false);
            var client = new Client(channel, bytes);
            SelectionKey key = channel.register(selector, SelectionKey.OP_READ, client);
            client.begin();
            want(key, client);
        }
    }

    private static void want(SelectionKey key, Client client) {
        key.interestOps(SelectionKey.OP_READ | (client.unsent.hasRemaining() ? SelectionKey.OP_WRITE : 0));
    }

    /// Exchanges messages for a while.
    /// @return how many were answered
    long run(long nanos) throws IOException {
        long before = answered;
        for (long end = System.nanoTime() + nanos; System.nanoTime() < end; ) {
            selector.select(100);
            for (SelectionKey key : selector.selectedKeys()) {
                serve(key, (Client) key.attachment());
            }
            selector.selectedKeys().clear();
        }
        return answered - before;
    }

    private void serve(SelectionKey key, Client client) throws IOException {
        if (key.isWritable()) {
            client.channel.write(client.unsent);
        }
        if (key.isReadable()) {
            int count = client.channel.read(room.clear());
            if (count < 0) {
                throw new EOFException("the server closed a connection");
            }
            client.missing -= count;
            if (client.missing == 0) {
                answered++;
                client.begin();
            }
        }
        want(key, client);
    }

    @Override
    public void close() throws IOException {
        selector.close();
    }
}
