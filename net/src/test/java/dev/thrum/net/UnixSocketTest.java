package dev.thrum.net;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.loop.EventLoop;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class UnixSocketTest {
    private final List<Object> log = new ArrayList<>();

    @TempDir
    private Path directory;

    private UnixDomainSocketAddress address() {
        return UnixDomainSocketAddress.of(directory.resolve("socket"));
    }

    @Test
    @Tag("N-12")
    void aClosedServerIsGoneWhileItsConnectionsLiveOn() {
        EventLoop.run(loop -> {
            TcpServer[] server = new TcpServer[1];
            server[0] = TcpServer.listen(loop, address(), ListenConfig.DEFAULT, socket -> {
                server[0].close();
                log.add(Files.exists(address().getPath()));
                socket.read(socket::write);
            });
            Socket.connect(loop, address()).tap(socket -> {
                socket.write(UTF_8.encode("still there?"));
                socket.read(bytes -> {
                    log.add(UTF_8.decode(bytes).toString());
                    Socket.connect(loop, address())
                            .recover(NetException.NotFound.class, problem -> {
                                log.add("not found");
                                return socket;
                            })
                            .tap(Socket::close);
                });
            });
        });
        assertThat(log).containsExactly(false, "still there?", "not found");
    }

    @Test
    @Tag("N-13")
    void aHalfCloseLetsTheOtherSideGoOn() {
        EventLoop.run(loop -> {
            TcpServer[] server = new TcpServer[1];
            server[0] = TcpServer.listen(loop, address(), ListenConfig.DEFAULT, socket -> {
                server[0].close();
                socket.read(new Recorder(socket, log) {
                    @Override
                    public void onEnd(Socket ended) {
                        log.add("end");
                        ended.write(UTF_8.encode("answer"));
                        ended.end();
                    }
                });
            });
            Socket.connect(loop, address()).tap(socket -> {
                socket.write(UTF_8.encode("ask"));
                socket.end();
                socket.read(new Recorder(socket, log));
            });
        });
        assertThat(log).containsSubsequence("ask", "end", "answer").contains("closed null");
    }

    @Test
    @Tag("N-14")
    void muchArrivesWholeAndASlowReaderMakesTheWriterWait() {
        int size = 5_000_000;
        int[] received = {0};
        EventLoop.run(loop -> {
            TcpServer[] server = new TcpServer[1];
            server[0] = TcpServer.listen(loop, address(), ListenConfig.DEFAULT, socket -> {
                server[0].close();
                socket.read(bytes -> {
                    received[0] += bytes.remaining();
                    bytes.position(bytes.limit());
                });
            });
            Socket.connect(loop, address()).tap(socket -> {
                socket.write(ByteBuffer.allocate(size)).tap(same -> log.add("sent"));
                log.add(socket.writable());
                socket.close();
            });
        });
        assertThat(received[0]).isEqualTo(size);
        assertThat(log).containsExactly(false, "sent");
    }

    @Test
    @Tag("N-15")
    void aPathThatIsThereCannotBeListenedAtAndStaysAndNobodyBehindItRefuses() throws Exception {
        try (var stale = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            stale.bind(address()); // the JDK leaves the path behind
        }
        EventLoop.run(loop -> {
            assertThatThrownBy(() -> TcpServer.listen(loop, address(), ListenConfig.DEFAULT, socket -> {}))
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessage("address in use: " + address())
                    .hasCauseInstanceOf(NetException.AddressInUse.class);
            Socket.connect(loop, address())
                    .map(socket -> "connected")
                    .recover(NetException.Refused.class, problem -> "refused")
                    .tap(log::add);
        });
        assertThat(log).containsExactly("refused");
        assertThat(address().getPath()).exists();
    }

    @Test
    void itHasTheOptionsOfItsKind() {
        EventLoop.run(loop -> {
            TcpServer server = TcpServer.listen(loop, address(), ListenConfig.DEFAULT, Socket::close);
            Socket.connect(loop, server.address()).tap(socket -> {
                assertThat(socket.option(StandardSocketOptions.SO_SNDBUF)).isPositive();
                assertThatThrownBy(() -> socket.option(StandardSocketOptions.TCP_NODELAY))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageStartingWith("no option TCP_NODELAY here: ");
                assertThat(socket.remote()).isEqualTo(address());
                socket.close();
                server.close();
            });
        });
    }
}
