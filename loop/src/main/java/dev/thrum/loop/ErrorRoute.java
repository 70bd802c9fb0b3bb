package dev.thrum.loop;

import dev.thrum.scope.Scope;
import dev.thrum.scope.Trace;
import java.lang.System.Logger.Level;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The way of a problem: to the handle's own handler, else to the loop's, else to the log. What a handler throws goes on
/// to the next, and takes the first problem along as suppressed.
record ErrorRoute(String loop, @Nullable Consumer<? super Throwable> onError) {

    void deliver(Throwable problem, Scope scope, @Nullable Consumer<? super Throwable> own) {
        Throwable left = attempt(own, problem, scope);
        if (left != null) {
            left = attempt(onError, left, scope);
        }
        if (left != null) {
            log(left, scope);
        }
    }

    private static @Nullable Throwable attempt(
            @Nullable Consumer<? super Throwable> handler, Throwable problem, Scope scope) {
        if (handler == null) {
            return problem;
        }
        try {
            scope.run(() -> handler.accept(problem));
            return null;
        } catch (Throwable next) {
            if (next != problem) {
                next.addSuppressed(problem);
            }
            return next;
        }
    }

    private void log(Throwable problem, Scope scope) {
        try {
            System.getLogger("dev.thrum.loop")
                    .log(Level.ERROR, "nobody handled an error on loop '" + loop + "'" + Trace.subject(scope), problem);
        } catch (Throwable unlogged) { // not even that ends a loop: a logger without memory or descriptors, a bad name
            if (unlogged != problem) {
                unlogged.addSuppressed(problem);
            }
            Thread thread = Thread.currentThread();
            thread.getUncaughtExceptionHandler().uncaughtException(thread, unlogged);
        }
    }
}
