package dev.thrum.net;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.loop.EventLoop;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Parts of files that the system takes from the file itself.
@Timeout(30)
class SocketFileTest {
    private static final int LARGE = 20_000_000; // what the system's buffers on both sides do not hold together

    @TempDir
    Path folder;

    private final CompletableFuture<Object> outcome = new CompletableFuture<>(); // of the promise
    private final EventLoop loop = EventLoop.start("files");
    private byte[] content = {};
    private FileChannel file;

    @BeforeEach
    void open() throws IOException {
        content = new byte[LARGE];
        new Random(1).nextBytes(content);
        file = FileChannel.open(Files.write(folder.resolve("file"), content));
    }

    @AfterEach
    void close() throws IOException {
        loop.exit();
        file.close();
    }

    /// {@return a client of a server that runs `action` with its only connection}
    private java.net.Socket serve(Consumer<Socket> action) throws Exception {
        var address = new CompletableFuture<InetSocketAddress>();
        loop.execute(() -> {
            var server = TcpServer.listen(loop, new InetSocketAddress("127.0.0.1", 0), ListenConfig.DEFAULT, action::accept);
            address.complete((InetSocketAddress) server.address());
        });
        var client = new java.net.Socket("127.0.0.1", address.get(10, SECONDS).getPort());
        client.setSoTimeout(10_000);
        return client;
    }

    private void send(Socket socket, long position, long count) {
        socket.write(file, position, count)
                .map(sent -> (Object) "sent")
                .recover(Throwable.class, problem -> problem)
                .tap(outcome::complete);
    }

    private static ByteBuffer bytes(String text) {
        return UTF_8.encode(text);
    }

    @Test
    @Tag("N-111")
    void aFileGoesOutBehindWhatWasWrittenAndBeforeWhatFollows() throws Exception {
        try (var client = serve(socket -> {
            socket.write(bytes("head"));
            socket.write(file, 0, LARGE).tap(sent -> {
                socket.write(bytes("tail"));
                socket.close();
            });
        })) {
            var in = client.getInputStream();
            assertThat(in.readNBytes(4)).asString().isEqualTo("head");
            assertThat(in.readNBytes(LARGE)).isEqualTo(content);
            assertThat(in.readAllBytes()).asString().isEqualTo("tail");
        }
    }

    @Test
    @Tag("N-111")
    void aPartIsSentAndThePositionOfTheFileIsLeftAlone() throws Exception {
        file.position(7);
        try (var client = serve(socket -> send(socket, 1_000, 5))) {
            assertThat(client.getInputStream().readNBytes(5)).isEqualTo(java.util.Arrays.copyOfRange(content, 1_000, 1_005));
        }
        assertThat(outcome.get(10, SECONDS)).isEqualTo("sent");
        assertThat(file.position()).isEqualTo(7);
    }

    @Test
    @Tag("N-112")
    void untilItIsSentItIsPendingAndNothingElseMayBeWritten() throws Exception {
        var seen = new CompletableFuture<Boolean>();
        try (var client = serve(socket -> {
            send(socket, 0, LARGE);
            boolean pending = socket.pending() > LARGE / 2 && !socket.writable();
            assertThatThrownBy(() -> socket.write(bytes("x"))).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> socket.reserve(1)).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> socket.write(file, 0, 1)).isInstanceOf(IllegalStateException.class);
            seen.complete(pending);
        })) {
            assertThat(client.getInputStream().readNBytes(LARGE)).isEqualTo(content);
            assertThat(seen.get(10, SECONDS)).isTrue();
        }
        assertThat(outcome.get(10, SECONDS)).isEqualTo("sent");
    }

    @Test
    @Tag("N-112")
    void whoClosesSendsItAll() throws Exception {
        try (var client = serve(socket -> {
            send(socket, 0, LARGE);
            socket.close();
        })) {
            assertThat(client.getInputStream().readAllBytes()).isEqualTo(content);
        }
        assertThat(outcome.get(10, SECONDS)).isEqualTo("sent");
    }

    @Test
    @Tag("N-112")
    void nothingIsSentOfAnEmptyPart() throws Exception {
        try (var client = serve(socket -> {
            send(socket, LARGE, 0);
            socket.close();
        })) {
            assertThat(client.getInputStream().readAllBytes()).isEmpty();
        }
        assertThat(outcome.get(10, SECONDS)).isEqualTo("sent");
    }

    @Test
    @Tag("N-113")
    void aFileThatIsTooShortBreaksTheConnectionOff() throws Exception {
        try (var client = serve(socket -> send(socket, LARGE - 3, 5))) {
            assertThatThrownBy(() -> client.getInputStream().readAllBytes()).isInstanceOf(IOException.class);
        }
        assertThat(outcome.get(10, SECONDS)).isInstanceOf(EOFException.class);
    }

    @Test
    @Tag("N-113")
    void aFileThatIsClosedBreaksTheConnectionOff() throws Exception {
        file.close();
        try (var client = serve(socket -> send(socket, 0, 5))) {
            assertThatThrownBy(() -> client.getInputStream().readAllBytes()).isInstanceOf(IOException.class);
        }
        assertThat(outcome.get(10, SECONDS)).isInstanceOf(java.nio.channels.ClosedChannelException.class);
    }

    @Test
    @Tag("N-113")
    void aPeerThatLeavesEndsIt() throws Exception {
        try (var client = serve(socket -> send(socket, 0, LARGE))) {
            client.setSoLinger(true, 0);
            assertThat(client.getInputStream().readNBytes(100)).hasSize(100);
        }
        assertThat(outcome.get(10, SECONDS)).isInstanceOf(NetException.class);
    }

    @Test
    void thePartHasNoNegativeNumbers() throws Exception {
        var refused = new CompletableFuture<Throwable>();
        try (var client = serve(socket -> {
            try {
                socket.write(file, -1, 5);
            } catch (IllegalArgumentException problem) {
                refused.complete(problem);
            }
            socket.close();
        })) {
            assertThat(client.getInputStream().read()).isEqualTo(-1);
        }
        assertThat(refused.get(10, SECONDS)).hasMessage("position must not be negative: -1");
    }
}
