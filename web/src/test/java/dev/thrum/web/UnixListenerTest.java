package dev.thrum.web;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.net.ProxyProtocol;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Listeners at Unix sockets.
@Timeout(120)
class UnixListenerTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
    private static final Pattern ANSWER = Pattern.compile("(?s).*\r\nContent-Length: (\\d+)(?=\r\n).*?\r\n\r\n(.*)");

    private final WebApp app = WebApp.create().get("/", (request, response) -> response.send(request.remote().toString()));
    private Path folder; // with a short name: paths of sockets are short
    private Path path;
    private Server server;

    @BeforeEach
    void makeFolder() throws IOException {
        folder = Files.createTempDirectory("thrum");
        path = folder.resolve("s");
    }

    @AfterEach
    void stop() throws IOException {
        if (server != null) {
            server.close(Duration.ZERO);
        }
        Files.deleteIfExists(path);
        Files.delete(folder);
    }

    private SocketChannel connect() throws IOException {
        return SocketChannel.open(UnixDomainSocketAddress.of(path));
    }

    private static String ask(SocketChannel channel, String request) throws IOException {
        channel.write(ByteBuffer.wrap(request.getBytes(ISO_8859_1)));
        ByteBuffer answer = ByteBuffer.allocate(10_000);
        while (!isWhole(ISO_8859_1.decode(answer.duplicate().flip()).toString()) && channel.read(answer) >= 0) {}
        return ISO_8859_1.decode(answer.flip()).toString();
    }

    private static boolean isWhole(String answer) {
        Matcher matcher = ANSWER.matcher(answer);
        return matcher.matches() && matcher.group(2).length() == Integer.parseInt(matcher.group(1));
    }

    @Test
    @Tag("W-87")
    void aUnixSocketIsServedWithItsPermissionsAndGoesWithTheServer() throws IOException {
        server = app.start(Listener.unix(path).withPermissions("rw-rw----"));
        assertThat(server.addresses()).containsExactly(UnixDomainSocketAddress.of(path));
        assertThat(server.ports()).isEmpty();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path))).isEqualTo("rw-rw----");
        try (SocketChannel channel = connect()) {
            assertThat(ask(channel, GET)).startsWith("HTTP/1.1 200 OK");
        }
        server.close();
        assertThat(path).doesNotExist();
    }

    @Test
    @Tag("W-87")
    void whatAFormerProcessHasLeftIsReplacedButNobodyIsRobbed() throws IOException {
        ServerSocketChannel former = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        former.bind(UnixDomainSocketAddress.of(path));
        assertThatThrownBy(() -> app.start(Listener.unix(path))).hasMessage("somebody listens there already: " + path);
        former.close();
        assertThat(path).exists();

        server = app.start(Listener.unix(path));

        try (SocketChannel channel = connect()) {
            assertThat(ask(channel, GET)).startsWith("HTTP/1.1 200 OK");
        }
    }

    @Test
    @Tag("W-87")
    void aFileThatIsNoSocketIsLeftAlone() throws IOException {
        Files.writeString(path, "precious");
        assertThatThrownBy(() -> app.start(Listener.unix(path))).hasMessageStartingWith("a file that is no socket");
        assertThat(path).hasContent("precious");
    }

    @Test
    @Tag("W-87")
    void theFileOfASuccessorIsNotRemoved() throws IOException {
        server = app.start(Listener.unix(path));
        Files.delete(path);
        try (Server successor = app.start(Listener.unix(path))) {
            server.close(Duration.ZERO);
            assertThat(path).exists();
            assertThat(successor.isRunning()).isTrue();
        }
        assertThat(path).doesNotExist();
    }

    @Test
    @Tag("W-88")
    void severalLoopsTakeConnectionsInTurn() throws IOException {
        server = app.admission(Admission.standard().withPerAddress(1)).start(Listener.unix(path).withLoops(3));
        List<SocketChannel> open = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            open.add(connect());
            assertThat(ask(open.getLast(), GET)).startsWith("HTTP/1.1 200 OK");
        }
        assertThat(server.shares()).extracting(Server.Share::accepted).containsExactly(3L, 3L, 3L);
        for (SocketChannel channel : open) {
            channel.close();
        }
    }

    @Test
    @Tag("W-89")
    void aProxyBeforeItTellsWhoTheClientIs() throws IOException {
        server = app.start(Listener.unix(path).withProxyProtocol(ProxyProtocol.trusting("unix")));
        try (SocketChannel channel = connect()) {
            assertThat(ask(channel, "PROXY TCP4 192.0.2.1 192.0.2.2 5 80\r\n" + GET)).endsWith("/192.0.2.1:5");
        }
    }

    @Test
    void whatIsForOtherPlacesIsRefused() {
        assertThatThrownBy(() -> Listener.unix(path).withHosts("a")).hasMessageStartingWith("hosts are for a listener with a port");
        assertThatThrownBy(() -> Listener.http(1).withPermissions("rw-------")).hasMessageStartingWith("permissions are for a Unix socket");
        assertThatThrownBy(() -> Listener.unix(path).withPermissions("660")).isInstanceOf(IllegalArgumentException.class);
    }
}
