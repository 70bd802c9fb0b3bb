package dev.thrum.verify.netcat;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.net.NetException;
import dev.thrum.net.Socket;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Programs that are killed, or stand still, in the midst of a transfer.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BrokenPeerTest {
    private static final int MUCH = 16_000_000; // more than buffers of systems and pipes hold

    private final Ours ours = new Ours();

    @TempDir
    private Path folder;

    static Stream<Arguments> everyPeer() {
        return ConversationTest.everyPeer();
    }

    @AfterEach
    void stop() throws InterruptedException {
        ours.end();
    }

    /// Notes that a million bytes have come, and the end.
    private void count(Socket socket) {
        socket.read(ours.new Listener() {
            private int received;

            @Override
            public void onRead(ByteBuffer bytes) {
                int before = received;
                received += bytes.remaining();
                bytes.position(bytes.limit());
                if (before < 1_000_000 && received >= 1_000_000) {
                    ours.note("a million");
                }
            }
        });
    }

    private void send(Socket socket) {
        socket.read(ours.new Listener() {
            @Override
            public void onEnd(Socket ended) {} // what matters is what becomes of the bytes under way
        });
        socket.write(ByteBuffer.allocate(MUCH)).tap(same -> ours.note("sent")).recover(NetException.class, problem -> {
            ours.note("not sent");
            return socket;
        });
    }

    @ParameterizedTest
    @MethodSource("everyPeer")
    void oneThatIsKilledWhileItSendsHasEnded(Netcat program, Ours.Family family) throws Exception {
        SocketAddress address = ours.listen(family.free(folder), this::count).address();
        try (Foreign client = program.connect(address)) {
            client.sayForEver("once more ");
            assertThat(ours.seen()).isEqualTo("a million");
            client.kill();
        }
        assertThat(ours.seen()).isEqualTo("end");
        assertThat(ours.seen()).isEqualTo("closed in order");
    }

    @ParameterizedTest
    @MethodSource("everyPeer")
    void oneThatIsKilledWhileItIsSentToFailsTheWriteAndHurtsNobodyElse(Netcat program, Ours.Family family) throws Exception {
        SocketAddress address = ours.listen(family.free(folder), this::send).address();
        try (Foreign client = program.connect(address);
                Foreign other = program.connect(address)) {
            assertThat(client.hear(100_000)).hasSize(100_000);
            client.kill();
            assertThat(new String[] {ours.seen(), ours.seen()})
                    .contains("not sent")
                    .containsAnyOf("closed Reset", "closed BrokenPipe");
            assertThat(other.hear(MUCH)).hasSize(MUCH);
            assertThat(ours.seen()).isEqualTo("sent");
        }
    }

    @ParameterizedTest
    @MethodSource("everyPeer")
    void oursThatConnectedHearsOfTheDeathOfItsServer(Netcat program, Ours.Family family) throws Exception {
        SocketAddress address = family.free(folder);
        try (Foreign server = program.listen(address)) {
            Socket socket = ours.connect(address);
            ours.loop.execute(() -> send(socket));
            assertThat(server.hear(100_000)).hasSize(100_000);
            server.kill();
            assertThat(new String[] {ours.seen(), ours.seen()})
                    .contains("not sent")
                    .containsAnyOf("closed Reset", "closed BrokenPipe");
        }
    }

    @ParameterizedTest
    @MethodSource("everyPeer")
    void oneThatStandsStillIsGivenUp(Netcat program, Ours.Family family) throws Exception {
        SocketAddress address = ours.listen(family.free(folder), socket -> {
                    socket.timeouts(Duration.ZERO, Duration.ofMillis(300));
                    send(socket);
                })
                .address();
        try (Foreign client = program.connect(address)) {
            assertThat(client.hear(100_000)).hasSize(100_000);
            client.freeze();
            assertThat(new String[] {ours.seen(), ours.seen()}).containsExactlyInAnyOrder("not sent", "closed Timeout");
        }
    }

    @ParameterizedTest
    @MethodSource("everyPeer")
    void oneThatSaysNothingIsGivenUp(Netcat program, Ours.Family family) throws Exception {
        SocketAddress address = ours.listen(family.free(folder), socket -> {
                    socket.timeouts(Duration.ofMillis(300), Duration.ZERO);
                    socket.read(ours.new Listener());
                })
                .address();
        try (Foreign client = program.connect(address)) {
            assertThat(ours.seen()).isEqualTo("closed Timeout");
            client.endInput();
            client.exit(); // it was told
        }
    }
}
