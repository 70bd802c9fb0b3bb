package dev.thrum.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class ListenerTest {

    @Test
    void aPortOutOfRangeIsRefusedWithTheRuleAndTheValue() {
        assertThatThrownBy(() -> Listener.http(70_000)).hasMessage("port must be 0..65535: 70000");
        assertThatThrownBy(() -> Listener.http(-1)).hasMessage("port must be 0..65535: -1");
    }

    @Test
    void otherComponentsAreCheckedToo() {
        assertThatThrownBy(() -> Listener.http(1).withLoops(0)).hasMessage("loops must be 1..1024: 0");
        assertThatThrownBy(() -> Listener.http(1).withBacklog(0)).hasMessage("backlog must be 1 or more: 0");
        assertThatThrownBy(() -> Listener.http(1).withHost(" ")).hasMessageStartingWith("host must not be blank");
        assertThatThrownBy(() -> Listener.http(1).withHosts()).hasMessageStartingWith("there must be a host");
        assertThatThrownBy(() -> Listener.http(1).withHosts("a", "a")).hasMessageStartingWith("each host must stand there once");
    }

    @Test
    @Tag("W-85")
    void oneListenerHasSeveralAddressesAndEachTellsItsPort() throws IOException {
        WebApp app = WebApp.create().get("/", (request, response) -> response.send(request.host()));
        Listener both = Listener.http(0).withHosts("127.0.0.1", "127.0.0.2").withLoops(2);
        try (Server server = app.start(both, Listener.http(0).withHost("127.0.0.1"))) {
            List<SocketAddress> addresses = server.addresses();

            assertThat(addresses).hasSize(3);
            assertThat(server.ports()).hasSize(3).doesNotContain(0).doesNotHaveDuplicates();
            assertThat(((InetSocketAddress) addresses.get(1)).getAddress()).isEqualTo(InetAddress.ofLiteral("127.0.0.2"));
            for (SocketAddress address : addresses) {
                try (Socket socket = new Socket()) {
                    socket.connect(address);
                    RawClient client = new RawClient(socket);
                    client.write("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
                    assertThat(client.read(true).body()).isEqualTo("h");
                }
            }
            assertThat(server.shares().stream().mapToLong(Server.Share::accepted).sum()).isEqualTo(3);
        }
    }

    @Test
    @Tag("W-55")
    void aPortIsSharedByThoseWhoAllSaySo() throws IOException {
        WebApp app = WebApp.create().get("/", (request, response) -> response.send("hello"));
        Listener any = Listener.http(0).withHost("127.0.0.1").withSharedPort();
        try (Server first = app.start(any)) {
            Listener same = Listener.http(first.ports().getFirst()).withHost("127.0.0.1");

            assertThatThrownBy(() -> app.start(same).close()).hasMessageContaining("in use");
            try (Server second = app.start(same.withSharedPort())) {
                while (first.shares().getFirst().accepted() == 0 || second.shares().getFirst().accepted() == 0) {
                    assertThat(RawClient.get(second.ports().getFirst(), "/").body()).isEqualTo("hello");
                }
            }
            assertThat(RawClient.get(first.ports().getFirst(), "/").body()).isEqualTo("hello");
        }
    }

    @Test
    @Tag("W-55")
    void severalLoopsShareAPortAmongThemselvesOnly() throws IOException {
        WebApp app = WebApp.create().get("/", (request, response) -> response.send("hello"));
        try (Server first = app.start(Listener.http(0).withHost("127.0.0.1").withLoops(2))) {
            int port = first.ports().getFirst();

            assertThatThrownBy(() -> app.start(Listener.http(port).withHost("127.0.0.1").withLoops(2)).close())
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining("in use");
            assertThat(RawClient.get(port, "/").body()).isEqualTo("hello");
        }
    }

    @Test
    void onlyAPortCanBeShared() {
        assertThatThrownBy(() -> Listener.inherited().withSharedPort())
                .hasMessageStartingWith("sharing is for a listener with a port: ");
    }
}
