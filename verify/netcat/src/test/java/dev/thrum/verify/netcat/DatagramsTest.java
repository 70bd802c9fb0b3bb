package dev.thrum.verify.netcat;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.loop.Timer;
import dev.thrum.net.Datagrams;
import dev.thrum.net.NetException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Over UDP, with each program.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DatagramsTest {
    private final Ours ours = new Ours();

    static Stream<Arguments> everyPeer() {
        return Netcat.installed().stream()
                .flatMap(program -> Ours.Family.ofHosts().stream().map(family -> Arguments.of(program, family)));
    }

    @AfterEach
    void stop() throws InterruptedException {
        ours.end();
    }

    @ParameterizedTest
    @MethodSource("everyPeer")
    void theirsAreAnswered(Netcat program, Ours.Family family) throws Exception {
        InetSocketAddress free = family.freeForDatagrams();
        ours.onLoop(() -> {
            Datagrams echo = Datagrams.open(ours.loop, free);
            echo.receive((bytes, sender) -> {
                ours.note("a datagram of " + bytes.remaining());
                echo.send(bytes, sender);
            });
            return echo;
        });
        try (Foreign client = program.connectDatagrams(free)) {
            client.say("hello\n");
            assertThat(client.hear(6)).isEqualTo("hello\n");
            assertThat(ours.seen()).isEqualTo("a datagram of 6");
            client.say("and again\n");
            assertThat(client.hear(10)).isEqualTo("and again\n");
            assertThat(ours.seen()).isEqualTo("a datagram of 10");
        }
    }

    @ParameterizedTest
    @MethodSource("everyPeer")
    void theirReceiverHearsOursAndOursHearsOfItsDeath(Netcat program, Ours.Family family) throws Exception {
        InetSocketAddress address = family.freeForDatagrams();
        try (Foreign server = program.listenDatagrams(address)) {
            ours.onLoop(() -> ask(address));
            assertThat(server.hear(6)).isEqualTo("hello\n"); // once it listens
            server.say("answer\n");
            ours.seenUntil("answer\n");
            server.kill();
            assertThat(ours.seen()).isEqualTo("Refused");
        }
    }

    /// Sends again and again, and notes what comes back.
    private Timer ask(InetSocketAddress peer) {
        Datagrams socket = Datagrams.open(ours.loop, new InetSocketAddress(peer.getAddress(), 0));
        socket.connect(peer);
        socket.receive(new Datagrams.Receiver() {
            @Override
            public void onDatagram(ByteBuffer bytes, InetSocketAddress sender) {
                ours.note(ISO_8859_1.decode(bytes).toString());
            }

            @Override
            public void onError(NetException problem) {
                ours.note(problem.getClass().getSimpleName());
            }
        });
        return ours.loop.every(
                Duration.ofMillis(50), () -> socket.send(ISO_8859_1.encode("hello\n")).recover(NetException.class, problem -> {
                    ours.note(problem.getClass().getSimpleName());
                    return socket;
                }));
    }
}
