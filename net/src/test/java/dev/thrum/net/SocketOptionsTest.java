package dev.thrum.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.scope.Key;
import java.io.IOException;
import java.net.StandardSocketOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SocketOptionsTest {
    private static final Key<String> USER = Key.of("user");
    private static final Key<Integer> COUNT = Key.of("count");

    private Pair pair;

    @BeforeEach
    void open() throws IOException {
        pair = new Pair();
    }

    @AfterEach
    void close() throws IOException {
        pair.close();
    }

    @Test
    @Tag("N-70")
    void dataIsKeptByTypedKeys() {
        Socket socket = pair.socket;
        assertThat(socket.get(USER)).isEmpty();
        socket.put(USER, "anna");
        socket.put(COUNT, 1);
        socket.put(COUNT, socket.get(COUNT).orElseThrow() + 1);
        assertThat(socket.get(USER)).contains("anna");
        socket.close();
        pair.settle();
        assertThat(socket.get(COUNT)).contains(2);
    }

    @Test
    @Tag("N-71")
    void optionsAreSetAndRead() {
        Socket socket = pair.socket;
        assertThat(socket.option(StandardSocketOptions.TCP_NODELAY)).isTrue();
        assertThat(socket.option(StandardSocketOptions.SO_KEEPALIVE)).isFalse();
        socket.option(StandardSocketOptions.SO_KEEPALIVE, true);
        socket.option(StandardSocketOptions.SO_SNDBUF, 20_000);
        assertThat(socket.option(StandardSocketOptions.SO_KEEPALIVE)).isTrue();
        assertThat(socket.option(StandardSocketOptions.SO_SNDBUF)).isGreaterThanOrEqualTo(20_000);
    }

    @Test
    @Tag("N-71")
    void anOptionThatDoesNotExistHereIsRefused() {
        assertThatThrownBy(() -> pair.socket.option(StandardSocketOptions.IP_MULTICAST_LOOP, true))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("no option IP_MULTICAST_LOOP here: 127.0.0.1:");
        assertThatThrownBy(() -> pair.socket.option(StandardSocketOptions.SO_SNDBUF, -1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void afterTheEndAnOptionCannotBeReadAndSettingItDoesNothing() {
        pair.socket.close();
        pair.socket.option(StandardSocketOptions.SO_KEEPALIVE, true);
        assertThatThrownBy(() -> pair.socket.option(StandardSocketOptions.SO_KEEPALIVE))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("the connection has ended: 127.0.0.1:");
    }

    @Test
    void aPlainSocketAgreedOnNoProtocol() {
        assertThat(pair.socket.protocol()).isEmpty();
    }
}
