package dev.thrum.net;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.loop.EventLoop;
import dev.thrum.loop.LoopConfig;
import dev.thrum.scope.Key;
import dev.thrum.scope.Scope;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class SocketTest {
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress("127.0.0.1", 0);
    private static final Key<String> USER = Key.of("user");

    /// What the system's buffers on both sides do not hold together.
    private static final int MORE_THAN_FITS = 20_000_000;

    private final CountDownLatch mayRead = new CountDownLatch(1);
    private final List<Object> log = Collections.synchronizedList(new ArrayList<>());
    private final CompletableFuture<Object> clientDone = new CompletableFuture<>();

    /// What a client on a thread of its own does with its end.
    private interface Client {
        void use(java.net.Socket socket) throws Exception;
    }

    /// Runs a server for one connection, and its client, until both are done.
    private void exchange(Consumer<Socket> server, Client client) throws Exception {
        var config = LoopConfig.named("main").withOnError(problem -> log.add("problem " + problem.getMessage()));
        EventLoop.run(config, loop -> {
            TcpServer[] listening = new TcpServer[1];
            listening[0] = TcpServer.listen(loop, ANY_PORT, ListenConfig.DEFAULT, socket -> {
                listening[0].close();
                server.accept(socket);
            });
            var address = (InetSocketAddress) listening[0].address();
            Thread.ofPlatform().start(() -> {
                try (var socket = new java.net.Socket(address.getAddress(), address.getPort())) {
                    socket.setSoTimeout(60_000);
                    client.use(socket);
                    clientDone.complete("done");
                } catch (Throwable e) {
                    clientDone.completeExceptionally(e);
                }
            });
        });
        clientDone.get(60, TimeUnit.SECONDS);
    }

    private static ByteBuffer bytes(int size) {
        byte[] array = new byte[size];
        for (int i = 0; i < size; i++) {
            array[i] = pattern(i);
        }
        return ByteBuffer.wrap(array);
    }

    private static byte pattern(int i) {
        return (byte) (i * 31 + (i >>> 8));
    }

    private static int readPattern(InputStream in) throws IOException {
        int count = 0;
        byte[] chunk = new byte[10_000];
        for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
            for (int i = 0; i < n; i++) {
                if (chunk[i] != pattern(count + i)) {
                    throw new AssertionError("byte " + (count + i) + " is wrong");
                }
            }
            count += n;
        }
        return count;
    }

    // ---- reading

    @Test
    @Tag("N-40")
    void keepsWhatTheReaderLeavesAndBringsItInFrontOfTheNextBytes() throws Exception {
        exchange(
                socket -> socket.read(bytes -> {
                    log.add(bytes.remaining());
                    if (bytes.remaining() >= 6) {
                        log.add(ISO_8859_1.decode(bytes).toString());
                        socket.write(UTF_8.encode("!"));
                        socket.close();
                    } else if (log.size() == 1) {
                        socket.write(UTF_8.encode("more"));
                    }
                }),
                client -> {
                    client.getOutputStream().write("abc".getBytes(UTF_8));
                    assertThat(client.getInputStream().readNBytes(4)).hasSize(4);
                    client.getOutputStream().write("def".getBytes(UTF_8));
                    assertThat(client.getInputStream().readAllBytes()).hasSize(1);
                });
        assertThat(log).startsWith(3).endsWith(6, "abcdef");
    }

    @Test
    void keepsMoreThanTheReadBufferHolds() throws Exception {
        int size = 300_000;
        exchange(
                socket -> socket.read(bytes -> {
                    if (bytes.remaining() == size) {
                        boolean right = true;
                        for (int i = 0; i < size; i++) {
                            right &= bytes.get() == pattern(i);
                        }
                        log.add(right);
                        socket.close();
                    }
                }),
                client -> {
                    client.getOutputStream().write(bytes(size).array());
                    assertThat(client.getInputStream().read()).isEqualTo(-1);
                });
        assertThat(log).containsExactly(true);
    }

    @Test
    @Tag("N-41")
    void aPausedReaderHearsNothingUntilItResumes() throws Exception {
        exchange(
                socket -> {
                    socket.read(new Recorder(socket, log));
                    socket.pauseReading();
                    socket.loop().after(Duration.ofMillis(50), () -> {
                        log.add("resume");
                        socket.resumeReading();
                    });
                },
                client -> {
                    client.getOutputStream().write("hello".getBytes(UTF_8));
                    client.shutdownOutput();
                    assertThat(client.getInputStream().read()).isEqualTo(-1);
                });
        assertThat(log).containsExactly("resume", "hello", "end", "closed null");
    }

    @Test
    void resumingBringsWhatWasLeftUnreadBeforeTheEnd() throws Exception {
        exchange(
                socket -> socket.read(new Recorder(socket, log) {
                    @Override
                    public void onRead(ByteBuffer bytes) {
                        if (log.isEmpty()) {
                            log.add("left " + bytes.remaining());
                            socket.pauseReading();
                            socket.loop().after(Duration.ofMillis(50), socket::resumeReading);
                        } else {
                            super.onRead(bytes);
                        }
                    }
                }),
                client -> {
                    client.getOutputStream().write("hello".getBytes(UTF_8));
                    client.shutdownOutput();
                    assertThat(client.getInputStream().read()).isEqualTo(-1);
                });
        assertThat(log).containsExactly("left 5", "hello", "end", "closed null");
    }

    @Test
    void aNewReaderGetsWhatTheOldOneLeft() throws Exception {
        exchange(
                socket -> socket.read(bytes -> {
                    log.add("old " + (char) bytes.get());
                    socket.read(new Recorder(socket, log));
                }),
                client -> {
                    client.getOutputStream().write("xyz".getBytes(UTF_8));
                    client.shutdownOutput();
                    assertThat(client.getInputStream().read()).isEqualTo(-1);
                });
        assertThat(log).containsExactly("old x", "yz", "end", "closed null");
    }

    @Test
    @Tag("N-42")
    void whatAReaderThrowsIsReportedAndTheSocketStaysOpen() throws Exception {
        exchange(
                socket -> socket.read(bytes -> {
                    bytes.position(bytes.limit());
                    if (log.isEmpty()) {
                        socket.write(UTF_8.encode("1"));
                        throw new IllegalStateException("failed");
                    }
                    socket.close();
                }),
                client -> {
                    client.getOutputStream().write(1);
                    assertThat(client.getInputStream().read()).isEqualTo('1');
                    client.getOutputStream().write(2);
                    assertThat(client.getInputStream().read()).isEqualTo(-1);
                });
        assertThat(log).containsExactly("problem failed");
    }

    @Test
    void callbacksRunUnderTheScopeTheSocketWasMadeUnder() throws Exception {
        EventLoop.run(loop -> Scope.current().with(USER, "anna").run(() -> {
            TcpServer[] server = new TcpServer[1];
            server[0] = TcpServer.listen(loop, ANY_PORT, ListenConfig.DEFAULT, socket -> {
                server[0].close();
                Scope.root().run(() -> socket.read(bytes -> {
                    log.add(Scope.current().get(USER));
                    bytes.position(bytes.limit());
                    socket.onDrained(() -> log.add(Scope.current().get(USER)));
                    socket.close();
                }));
            });
            Socket.connect(loop, server[0].address()).tap(socket -> {
                socket.write(UTF_8.encode("x"));
                socket.read(bytes -> {});
            });
        }));
        assertThat(log).hasSize(2).allSatisfy(user -> assertThat(user).asString().contains("anna"));
    }

    // ---- writing

    @Test
    @Tag("N-43")
    void gathersTheWritesOfATurnInOrder() throws Exception {
        exchange(
                socket -> {
                    socket.write(UTF_8.encode("abc"));
                    socket.reserve(3).put((byte) 'd').put((byte) 'e');
                    socket.commit();
                    socket.reserve(3).put((byte) 'X'); // not committed
                    socket.reserve(1).put((byte) 'f');
                    socket.commit();
                    assertThat(socket.pending()).isEqualTo(6);
                    socket.close();
                },
                client -> assertThat(client.getInputStream().readAllBytes()).isEqualTo("abcdef".getBytes(UTF_8)));
    }

    @Test
    void tellsEveryWriterWhenTheSystemHasItsBytes() throws Exception {
        exchange(
                socket -> {
                    socket.write(UTF_8.encode("abc")).tap(same -> log.add("abc"));
                    socket.write(bytes(MORE_THAN_FITS)).tap(same -> log.add("large"));
                    socket.write(UTF_8.encode("x")).tap(same -> {
                        log.add("x");
                        socket.close();
                    });
                    mayRead.countDown();
                },
                client -> {
                    mayRead.await();
                    assertThat(client.getInputStream().readAllBytes().length).isEqualTo(MORE_THAN_FITS + 4);
                });
        assertThat(log).containsExactly("abc", "large", "x");
    }

    @Test
    @Tag("N-44")
    void sendsLargeBuffersHeapAndDirectWhole() throws Exception {
        for (boolean direct : new boolean[] {false, true}) {
            var mayRead = new CountDownLatch(1);
            exchange(
                    socket -> {
                        ByteBuffer all = bytes(MORE_THAN_FITS);
                        ByteBuffer source = direct ? ByteBuffer.allocateDirect(MORE_THAN_FITS).put(all).flip() : all;
                        for (int at = 0; at < MORE_THAN_FITS; at += 100_000) {
                            socket.write(source.slice(at, 100_000));
                        }
                        assertThat(socket.writable()).isFalse();
                        socket.close();
                        mayRead.countDown();
                    },
                    client -> {
                        mayRead.await();
                        assertThat(readPattern(client.getInputStream())).isEqualTo(MORE_THAN_FITS);
                    });
        }
    }

    @Test
    @Tag("N-45")
    void aWriterThatHeedsTheHighWaterMarkKeepsMemoryLow() throws Exception {
        int size = 8_000_000;
        long[] most = {0};
        exchange(
                socket -> {
                    ByteBuffer all = bytes(size);
                    Runnable[] pump = new Runnable[1];
                    pump[0] = () -> {
                        while (all.hasRemaining() && socket.writable()) {
                            int count = Math.min(10_000, all.remaining());
                            socket.write(all.slice(all.position(), count));
                            all.position(all.position() + count);
                            most[0] = Math.max(most[0], socket.pending());
                        }
                        if (all.hasRemaining()) {
                            socket.onDrained(pump[0]);
                        } else {
                            socket.close();
                        }
                    };
                    pump[0].run();
                },
                client -> assertThat(readPattern(client.getInputStream())).isEqualTo(size));
        assertThat(most[0]).isBetween(1L, Socket.HIGH_WATER + 10_000L);
    }

    @Test
    void reservingTooMuchIsRefused() throws Exception {
        exchange(
                socket -> {
                    assertThatThrownBy(() -> socket.reserve(Socket.MAX_RESERVE + 1))
                            .isInstanceOf(IllegalArgumentException.class)
                            .hasMessage("bytes must be 0..32768: 32769");
                    assertThatThrownBy(socket::commit).isInstanceOf(IllegalStateException.class);
                    socket.close();
                },
                client -> assertThat(client.getInputStream().read()).isEqualTo(-1));
    }

    @Test
    void reservingFlushesWhenTheBufferIsFull() throws Exception {
        int size = 64 * 1024 * 3;
        exchange(
                socket -> {
                    ByteBuffer all = bytes(size);
                    while (all.hasRemaining()) {
                        ByteBuffer room = socket.reserve(10_000);
                        int count = Math.min(10_000, all.remaining());
                        room.put(all.slice(all.position(), count));
                        all.position(all.position() + count);
                        socket.commit();
                    }
                    socket.close();
                },
                client -> assertThat(readPattern(client.getInputStream())).isEqualTo(size));
    }

    // ---- ending

    @Test
    @Tag("N-46")
    void aHalfCloseLetsTheOtherSideGoOn() throws Exception {
        exchange(
                socket -> {
                    socket.write(UTF_8.encode("bye"));
                    socket.end();
                    socket.end();
                    socket.write(UTF_8.encode("late")).recover(NetException.Aborted.class, problem -> {
                        log.add("refused");
                        return socket;
                    });
                    socket.read(new Recorder(socket, log));
                },
                client -> {
                    assertThat(client.getInputStream().readAllBytes()).hasSize(3);
                    client.getOutputStream().write("still here".getBytes(UTF_8));
                });
        assertThat(log).containsExactly("refused", "still here", "end", "closed null");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 40_000})
    @Tag("N-46")
    void aHalfCloseMayFollowAWriteOfWhichNothingWaits(int size) throws Exception {
        exchange(
                socket -> {
                    socket.write(ByteBuffer.allocate(size));
                    socket.end();
                    socket.read(new Recorder(socket, log));
                },
                client -> {
                    assertThat(client.getInputStream().readAllBytes()).hasSize(size);
                    client.getOutputStream().write("still here".getBytes(UTF_8));
                });
        assertThat(log).containsExactly("still here", "end", "closed null");
    }

    @Test
    void aReaderMayAnswerAfterThePeersHalfClose() throws Exception {
        exchange(
                socket -> socket.read(new Recorder(socket, log) {
                    @Override
                    public void onEnd(Socket ended) {
                        log.add("end");
                        ended.write(UTF_8.encode("answer"));
                        ended.end();
                    }
                }),
                client -> {
                    client.getOutputStream().write("ask".getBytes(UTF_8));
                    client.shutdownOutput();
                    assertThat(client.getInputStream().readAllBytes()).isEqualTo("answer".getBytes(UTF_8));
                });
        assertThat(log).containsExactly("ask", "end", "closed null");
    }

    @Test
    @Tag("N-47")
    void aResetIsToldOnceByName() throws Exception {
        exchange(socket -> socket.read(new Recorder(socket, log)), client -> client.setSoLinger(true, 0));
        assertThat(log).singleElement().asString().startsWith("closed Reset: connection reset: 127.0.0.1:");
    }

    @Test
    @Tag("N-48")
    void writingToAPeerThatIsGoneFailsThePromiseAndClosesOnce() throws Exception {
        exchange(
                socket -> {
                    socket.read(new Recorder(socket, log));
                    socket.pauseReading();
                    socket.loop()
                            .after(Duration.ofMillis(50), () -> socket.write(bytes(MORE_THAN_FITS))
                                    .recover(NetException.class, problem -> {
                                        log.add("write");
                                        return socket;
                                    }));
                },
                client -> client.setSoLinger(true, 0));
        assertThat(log).hasSize(2).contains("write");
    }

    @Test
    @Tag("N-49")
    void afterTheEndWritesAreRefusedAndTheRestDoesNothing() throws Exception {
        exchange(
                socket -> {
                    socket.close();
                    socket.close();
                    socket.abort();
                    socket.end();
                    socket.pauseReading();
                    socket.resumeReading();
                    socket.reserve(10).putInt(1);
                    socket.commit();
                    assertThat(socket.pending()).isZero();
                    assertThat(socket.writable()).isFalse();
                    assertThat(socket.isOpen()).isFalse();
                    socket.write(UTF_8.encode("late")).recover(NetException.Aborted.class, problem -> {
                        log.add("refused");
                        return socket;
                    });
                    socket.onDrained(() -> log.add("drained"));
                    socket.read(new Recorder(socket, log));
                },
                client -> assertThat(client.getInputStream().read()).isEqualTo(-1));
        assertThat(log).containsExactly("refused", "drained", "closed null");
    }

    @Test
    void abortDropsWhatWaitsAndResetsThePeer() throws Exception {
        exchange(
                socket -> {
                    socket.read(new Recorder(socket, log));
                    socket.write(bytes(MORE_THAN_FITS)).recover(NetException.Aborted.class, problem -> {
                        log.add("dropped");
                        return socket;
                    });
                    socket.abort();
                    assertThat(log).isEmpty(); // told later
                    mayRead.countDown();
                },
                client -> {
                    mayRead.await();
                    assertThatThrownBy(() -> client.getInputStream().readAllBytes())
                            .isInstanceOf(IOException.class);
                });
        assertThat(log).hasSize(2).startsWith("dropped").last().asString().startsWith("closed Aborted: given up");
    }

    @Test
    void closeFlushesWhatASlowPeerHasNotTaken() throws Exception {
        exchange(
                socket -> {
                    socket.write(bytes(MORE_THAN_FITS));
                    socket.close();
                    assertThat(socket.pending()).isPositive();
                    mayRead.countDown();
                },
                client -> {
                    mayRead.await();
                    assertThat(readPattern(client.getInputStream())).isEqualTo(MORE_THAN_FITS);
                });
    }

    @Test
    void methodsNameBothThreadsElsewhere() throws Exception {
        var escaped = new CompletableFuture<Socket>();
        exchange(
                socket -> {
                    escaped.complete(socket);
                    socket.read(new Recorder(socket, log));
                },
                client -> {
                    Socket socket = escaped.get();
                    for (Runnable call : List.<Runnable>of(
                            socket::close,
                            socket::abort,
                            socket::end,
                            socket::pending,
                            socket::writable,
                            socket::isOpen,
                            socket::pauseReading,
                            socket::resumeReading,
                            () -> socket.reserve(1),
                            () -> socket.write(bytes(1)))) {
                        assertThatThrownBy(call::run)
                                .isInstanceOf(WrongThreadException.class)
                                .hasMessageContaining("'main'")
                                .hasMessageContaining("'" + Thread.currentThread().getName() + "'");
                    }
                });
    }

    @Test
    void anUnreferencedSocketDoesNotKeepTheLoopAlive() {
        EventLoop.run(loop -> {
            TcpServer server = TcpServer.listen(loop, ANY_PORT, ListenConfig.DEFAULT, Socket::unref);
            server.unref();
            Socket.connect(loop, server.address()).tap(socket -> {
                socket.unref();
                assertThat(socket.isReferenced()).isFalse();
                assertThat(((InetSocketAddress) socket.remote()).getPort())
                        .isEqualTo(((InetSocketAddress) server.address()).getPort());
                assertThat(((InetSocketAddress) socket.local()).getPort()).isPositive();
            });
        });
    }
}
