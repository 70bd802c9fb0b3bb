package dev.thrum.verify.bench.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/// Accepts connections and registers them with a selector, and that is all: what the JDK itself needs for one.
public final class BareChannels {

    private BareChannels() {}

    /// Serves until the process ends.
    /// @param arguments port and a number that means nothing here
    /// @throws IOException if it cannot listen
    public static void main(String[] arguments) throws IOException {
        Selector selector = Selector.open();
        ServerSocketChannel server = ServerSocketChannel.open();
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), Hello.parse(arguments).port()), Hello.BACKLOG);
        server.configureBlocking(false);
        server.register(selector, SelectionKey.OP_ACCEPT);
        while (server.isOpen()) {
            selector.select(key -> accept(server, selector));
        }
    }

    private static void accept(ServerSocketChannel server, Selector selector) {
        try {
            SocketChannel next = server.accept();
            if (next != null) {
                next.configureBlocking(false);
                next.register(selector, 0);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
