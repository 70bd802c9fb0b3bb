package dev.thrum.verify.netcat;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.thrum.loop.EventLoop;
import dev.thrum.net.ListenConfig;
import dev.thrum.net.NetException;
import dev.thrum.net.Socket;
import dev.thrum.net.TcpServer;
import dev.thrum.promise.Promise;
import dev.thrum.promise.RejectedPromiseException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// Our side: a loop, and what its thread saw.
final class Ours {
    final EventLoop loop = EventLoop.start("ours");

    /// What the loop's thread saw. A program may be gone before the loop sees it go, so tests wait for each entry.
    private final BlockingQueue<String> log = new LinkedBlockingQueue<>();

    /// A kind of address.
    enum Family {
        IPV4,
        IPV6,
        UNIX;

        /// {@return those that this machine has}
        static List<Family> here() {
            return Stream.of(values()).filter(Family::exists).toList();
        }

        static List<Family> ofHosts() {
            return here().stream().filter(family -> family != UNIX).toList();
        }

        private boolean exists() {
            try (var free = new java.net.ServerSocket()) {
                if (this != UNIX) {
                    free.bind(new InetSocketAddress(host(), 0));
                }
                return true;
            } catch (IOException none) {
                return false;
            }
        }

        private InetAddress host() throws IOException {
            return InetAddress.getByName(this == IPV4 ? "127.0.0.1" : "::1");
        }

        /// {@return an address to listen at, where nobody does}
        SocketAddress free(Path folder) throws IOException {
            if (this == UNIX) {
                return UnixDomainSocketAddress.of(folder.resolve("socket"));
            }
            try (var free = new java.net.ServerSocket(0, 1, host())) {
                return free.getLocalSocketAddress();
            }
        }

        /// {@return an address to receive datagrams at, where nobody does}
        InetSocketAddress freeForDatagrams() throws IOException {
            try (var free = new java.net.DatagramSocket(0, host())) {
                return (InetSocketAddress) free.getLocalSocketAddress();
            }
        }
    }

    /// Writes down what a socket hears.
    class Listener implements Socket.Reader {
        @Override
        public void onRead(ByteBuffer bytes) {
            log.add(ISO_8859_1.decode(bytes).toString());
        }

        @Override
        public void onEnd(Socket socket) {
            log.add("end");
            socket.close();
        }

        @Override
        public void onClosed(IOException reason) {
            log.add("closed " + (reason == null ? "in order" : reason.getClass().getSimpleName()));
        }
    }

    void note(String entry) {
        log.add(entry);
    }

    /// {@return the next entry of the log, waited for}
    String seen() throws InterruptedException {
        String entry = log.poll(30, TimeUnit.SECONDS);
        return entry == null ? "nothing" : entry;
    }

    /// {@return the entries of the log before `last`, which is waited for, joined}
    String seenUntil(String last) throws InterruptedException {
        var all = new StringBuilder();
        for (String entry = seen(); !entry.equals(last); entry = seen()) {
            if (entry.equals("nothing")) {
                throw new AssertionError("waited in vain for " + last + " after " + all);
            }
            all.append(entry);
        }
        return all.toString();
    }

    <T> T onLoop(Supplier<T> action) throws InterruptedException {
        return Promise.<T>create(resolver -> loop.execute(() -> resolver.resolve(action.get()))).await();
    }

    TcpServer listen(SocketAddress address, Consumer<Socket> onAccept) throws InterruptedException {
        return onLoop(() -> TcpServer.listen(loop, address, ListenConfig.DEFAULT, onAccept));
    }

    /// {@return a connection with a program that listens already, or soon}
    Socket connect(SocketAddress address) throws InterruptedException {
        for (int tries = 0; ; tries++) {
            try {
                return Promise.<Socket>create(
                                resolver -> loop.execute(() -> resolver.follow(Socket.connect(loop, address))))
                        .await();
            } catch (RejectedPromiseException problem) {
                boolean notYet = problem.getCause() instanceof NetException.Refused
                        || problem.getCause() instanceof NetException.NotFound;
                if (!notYet || tries == 300) {
                    throw problem;
                }
                new CountDownLatch(1).await(100, TimeUnit.MILLISECONDS);
            }
        }
    }

    void end() throws InterruptedException {
        loop.exit();
        if (!loop.awaitEnd(Duration.ofSeconds(30))) {
            throw new AssertionError("the loop does not end");
        }
    }
}
