package dev.thrum.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// How many connections a server keeps.
@Timeout(120)
class AdmissionTest {
    private static final Admission FEW = new Admission(3, 2);

    private final Gate gate = new Gate();

    private boolean enter(SocketAddress address) {
        return gate.enter(address, FEW);
    }

    private static InetSocketAddress from(String address) throws IOException {
        return new InetSocketAddress(InetAddress.getByName(address), 4711);
    }

    @Test
    void connectionsAreCountedInAllAndForEachAddress() throws IOException {
        assertThat(enter(from("192.0.2.1"))).isTrue();
        assertThat(enter(from("192.0.2.1"))).isTrue();
        assertThat(enter(from("192.0.2.1"))).isFalse();
        assertThat(enter(from("192.0.2.2"))).isTrue();
        assertThat(enter(from("192.0.2.3"))).isFalse();
        assertThat(gate.turnedAway()).isEqualTo(2);
        gate.leave(from("192.0.2.1"));
        assertThat(enter(from("192.0.2.3"))).isTrue();
    }

    @Test
    void aNetworkOfIpv6IsOneAddress() throws IOException {
        enter(from("2001:db8:0:1::1"));
        enter(from("2001:db8:0:1:ffff::2"));
        assertThat(enter(from("2001:db8:0:1::3"))).isFalse();
        assertThat(enter(from("2001:db8:0:2::1"))).isTrue();
    }

    @Test
    void connectionsWithoutAnAddressCountInAll() {
        var unix = UnixDomainSocketAddress.of("/run/thrum");
        for (int i = 0; i < 3; i++) {
            assertThat(enter(unix)).isTrue();
        }
        assertThat(enter(unix)).isFalse();
    }

    @Test
    @Tag("S26")
    void nothingIsRememberedOfConnectionsThatAreGone() throws IOException {
        for (int i = 0; i < 10_000; i++) {
            InetSocketAddress client = from("10." + (i >> 16) + "." + (i >> 8 & 255) + "." + (i & 255));
            assertThat(enter(client)).isTrue();
            gate.leave(client);
        }
        assertThat(gate.addresses()).isZero();
    }

    @Test
    void whatIsTooManyIsTurnedAwayUntilOneLeaves() throws Exception {
        CountDownLatch left = new CountDownLatch(1);
        WebApp app = WebApp.create()
                .get("/", (request, response) -> response.send("x"))
                .admission(Admission.standard().withPerAddress(2))
                .on(Event.Disconnected.class, event -> left.countDown());
        try (Server server = app.start(Listener.http(0).withHost("127.0.0.1"), Listener.http(0).withHost("127.0.0.1"))) {
            List<RawClient> clients = new ArrayList<>();
            for (int port : server.ports()) {
                RawClient client = new RawClient(port);
                client.write("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
                assertThat(client.read(true).body()).isEqualTo("x");
                clients.add(client);
            }
            assertThatThrownBy(() -> RawClient.get(server.ports().getFirst(), "/")).isInstanceOf(IOException.class);
            assertThat(server.turnedAway()).isEqualTo(1);

            clients.getFirst().close();
            assertThat(left.await(60, TimeUnit.SECONDS)).isTrue();
            assertThat(RawClient.get(server.ports().getLast(), "/").body()).isEqualTo("x");
            clients.getLast().close();
            server.close(Duration.ofSeconds(5));
        }
    }

    @Test
    void aLimitIsPositive() {
        assertThatThrownBy(() -> new Admission(0, 1)).hasMessage("connections must be 1 or more: 0");
        assertThatThrownBy(() -> Admission.standard().withPerAddress(-1)).hasMessage("perAddress must be 1 or more: -1");
    }
}
