package dev.thrum.verify.bench.micro;

import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.internal.ContextInternal;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// One event loop of Vert.x's, with the context that runs code on it.
final class VertxLoop implements AutoCloseable {

    // A benchmark blocks the loop on purpose: its checker of blocked threads has nothing to say.
    private final Vertx vertx = Vertx.vertx(new VertxOptions()
            .setEventLoopPoolSize(1)
            .setPreferNativeTransport(true)
            .setBlockedThreadCheckInterval(TimeUnit.HOURS.toMillis(1)));
    private final ContextInternal context = (ContextInternal) vertx.getOrCreateContext();

    Vertx vertx() {
        return vertx;
    }

    /// {@return a promise of the context, as Vert.x's own operations return it, with a callback that runs there}
    /// @param callback receives the value
    <T> Promise<T> promise(Consumer<T> callback) {
        Promise<T> promise = context.promise();
        promise.future().onSuccess(callback::accept);
        return promise;
    }

    void execute(Runnable action) {
        context.runOnContext(_ -> action.run());
    }

    @Override
    public void close() {
        vertx.close().await();
    }
}
