package dev.thrum.web;

import dev.thrum.http.Exchange;
import dev.thrum.promise.Promise;
import dev.thrum.scope.Home;
import dev.thrum.web.Hooks.Hook;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The hooks that run at one event of one exchange, one after the other, each when the one before is done. A failure ends
/// the row. So does an answer to a request that had none, or the end of its client. Loop thread only.
final class HookRow<E extends Event> {
    private final List<Hook<E>> hooks;
    private final E event;
    private final Exchange exchange;
    private final Consumer<Exchange> rest;
    private final boolean answered;
    private int next;

    private HookRow(
            List<Hook<E>> hooks,
            E event,
            Exchange exchange,
            Consumer<Exchange> rest) {
        this.hooks = hooks;
        this.event = event;
        this.exchange = exchange;
        this.rest = rest;
        this.answered = exchange.response().isSent();
    }

    /// Runs `hooks`, then `rest`; what is thrown fails the exchange.
    static <E extends Event> void run(
            List<Hook<E>> hooks,
            E event,
            Exchange exchange,
            Consumer<Exchange> rest) {
        new HookRow<>(hooks, event, exchange, rest).goOn();
    }

    private void goOn() {
        while (next < hooks.size() && !isOver()) {
            Promise<?> awaited = runNext();
            if (awaited != null && !(awaited.state() instanceof Promise.Fulfilled<?>)) {
                goOnAfter(awaited);
                return;
            }
        }
        if (!isOver()) {
            goOnWithTheRest();
        }
    }

    private void goOnWithTheRest() {
        try {
            rest.accept(exchange);
        } catch (Throwable problem) {
            exchange.fail(problem);
        }
    }

    private @Nullable Promise<?> runNext() {
        try {
            return hooks.get(next++).run(event);
        } catch (Throwable problem) {
            return Promise.failed(problem);
        }
    }

    private void goOnAfter(Promise<?> awaited) {
        awaited.on(Home.current())
                .<Runnable>map(value -> this::goOn)
                .recover(Throwable.class, problem -> () -> exchange.fail(problem))
                .tap(Runnable::run);
    }

    private boolean isOver() {
        return !answered && (exchange.response().isSent() || exchange.isAborted());
    }
}
