package dev.thrum.net;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.loop.EventLoop;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Proxies that say whose connection they hand on.
@Timeout(120)
class ProxyProtocolTest {
    private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";
    private static final String LINE = "PROXY TCP4 192.0.2.1 198.51.100.2 56324 443\r\n";

    private final LinkedBlockingQueue<String> log = new LinkedBlockingQueue<>();
    private final List<EventLoop> loops = new ArrayList<>();

    @AfterEach
    void end() throws InterruptedException {
        for (EventLoop loop : loops) {
            loop.exit();
            assertThat(loop.awaitEnd(Duration.ofSeconds(60))).isTrue();
        }
    }

    private static byte[] line(String text) {
        return text.getBytes(ISO_8859_1);
    }

    private static byte[] binary(String hex) {
        return HexFormat.of().parseHex(SIGNATURE + hex.replace(" ", ""));
    }

    private static List<byte[]> good() {
        return List.of(
                line(LINE),
                line("PROXY TCP6 2001:db8::1 ::1 1 65535\r\n"),
                line("PROXY UNKNOWN\r\n"),
                line("PROXY UNKNOWN what ever it says\r\n"),
                binary("21 11 000c c0000201 c6336402 dc04 01bb"),
                binary("21 21 0024 20010db8000000000000000000000001 00000000000000000000000000000001 0001 ffff"),
                binary("21 31 00d8" + "2f".repeat(216)),
                binary("20 00 0000"),
                binary("20 11 0003 ffffff"),
                binary("21 00 0000"),
                binary("21 11 0013 c0000201 c6336402 dc04 01bb 04 0001 00 05 0000"));
    }

    private static ProxyHeader parse(byte[] bytes) throws IOException {
        return ProxyHeader.parse(ByteBuffer.wrap(bytes));
    }

    // ---- the header

    @Test
    @Tag("N-95")
    void itTellsWhoTheClientIsAndWhereItHasConnectedTo() throws IOException {
        for (byte[] header : List.of(good().get(0), good().get(4), good().get(10))) {
            assertThat(parse(header).source()).isEqualTo(new InetSocketAddress("192.0.2.1", 56324));
            assertThat(parse(header).destination()).isEqualTo(new InetSocketAddress("198.51.100.2", 443));
        }
        for (byte[] header : List.of(good().get(1), good().get(5))) {
            assertThat(parse(header).source()).isEqualTo(new InetSocketAddress("2001:db8::1", 1));
            assertThat(parse(header).destination()).isEqualTo(new InetSocketAddress("::1", 65535));
        }
        assertThat(parse(good().get(6)).source()).isEqualTo(UnixDomainSocketAddress.of(""));
        for (byte[] header : List.of(good().get(2), good().get(3), good().get(7), good().get(8), good().get(9))) {
            assertThat(parse(header).source()).isNull();
        }
    }

    @Test
    @Tag("N-95")
    void itEndsWhereItEndsHoweverItIsCut() throws IOException {
        for (byte[] header : good()) {
            ByteBuffer bytes = ByteBuffer.allocate(header.length + 40).put(7, header); // not at the beginning of the buffer
            for (int length = 0; length <= header.length + 20; length++) {
                bytes.limit(7 + length).position(7);
                ProxyHeader found = ProxyHeader.parse(bytes);

                assertThat(bytes.position()).isEqualTo(7);
                if (length < header.length) {
                    assertThat(found).isNull();
                } else {
                    assertThat(found.length()).isEqualTo(header.length);
                }
            }
        }
    }

    @ParameterizedTest
    @Tag("N-96")
    @ValueSource(strings = {
        "GET / HTTP/1.1\r\n", "proxy TCP4 1.2.3.4 1.2.3.4 1 1\r\n", "PROXY\r\n", "PROXY  UNKNOWN\r\n", "PROXY \r\n",
        "PROXY TCP4 1.2.3.4 1.2.3.4 1\r\n", "PROXY TCP4 1.2.3.4 1.2.3.4 1 1 \r\n", "PROXY TCP4  1.2.3.4 1.2.3.4 1 1\r\n",
        "PROXY TCP4 01.2.3.4 1.2.3.4 1 1\r\n", "PROXY TCP4 1.2.3 1.2.3.4 1 1\r\n", "PROXY TCP4 ::1 ::1 1 1\r\n",
        "PROXY TCP6 1.2.3.4 ::1 1 1\r\n", "PROXY TCP6 ::1%lo ::1 1 1\r\n", "PROXY TCP4 localhost 1.2.3.4 1 1\r\n",
        "PROXY TCP4 1.2.3.4 1.2.3.4 65536 1\r\n", "PROXY TCP4 1.2.3.4 1.2.3.4 01 1\r\n", "PROXY TCP4 1.2.3.4 1.2.3.4 -1 1\r\n",
        "PROXY TCP4 1.2.3.4 1.2.3.4 1 1\n", "PROXY TCP4 1.2.3.4 1.2.3.4 1 1\rx", "PROXY UDP4 1.2.3.4 1.2.3.4 1 1\r\n",
        "PROXY TCP4 1.2.3.4 1.2.3.4 1 \u00b9\r\n", "PROXY UNKNOWN\0\r\n"
    })
    void aLineThatIsNoneIsRefused(String text) {
        assertThatThrownBy(() -> parse(line(text))).isInstanceOf(IOException.class);
    }

    @ParameterizedTest
    @Tag("N-96")
    @ValueSource(strings = {
        "22 11 000c c0000201 c6336402 dc04 01bb", "11 11 000c c0000201 c6336402 dc04 01bb", "21 12 000c", "21 51 0000", "21 01 0000", "20 ff",
        "21 11 000b c0000201 c6336402 dc04 01", "21 21 000c", "21 11 ffff", "21 11 000d c0000201 c6336402 dc04 01bb 04",
        "21 11 0010 c0000201 c6336402 dc04 01bb 04 0002 00"
    })
    void whatIsBinaryAndNoneIsRefused(String hex) {
        assertThatThrownBy(() -> parse(binary(hex))).isInstanceOf(IOException.class);
    }

    @Test
    @Tag("N-99")
    void aChecksumHasToFitWhereverItStands() throws IOException {
        for (String hex : List.of(
                "21 11 0013 c0000201 c6336402 dc04 01bb 03 0004 20ec9549",
                "21 11 001a c0000201 c6336402 dc04 01bb 04 0001 00 03 0004 6df23083 05 0000",
                "21 00 0007 03 0004 3ec9894e")) {
            byte[] header = binary(hex);
            assertThat(parse(header).length()).isEqualTo(header.length);
            for (int i = 16; i < header.length; i++) {
                for (int bit = 0; bit < 8; bit++) {
                    byte[] other = header.clone();
                    other[i] ^= (byte) (1 << bit);
                    assertThat(isTaken(other)).as("byte %d, bit %d of %s", i, bit, hex).isEqualTo(header[i] == 3); // then it has none
                }
            }
        }
        assertThatThrownBy(() -> parse(binary("21 00 0007 03 0004 00000000"))).hasMessage("the checksum of a PROXY header does not fit");
        assertThatThrownBy(() -> parse(binary("21 00 0006 03 0003 000000"))).hasMessage("the checksum of a PROXY header does not fit");
    }

    private static boolean isTaken(byte[] header) {
        try {
            return parse(header) != null;
        } catch (IOException refused) {
            return false;
        }
    }

    @Test
    @Tag("N-96")
    void aLineThatDoesNotEndIsRefusedAtItsLimit() throws IOException {
        String endless = "PROXY UNKNOWN " + "x".repeat(200);
        assertThat(parse(line(endless.substring(0, 106)))).isNull();
        assertThat(parse(line(endless.substring(0, 105) + "\r\n")).length()).isEqualTo(107);
        assertThatThrownBy(() -> parse(line(endless.substring(0, 107)))).hasMessageContaining("107 bytes");
        assertThatThrownBy(() -> parse(line(endless.substring(0, 106) + "\r\n"))).isInstanceOf(IOException.class);
    }

    @Test
    @Tag("N-96")
    void rubbishIsRefusedOrAwaitedAndNothingElse() {
        Random random = new Random(1);
        for (int i = 0; i < 200_000; i++) {
            byte[] bytes = good().get(random.nextInt(good().size())).clone();
            for (int n = random.nextInt(4); n >= 0; n--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            try {
                ProxyHeader header = parse(bytes);
                assertThat(header == null || header.length() <= bytes.length).isTrue();
            } catch (IOException refused) {
                assertThat(refused).hasNoCause();
            }
        }
    }

    // ---- on connections

    private int serve(ProxyProtocol proxies) throws Exception {
        EventLoop loop = EventLoop.start("proxied");
        loops.add(loop);
        CompletableFuture<Integer> port = new CompletableFuture<>();
        loop.execute(() -> {
            TcpServer server = TcpServer.listen(loop, new InetSocketAddress("127.0.0.1", 0), ListenConfig.DEFAULT, socket -> proxies
                    .accept(socket)
                    .tap(known -> {
                        log.add(known.remote() + " to " + known.local());
                        var said = new StringBuilder();
                        known.read(bytes -> {
                            said.append(ISO_8859_1.decode(bytes));
                            if (said.toString().endsWith("!")) {
                                log.add(said.toString());
                                known.close();
                            }
                        });
                    })
                    .recover(NetException.class, problem -> {
                        log.add(String.valueOf(problem.getMessage()).replaceFirst(": 127.*", ""));
                        return socket;
                    }));
            port.complete(((InetSocketAddress) server.address()).getPort());
        });
        return port.get(60, TimeUnit.SECONDS);
    }

    private void say(int port, byte[]... pieces) throws IOException {
        try (java.net.Socket socket = new java.net.Socket("127.0.0.1", port)) {
            socket.setTcpNoDelay(true);
            for (byte[] piece : pieces) {
                socket.getOutputStream().write(piece);
            }
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        } catch (java.net.SocketException reset) {
            log.add("reset");
        }
    }

    private String next() throws InterruptedException {
        return String.valueOf(log.poll(60, TimeUnit.SECONDS));
    }

    @Test
    @Tag("N-95")
    void theSocketSpeaksForTheClientAndNothingBehindTheHeaderIsLost() throws Exception {
        int port = serve(ProxyProtocol.trusting("127.0.0.0/8"));
        for (byte[] header : List.of(good().get(0), good().get(10))) {
            var whole = new ByteArrayOutputStream();
            whole.write(header);
            whole.write(line("hello!"));
            byte[] all = whole.toByteArray();
            for (int cut = 1; cut < all.length; cut++) {
                say(port, Arrays.copyOf(all, cut), Arrays.copyOfRange(all, cut, all.length));

                assertThat(next()).isEqualTo("/192.0.2.1:56324 to /198.51.100.2:443");
                assertThat(next()).isEqualTo("hello!");
            }
        }
        say(port, line("PROXY UNKNOWN\r\nhello!"));
        assertThat(next()).startsWith("/127.0.0.1:").endsWith(" to /127.0.0.1:" + port);
    }

    @Test
    @Tag("N-97")
    void aTrustedProxyHasToIntroduceAndAnotherPeerMayNot() throws Exception {
        int trusting = serve(ProxyProtocol.trusting("127.0.0.1"));
        int other = serve(ProxyProtocol.trusting("10.0.0.0/8", "unix"));
        say(trusting, line("GET / HTTP/1.1\r\n!"));
        assertThat(List.of(next(), next())).containsExactlyInAnyOrder("there must be a PROXY header first", "reset");
        say(other, line(LINE + "hello!"));
        assertThat(List.of(next(), next())).containsExactlyInAnyOrder("a PROXY header from a peer that is not trusted", "reset");
        say(other, line("P"), line("OST / HTTP/1.1\r\n!"));
        assertThat(next()).startsWith("/127.0.0.1:");
        assertThat(next()).isEqualTo("POST / HTTP/1.1\r\n!");
    }

    @Test
    @Tag("N-97")
    void aHeaderThatDoesNotComeInTimeIsNotAwaited() throws Exception {
        int port = serve(ProxyProtocol.trusting("127.0.0.1").withLimit(Duration.ofMillis(50)));
        say(port, line("PROXY TCP4 "));
        assertThat(List.of(next(), next())).containsExactlyInAnyOrder("no PROXY header within PT0.05S", "reset");
        assertThatIllegalArgumentException().isThrownBy(() -> ProxyProtocol.trusting("::1").withLimit(Duration.ZERO));
    }

    // ---- networks

    @Test
    @Tag("N-97")
    void aNetworkIsWrittenWithItsLengthOrIsOneAddressOrUnix() {
        assertThat(Network.of("10.0.0.0/8").contains(new InetSocketAddress("10.1.2.3", 1))).isTrue();
        assertThat(Network.of("10.0.0.0/8").contains(new InetSocketAddress("11.1.2.3", 1))).isFalse();
        assertThat(Network.of("fd00::/8").contains(new InetSocketAddress("fd12::1", 1))).isTrue();
        assertThat(Network.of("::1").contains(new InetSocketAddress("127.0.0.1", 1))).isFalse();
        assertThat(Network.of("unix").contains(UnixDomainSocketAddress.of(""))).isTrue();
        assertThat(Network.of("unix").contains(new InetSocketAddress("127.0.0.1", 1))).isFalse();
        assertThat(Network.of("0.0.0.0/0").contains(UnixDomainSocketAddress.of(""))).isFalse();
        for (String wrong : List.of("", "10.0.0.0/33", "10.0.0.0/", "localhost", "10.0/8", "fd00::/129", "UNIX")) {
            assertThatIllegalArgumentException().isThrownBy(() -> Network.of(wrong));
        }
    }

    // ---- hands

    @Test
    @Tag("N-98")
    void oneServerHandsConnectionsToSeveralLoops() throws Exception {
        List<EventLoop> homes = List.of(EventLoop.start("one"), EventLoop.start("two"), EventLoop.start("three"));
        loops.addAll(homes);
        var turn = new AtomicInteger();
        CompletableFuture<Integer> port = new CompletableFuture<>();
        homes.get(0).execute(() -> {
            TcpServer server = TcpServer.listen(
                    homes.get(0),
                    new InetSocketAddress("127.0.0.1", 0),
                    ListenConfig.DEFAULT,
                    () -> homes.get(turn.getAndIncrement() % 3),
                    socket -> {
                        log.add(Thread.currentThread().getName() + " " + socket.loop().isHere());
                        socket.close();
                    });
            port.complete(((InetSocketAddress) server.address()).getPort());
        });
        for (String name : List.of("one", "two", "three", "one")) {
            say(port.get(60, TimeUnit.SECONDS));
            assertThat(next()).isEqualTo(name + " true");
        }
    }
}
