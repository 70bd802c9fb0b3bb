package dev.thrum.web;

import dev.thrum.http.BodyWatcher;
import dev.thrum.http.Request;
import dev.thrum.promise.Promise;
import dev.thrum.promise.Promises;
import dev.thrum.web.Hooks.Hook;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// Runs the hooks that watch the body of one request. All of them see a piece, since it is gone afterwards; the next piece
/// comes when all are done with it. Loop thread only.
final class BodyHooks implements BodyWatcher {
    private final Promise<?> done = Promise.of(true); // at this loop
    private final Hooks hooks;
    private final Request request;

    BodyHooks(Hooks hooks, Request request) {
        this.hooks = hooks;
        this.request = request;
    }

    @Override
    public Promise<?> piece(ByteBuffer bytes) {
        return chunk(bytes, false);
    }

    @Override
    public Promise<?> complete(long count) {
        return chunk(ByteBuffer.allocate(0), true)
                .then(seen -> run(hooks.bodyComplete(), new Event.BodyComplete(request, count), 0));
    }

    private Promise<?> chunk(ByteBuffer bytes, boolean last) {
        List<Promise<?>> awaited = new ArrayList<>(0);
        for (Hook<Event.BodyChunk> hook : hooks.bodyChunk()) {
            Promise<?> busy = hook.run(new Event.BodyChunk(request, bytes.duplicate(), last));
            if (busy != null && !(busy.state() instanceof Promise.Fulfilled<?>)) {
                awaited.add(busy);
            }
        }
        return awaited.isEmpty() ? done : Promises.all(awaited);
    }

    /// Runs the hooks from `index` on, each when the one before is done.
    private <E extends Event> Promise<?> run(List<Hook<E>> hooks, E event, int index) {
        if (index == hooks.size()) {
            return done;
        }
        Promise<?> busy = hooks.get(index).run(event);
        return busy == null ? run(hooks, event, index + 1) : busy.then(ready -> run(hooks, event, index + 1));
    }
}
