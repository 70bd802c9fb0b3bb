package dev.thrum.net;

import static java.util.concurrent.TimeUnit.SECONDS;

import dev.thrum.promise.Promise;
import dev.thrum.promise.Resolver;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;

/// The addresses of a host, by the JDK's resolver. It blocks, so it has a few threads of its own, which come and go.
final class NameLookup {
    private static final int THREADS = 4;
    private static final ExecutorService LANE = lane();

    private NameLookup() {}

    private static ExecutorService lane() {
        var lane = new ThreadPoolExecutor(
                THREADS,
                THREADS,
                10,
                SECONDS,
                new LinkedBlockingQueue<>(),
                Thread.ofPlatform().daemon().name("thrum-names-", 0).factory());
        lane.allowCoreThreadTimeOut(true);
        return lane;
    }

    /// {@return all addresses of the host, at the current home, which is held meanwhile} Rejected with
    /// [NetException.NotFound].
    static Promise<List<InetAddress>> find(String host) {
        Resolver<List<InetAddress>> resolver = Resolver.holding();
        LANE.execute(() -> {
            try {
                resolver.resolve(List.of(InetAddress.getAllByName(host)));
            } catch (UnknownHostException e) {
                resolver.reject(NetException.of(e, host));
            } catch (RuntimeException | Error e) {
                resolver.reject(e);
            }
        });
        return resolver.promise();
    }
}
