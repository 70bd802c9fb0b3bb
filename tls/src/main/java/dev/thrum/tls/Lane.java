package dev.thrum.tls;

import static java.util.concurrent.TimeUnit.SECONDS;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;

/// The threads of the handshakes: signing and verifying burn the processor. They are half as many as there are
/// processors, so that the loops keep theirs, and come and go.
///
/// What waits in the queue belongs to an open connection each, and has a deadline: so there is no bound besides theirs.
final class Lane {
    private static final int THREADS = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
    private static final Executor LANE = lane();

    private Lane() {}

    private static Executor lane() {
        var lane = new ThreadPoolExecutor(
                THREADS,
                THREADS,
                10,
                SECONDS,
                new LinkedBlockingQueue<>(),
                Thread.ofPlatform().daemon().name("thrum-tls-", 0).factory());
        lane.allowCoreThreadTimeOut(true);
        return lane;
    }

    /// Runs `work` on the lane. It must not throw.
    static void execute(Runnable work) {
        LANE.execute(work);
    }
}
