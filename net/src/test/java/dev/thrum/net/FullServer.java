package dev.thrum.net;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/// Listens, but its queue is full, so that attempts hang.
final class FullServer implements AutoCloseable {
    private final ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
    private final List<SocketChannel> fillers = new ArrayList<>();

    FullServer() throws IOException {
        for (int i = 0; i < 4; i++) {
            var filler = SocketChannel.open();
            filler.configureBlocking(i < 2); // these get in, and the queue is full
            filler.connect(address());
            fillers.add(filler);
        }
    }

    InetSocketAddress address() {
        return new InetSocketAddress("127.0.0.1", socket.getLocalPort());
    }

    @Override
    public void close() throws IOException {
        for (var filler : fillers) {
            filler.close();
        }
        socket.close();
    }
}
