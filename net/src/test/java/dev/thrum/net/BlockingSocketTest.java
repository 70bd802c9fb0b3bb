package dev.thrum.net;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.loop.EventLoop;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.InterruptedIOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class BlockingSocketTest {
    private static final int MUCH = 20_000_000;

    private final List<Object> log = Collections.synchronizedList(new ArrayList<>());
    private EventLoop loop;
    private java.net.Socket peer;
    private BlockingSocket view;

    @BeforeEach
    void connect() throws Exception {
        loop = EventLoop.start("main");
        var connected = new CompletableFuture<BlockingSocket>();
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var address = (InetSocketAddress) server.getLocalSocketAddress();
            loop.execute(() -> Socket.connect(loop, address).tap(socket -> connected.complete(BlockingSocket.of(socket))));
            peer = server.accept();
        }
        peer.setSoTimeout(20_000);
        view = connected.get(20, TimeUnit.SECONDS);
    }

    @AfterEach
    void end() throws Exception {
        peer.close();
        loop.exit();
        assertThat(loop.awaitEnd(Duration.ofSeconds(20))).isTrue();
    }

    private interface Body {
        void run() throws Exception;
    }

    private CompletableFuture<Void> onAVirtualThread(Body body) {
        var done = new CompletableFuture<Void>();
        Thread.startVirtualThread(() -> {
            try {
                body.run();
                done.complete(null);
            } catch (Throwable problem) {
                done.completeExceptionally(problem);
            }
        });
        return done;
    }

    private long pending() throws Exception {
        var pending = new CompletableFuture<Long>();
        loop.execute(() -> pending.complete(view.socket().pending()));
        return pending.get(20, TimeUnit.SECONDS);
    }

    private static void awaitWaiting(Thread thread) {
        while (thread.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
    }

    private static void writeAll(java.io.OutputStream out, int size) throws IOException {
        var chunk = new byte[50_000];
        for (int at = 0; at < size; at += chunk.length) {
            for (int i = 0; i < chunk.length; i++) {
                chunk[i] = pattern(at + i);
            }
            out.write(chunk);
        }
    }

    private static byte pattern(int i) {
        return (byte) (i * 31 + (i >>> 8));
    }

    private static int readAll(java.io.InputStream in) throws IOException {
        int count = 0;
        var chunk = new byte[30_000];
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

    @Test
    @Tag("N-90")
    void linesGoBothWays() throws Exception {
        CompletableFuture<Void> talk = onAVirtualThread(() -> {
            var in = new BufferedReader(new InputStreamReader(view.in(), UTF_8));
            var out = new PrintStream(view.out(), true, UTF_8);
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                out.println("you said " + line);
            }
            view.close();
        });
        peer.getOutputStream().write("hello\nworld\n".getBytes(UTF_8));
        peer.shutdownOutput();
        assertThat(new String(peer.getInputStream().readAllBytes(), UTF_8)).isEqualTo("you said hello\nyou said world\n");
        talk.get(20, TimeUnit.SECONDS);
    }

    @Test
    @Tag("N-91")
    void aPeerThatDoesNotReadMakesTheWriterWaitAndMemoryStaysLow() throws Exception {
        CompletableFuture<Void> all = onAVirtualThread(() -> {
            writeAll(view.out(), MUCH);
            view.out().close();
        });
        long most = 0;
        for (int looks = 0; looks < 100; looks += most == 0 ? 0 : 1) {
            most = Math.max(most, pending());
        }
        assertThat(most).isBetween(1L, 2L * Socket.HIGH_WATER);
        assertThat(all).isNotDone();
        assertThat(readAll(peer.getInputStream())).isEqualTo(MUCH);
        all.get(20, TimeUnit.SECONDS);
    }

    @Test
    @Tag("N-91")
    void aThreadThatDoesNotReadMakesThePeerWaitAndMemoryStaysLow() throws Exception {
        CompletableFuture<Void> sent = onAVirtualThread(() -> {
            writeAll(peer.getOutputStream(), MUCH);
            peer.shutdownOutput();
        });
        while (view.in().available() < Socket.HIGH_WATER) {
            Thread.onSpinWait();
        }
        for (int i = 0; i < 5; i++) { // a few turns of the loop
            var turn = new CountDownLatch(1);
            loop.execute(turn::countDown);
            assertThat(turn.await(20, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(view.in().available()).isLessThanOrEqualTo(2 * Socket.HIGH_WATER);
        assertThat(sent).isNotDone();
        assertThat(readAll(view.in())).isEqualTo(MUCH);
        sent.get(20, TimeUnit.SECONDS);
    }

    @Test
    @Tag("N-92")
    void anInterruptedReadThrowsAndTheSocketStaysOpen() throws Exception {
        Thread reader = Thread.startVirtualThread(() -> {
            try {
                view.in().read();
            } catch (InterruptedIOException e) {
                log.add("interrupted " + Thread.currentThread().isInterrupted());
            } catch (IOException e) {
                log.add(e);
            }
        });
        awaitWaiting(reader);
        reader.interrupt();
        reader.join();
        peer.getOutputStream().write(42);
        assertThat(view.in().read()).isEqualTo(42);
        assertThat(log).containsExactly("interrupted true");
    }

    @Test
    @Tag("N-92")
    void anInterruptedWriteSaysHowMuchItTookAndTheRestMayFollow() throws Exception {
        var taken = new CompletableFuture<Integer>();
        Thread writer = Thread.startVirtualThread(() -> {
            try {
                view.out().write(new byte[MUCH]);
                taken.complete(MUCH);
            } catch (InterruptedIOException e) {
                taken.complete(e.bytesTransferred);
            } catch (IOException e) {
                taken.completeExceptionally(e);
            }
        });
        awaitWaiting(writer);
        writer.interrupt();
        int first = taken.get(20, TimeUnit.SECONDS);
        assertThat(first).isLessThan(MUCH);
        CompletableFuture<Void> rest = onAVirtualThread(() -> {
            view.out().write(new byte[MUCH - first]);
            view.out().close();
        });
        assertThat(peer.getInputStream().readAllBytes()).hasSize(MUCH);
        rest.get(20, TimeUnit.SECONDS);
    }

    @Test
    @Tag("N-93")
    void closingItWakesAReader() {
        CompletableFuture<Void> reading = onAVirtualThread(() -> view.in().read());
        view.close();
        view.close();
        assertThatThrownBy(() -> reading.get(20, TimeUnit.SECONDS)).hasCauseInstanceOf(NetException.Aborted.class);
    }

    @Test
    @Tag("N-93")
    void aResetIsToldToReaderAndWriter() throws Exception {
        CompletableFuture<Void> reading = onAVirtualThread(() -> view.in().read());
        peer.setSoLinger(true, 0);
        peer.close();
        assertThatThrownBy(() -> reading.get(20, TimeUnit.SECONDS)).hasCauseInstanceOf(NetException.Reset.class);
        assertThatThrownBy(() -> {
                    view.out().write(1);
                    view.out().flush();
                })
                .isInstanceOf(NetException.class);
    }

    @Test
    @Tag("N-93")
    void theEndOfTheLoopEndsTheStreams() throws Exception {
        loop.exit();
        assertThat(loop.awaitEnd(Duration.ofSeconds(20))).isTrue();
        assertThatThrownBy(() -> view.in().read()).isInstanceOf(NetException.Aborted.class);
        assertThatThrownBy(() -> {
                    view.out().write(1);
                    view.out().flush();
                })
                .isInstanceOf(NetException.Aborted.class);
        view.close();
    }

    @Test
    void closingTheInputDropsWhatStillComes() throws Exception {
        CompletableFuture<Void> sent = onAVirtualThread(() -> writeAll(peer.getOutputStream(), MUCH));
        view.in().close();
        sent.get(20, TimeUnit.SECONDS);
        assertThatThrownBy(() -> view.in().read()).isInstanceOf(NetException.Aborted.class);
    }

    @Test
    @Tag("N-94")
    void onTheLoopItselfNothingWaits() throws Exception {
        var done = new CompletableFuture<Void>();
        loop.execute(() -> {
            for (Body body : List.<Body>of(() -> view.in().read(), () -> view.out().write(1), () -> view.out().flush())) {
                assertThatThrownBy(body::run)
                        .isInstanceOf(WrongThreadException.class)
                        .hasMessage("loop 'main' would wait for itself on thread 'main'");
            }
            done.complete(null);
        });
        done.get(20, TimeUnit.SECONDS);
    }
}
