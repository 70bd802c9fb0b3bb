package dev.thrum.verify.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.kernel.Kernel;
import dev.thrum.loop.EventLoop;
import dev.thrum.loop.LoopConfig;
import dev.thrum.loop.Mailbox;
import dev.thrum.loop.Signal;
import dev.thrum.net.Datagrams;
import dev.thrum.net.ListenConfig;
import dev.thrum.net.Socket;
import dev.thrum.net.TcpServer;
import dev.thrum.promise.Promise;
import dev.thrum.promise.Promises;
import dev.thrum.promise.Resolver;
import dev.thrum.scope.Scope;
import dev.thrum.system.Child;
import dev.thrum.system.Command;
import dev.thrum.system.Disk;
import dev.thrum.system.FileWatches;
import dev.thrum.system.Processes;
import dev.thrum.system.Stdio;
import dev.thrum.tls.Tls;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A request is one tree: when it is cancelled, everything made inside ends with it, of whatever kind and room.
@Timeout(120)
class LeakTest {
    private static final Duration HOUR = Duration.ofHours(1);

    private final Kernel kernel = Kernel.start(1);
    private final CountDownLatch never = new CountDownLatch(1);
    private final List<Throwable> problems = new CopyOnWriteArrayList<>();
    private final List<String> ended = new CopyOnWriteArrayList<>();
    private final AtomicReference<Path> temporary = new AtomicReference<>();

    @TempDir
    private Path folder;

    @AfterEach
    void end() {
        kernel.close();
    }

    @Test
    @Tag("S-15")
    void aCancelledTreeLeavesNoHandleNoTaskNoProcessAndNoFile() throws Exception {
        makeAndCancel(); // the JDK keeps a few descriptors of its first socket, process and class
        long descriptors = descriptors();
        ended.clear();
        makeAndCancel();

        assertThat(problems).isEmpty();
        assertThat(ended).containsExactlyInAnyOrder("running task", "waiting task", "bare promise", "lines", "handshake", "exit");
        assertThat(kernel.submit(() -> "free").await()).isEqualTo("free");
        awaitThat(() -> descriptors() <= descriptors);
    }

    /// The loop returns when nothing holds it any more.
    private void makeAndCancel() throws Exception {
        EventLoop.run(LoopConfig.named("leaks").withOnError(problems::add), loop -> {
            Scope request = Scope.current().child();
            Scope part = request.within(HOUR).child();
            List<Promise<?>> made = part.call(() -> {
                handles(loop);
                tasks();
                List<Promise<?>> later = new ArrayList<>(connections(loop));
                later.addAll(processesAndFiles());
                return later;
            });
            var _ = Promises.all(made).tap(all -> request.cancel(new IOException("the client went away")));
        });
        awaitThat(() -> !Files.exists(temporary.get()));
    }

    /// {@return the same promise, whose end is written down}
    private <T> Promise<T> ends(String what, Promise<T> promise) {
        promise.lastly(() -> ended.add(what)).recover(Throwable.class, _ -> null);
        return promise;
    }

    private static void handles(EventLoop loop) {
        loop.after(HOUR, () -> {});
        loop.every(HOUR, () -> {});
        loop.idle(() -> {});
        loop.notifier(() -> {}).repeating();
        loop.event(() -> {}).arm(HOUR);
        loop.mailbox(1, Mailbox.Overflow.REJECT, _ -> {});
        loop.onSignal(Signal.USR1, () -> {});
    }

    private void tasks() {
        ends("running task", kernel.submit(() -> never.await(1, TimeUnit.HOURS)));
        ends("waiting task", kernel.submit(() -> 1));
        Resolver<Integer> bare = Resolver.create();
        ends("bare promise", bare.promise().within(HOUR));
        Scope.current().onCancel(bare::reject);
    }

    /// A server, connections to it, a handshake that nobody answers, and a UDP socket.
    private List<Promise<?>> connections(EventLoop loop) {
        var anyPort = new InetSocketAddress("127.0.0.1", 0);
        TcpServer server = TcpServer.listen(loop, anyPort, ListenConfig.DEFAULT, socket -> socket.read(_ -> {}));
        Datagrams.open(loop, anyPort).receive((_, _) -> {});
        Promise<Socket> plain = Socket.connect(loop, server.address());
        Promise<Socket> below = Socket.connect(loop, server.address());
        ends("handshake", below.then(socket -> Tls.create().client(socket, "localhost")));
        return List.of(plain.tap(socket -> socket.timeouts(HOUR, HOUR)), below);
    }

    private List<Promise<?>> processesAndFiles() {
        Promise<Child> child = Processes.shared().start(Command.of("sleep", "3600").withOutput(Stdio.PIPE));
        Disk disk = Disk.shared();
        return List.of(
                child.tap(started -> {
                    ends("exit", started.exit());
                    ends("lines", started.output().lines(100, _ -> {}));
                }),
                disk.tempFile(folder, "leak", ".tmp").tap(file -> temporary.set(file.path())),
                disk.write(folder.resolve("file"), ByteBuffer.allocate(1)).then(disk::open),
                FileWatches.shared().watch(folder, _ -> {}));
    }

    private interface Condition {
        boolean holds() throws IOException;
    }

    private static void awaitThat(Condition condition) throws Exception {
        long patience = System.nanoTime() + 30_000_000_000L;
        while (!condition.holds() && System.nanoTime() < patience) {
            new CountDownLatch(1).await(10, TimeUnit.MILLISECONDS);
        }
        assertThat(condition.holds()).isTrue();
    }

    private static long descriptors() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.count();
        }
    }
}
