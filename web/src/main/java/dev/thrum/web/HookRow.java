package dev.thrum.web;

import dev.thrum.http.Exchange;
import dev.thrum.promise.Promise;
import dev.thrum.scope.Home;
import dev.thrum.web.Hooks.Hook;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The hooks that run at one event of one exchange, one after the other, each when the one before is done. A failure ends
/// the row. So does an answer to a request that had none, or the end of its client. Most hooks are done when they return,
/// so a row is no object unless one has to be waited for. Loop thread only.
final class HookRow {
    private HookRow() {}

    /// Runs `hooks`, then `rest`; what is thrown fails the exchange.
    static <E extends Event> void run(List<Hook<E>> hooks, E event, Exchange exchange, Consumer<Exchange> rest) {
        boolean answered = exchange.response().isSent();
        for (int i = 0; i < hooks.size() && !isOver(exchange, answered); i++) {
            Promise<?> awaited = run(hooks.get(i), event);
            if (awaited != null && !(awaited.state() instanceof Promise.Fulfilled<?>)) {
                List<Hook<E>> others = hooks.subList(i + 1, hooks.size());
                after(awaited, exchange, answered, () -> run(others, event, exchange, rest));
                return;
            }
        }
        if (!isOver(exchange, answered)) {
            runRest(exchange, rest);
        }
    }

    private static <E extends Event> @Nullable Promise<?> run(Hook<E> hook, E event) {
        try {
            return hook.run(event);
        } catch (Throwable problem) {
            return Promise.failed(problem);
        }
    }

    private static void runRest(Exchange exchange, Consumer<Exchange> rest) {
        try {
            rest.accept(exchange);
        } catch (Throwable problem) {
            exchange.fail(problem);
        }
    }

    private static void after(Promise<?> awaited, Exchange exchange, boolean answered, Runnable others) {
        awaited.on(Home.current())
                .<Runnable>map(value -> isOver(exchange, answered) ? () -> {} : others)
                .recover(Throwable.class, problem -> () -> exchange.fail(problem))
                .tap(Runnable::run);
    }

    private static boolean isOver(Exchange exchange, boolean answered) {
        return !answered && (exchange.response().isSent() || exchange.isAborted());
    }
}
