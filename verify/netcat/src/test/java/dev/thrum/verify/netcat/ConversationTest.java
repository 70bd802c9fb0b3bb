package dev.thrum.verify.netcat;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.net.Socket;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Over TCP and Unix sockets, with each program.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ConversationTest {
    private final Ours ours = new Ours();

    @TempDir
    private Path folder;

    static Stream<Arguments> everyPeer() {
        return Netcat.installed().stream()
                .flatMap(program -> Ours.Family.here().stream().map(family -> Arguments.of(program, family)));
    }

    static List<Netcat> installed() {
        return Netcat.installed();
    }

    static List<Ours.Family> families() {
        return Ours.Family.here();
    }

    @AfterEach
    void stop() throws InterruptedException {
        ours.end();
    }

    private static String random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return new String(bytes, ISO_8859_1);
    }

    /// Sends back what it hears, no faster than the peer takes it.
    private void echo(Socket socket) {
        socket.read(ours.new Listener() {
            @Override
            public void onRead(ByteBuffer bytes) {
                socket.write(bytes);
                if (!socket.writable()) {
                    socket.pauseReading();
                    socket.onDrained(socket::resumeReading);
                }
            }
        });
    }

    // ---- their client

    @ParameterizedTest
    @MethodSource("everyPeer")
    void theirClientIsServed(Netcat program, Ours.Family family) throws Exception {
        SocketAddress address = ours.listen(family.free(folder), this::echo).address();
        try (Foreign client = program.connect(address)) {
            client.say("hello\n");
            assertThat(client.hear(6)).isEqualTo("hello\n");
            client.say("and again\n");
            assertThat(client.hear(10)).isEqualTo("and again\n");
            client.endInput();
            assertThat(client.hearAll()).isEmpty();
            assertThat(client.exit()).isZero();
        }
        assertThat(ours.seen()).isEqualTo("end");
        assertThat(ours.seen()).isEqualTo("closed in order");
    }

    @ParameterizedTest
    @MethodSource("everyPeer")
    void theirClientThatHasFinishedIsStillAnswered(Netcat program, Ours.Family family) throws Exception {
        String answer = random(3_000_000);
        SocketAddress address = ours.listen(family.free(folder), socket -> socket.read(ours.new Listener() {
                    @Override
                    public void onEnd(Socket ended) {
                        ours.note("end");
                        ended.write(ISO_8859_1.encode(answer));
                        ended.end();
                    }
                }))
                .address();
        try (Foreign client = program.connect(address)) {
            client.say("what is it?");
            client.endInput();
            assertThat(client.hearAll().equals(answer)).isTrue();
        }
        assertThat(ours.seenUntil("end")).isEqualTo("what is it?");
        assertThat(ours.seen()).isEqualTo("closed in order");
    }

    @ParameterizedTest
    @MethodSource("everyPeer")
    void muchGoesBothWaysAtOnce(Netcat program, Ours.Family family) throws Exception {
        String much = random(8_000_000);
        SocketAddress address = ours.listen(family.free(folder), this::echo).address();
        try (Foreign client = program.connect(address)) {
            var answer = CompletableFuture.supplyAsync(() -> {
                try {
                    return client.hearAll();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            client.say(much);
            client.endInput();
            assertThat(answer.get().equals(much)).isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("installed")
    void aServerAtTheWildcardHearsEveryFamily(Netcat program) throws Exception {
        var server = ours.listen(new InetSocketAddress(0), this::echo);
        int port = ((InetSocketAddress) server.address()).getPort();
        for (Ours.Family family : Ours.Family.ofHosts()) {
            var host = (InetSocketAddress) family.free(folder);
            try (Foreign client = program.connect(new InetSocketAddress(host.getAddress(), port))) {
                client.say("hello\n");
                assertThat(client.hear(6)).isEqualTo("hello\n");
            }
        }
    }

    // ---- their server

    @ParameterizedTest
    @MethodSource("everyPeer")
    void theirServerIsTalkedTo(Netcat program, Ours.Family family) throws Exception {
        SocketAddress address = family.free(folder);
        try (Foreign server = program.listen(address)) {
            Socket socket = ours.connect(address);
            ours.loop.execute(() -> {
                socket.read(ours.new Listener());
                socket.write(ISO_8859_1.encode("hello\n"));
            });
            assertThat(server.hear(6)).isEqualTo("hello\n");
            server.say("answer\n");
            assertThat(ours.seen()).isEqualTo("answer\n");
            server.endInput();
            assertThat(ours.seen()).isEqualTo("end");
            assertThat(ours.seen()).isEqualTo("closed in order");
            assertThat(server.hearAll()).isEmpty();
            assertThat(server.exit()).isZero();
        }
    }

    /// With `socat`: a listening `nc` leaves when its client has finished.
    @ParameterizedTest
    @MethodSource("families")
    void theirServerAnswersAfterOurHalfClose(Ours.Family family) throws Exception {
        String question = random(1_000_000);
        String answer = random(1_000_001);
        SocketAddress address = family.free(folder);
        try (Foreign server = Netcat.SOCAT.listen(address)) {
            Socket socket = ours.connect(address);
            ours.loop.execute(() -> {
                socket.read(ours.new Listener());
                socket.write(ISO_8859_1.encode(question));
                socket.end();
            });
            assertThat(server.hear(question.length()).equals(question)).isTrue();
            server.say(answer);
            server.endInput();
            assertThat(ours.seenUntil("end").equals(answer)).isTrue();
            assertThat(ours.seen()).isEqualTo("closed in order");
            assertThat(server.hearAll()).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("installed")
    void theirServerIsFoundByName(Netcat program) throws Exception {
        SocketAddress address = Ours.Family.IPV4.free(folder);
        int port = ((InetSocketAddress) address).getPort();
        try (Foreign server = program.listen(address)) {
            Socket socket = ours.connect(InetSocketAddress.createUnresolved(
                    InetAddress.getLoopbackAddress().getHostName(), port));
            ours.loop.execute(() -> socket.write(ISO_8859_1.encode("hello\n")));
            assertThat(server.hear(6)).isEqualTo("hello\n");
        }
    }
}
