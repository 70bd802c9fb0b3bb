package dev.thrum.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.loop.EventLoop;
import dev.thrum.scope.Key;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Every method of every handle, but for those that any thread may call.
@Timeout(60)
class ConfinementTest {
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress("127.0.0.1", 0);
    private static final Set<String> ANY_THREAD = Set.of("loop", "remote", "local", "address", "protocol", "isSecure");

    /// What is passed for a parameter of each type.
    private static final Map<Class<?>, Object> ARGUMENTS = Map.ofEntries(
            Map.entry(int.class, 1),
            Map.entry(long.class, 1L),
            Map.entry(FileChannel.class, anyFile()),
            Map.entry(ByteBuffer.class, ByteBuffer.allocate(1)),
            Map.entry(Duration.class, Duration.ofSeconds(1)),
            Map.entry(Runnable.class, (Runnable) () -> {}),
            Map.entry(Consumer.class, (Consumer<Object>) each -> {}),
            Map.entry(Key.class, Key.of("key")),
            Map.entry(Object.class, true),
            Map.entry(SocketOption.class, StandardSocketOptions.SO_REUSEADDR),
            Map.entry(Socket.Reader.class, (Socket.Reader) bytes -> {}),
            Map.entry(Datagrams.Receiver.class, (Datagrams.Receiver) (bytes, sender) -> {}),
            Map.entry(InetSocketAddress.class, ANY_PORT),
            Map.entry(InetAddress.class, ANY_PORT.getAddress()),
            Map.entry(NetworkInterface.class, loopback()));

    private final EventLoop loop = EventLoop.start("main");

    private static FileChannel anyFile() {
        try {
            return FileChannel.open(Path.of(System.getProperty("java.home"), "release"));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static NetworkInterface loopback() {
        try {
            return NetworkInterface.getByInetAddress(ANY_PORT.getAddress());
        } catch (java.net.SocketException e) {
            throw new AssertionError(e);
        }
    }

    @AfterEach
    void end() throws InterruptedException {
        loop.exit();
        assertThat(loop.awaitEnd(Duration.ofSeconds(20))).isTrue();
    }

    private static Stream<Method> confined(Class<?> type) {
        return Arrays.stream(type.getMethods())
                .filter(method -> !Modifier.isStatic(method.getModifiers()))
                .filter(method -> !ANY_THREAD.contains(method.getName()));
    }

    private static void call(Method method, Object target) throws Throwable {
        Object[] arguments =
                Arrays.stream(method.getParameterTypes()).map(ARGUMENTS::get).toArray();
        try {
            method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private void refusesThisThread(Class<?> type, Object handle) {
        assertThat(confined(type)).hasSizeGreaterThan(5).allSatisfy(method -> assertThatThrownBy(() -> call(method, handle))
                .as(method.toString())
                .isInstanceOf(WrongThreadException.class)
                .hasMessageContaining("'main'")
                .hasMessageContaining("'" + Thread.currentThread().getName() + "'"));
    }

    @Test
    @Tag("N-50")
    void everyMethodOfEveryHandleNamesBothThreadsElsewhere() throws Exception {
        var handles = new CompletableFuture<Object[]>();
        loop.execute(() -> {
            TcpServer server = TcpServer.listen(loop, ANY_PORT, ListenConfig.DEFAULT, accepted -> {});
            Datagrams datagrams = Datagrams.open(loop, ANY_PORT);
            Socket.connect(loop, server.address())
                    .tap(socket -> handles.complete(new Object[] {socket, server, datagrams}));
        });
        Object[] all = handles.get(20, TimeUnit.SECONDS);
        refusesThisThread(Socket.class, all[0]);
        refusesThisThread(TcpServer.class, all[1]);
        refusesThisThread(Datagrams.class, all[2]);
        for (Runnable making : new Runnable[] {
            () -> Socket.connect(loop, ANY_PORT),
            () -> TcpServer.listen(loop, ANY_PORT, ListenConfig.DEFAULT, accepted -> {}),
            () -> Datagrams.open(loop, ANY_PORT)
        }) {
            assertThatThrownBy(making::run).isInstanceOf(WrongThreadException.class).hasMessageContaining("'main'");
        }
    }
}
