package dev.thrum.net;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.loop.EventLoop;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TcpServerTest {
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress("127.0.0.1", 0);
    private final List<String> log = new ArrayList<>();

    @Test
    void exchangesBytesWithAClient() {
        EventLoop.run(loop -> {
            TcpServer[] server = new TcpServer[1];
            server[0] = TcpServer.listen(loop, ANY_PORT, ListenConfig.DEFAULT, socket -> {
                socket.read(socket::write);
                server[0].close();
            });
            Socket.connect(loop, server[0].address()).tap(socket -> {
                socket.write(UTF_8.encode("hello"));
                socket.read(bytes -> {
                    log.add(UTF_8.decode(bytes).toString());
                    socket.close();
                });
            });
        });
        assertThat(log).containsExactly("hello");
    }
}
