package dev.thrum.verify.bench.server;

import dev.thrum.loop.EventLoop;
import dev.thrum.net.ListenConfig;
import dev.thrum.net.Socket;
import dev.thrum.net.TcpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/// Sends back what comes, with back-pressure.
public final class ThrumEcho {

    private ThrumEcho() {}

    /// Serves until the process ends.
    /// @param arguments port and a number that means nothing here
    public static void main(String[] arguments) {
        var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), Hello.parse(arguments).port());
        EventLoop.run(loop -> TcpServer.listen(
                loop, address, ListenConfig.DEFAULT.withBacklog(Hello.BACKLOG), socket -> socket.read(bytes -> {
                    var _ = socket.write(bytes);
                    if (!socket.writable() && socket.isOpen()) {
                        pause(socket);
                    }
                })));
    }

    private static void pause(Socket socket) {
        socket.pauseReading();
        socket.onDrained(socket::resumeReading);
    }
}
