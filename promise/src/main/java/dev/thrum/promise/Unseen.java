package dev.thrum.promise;

import dev.thrum.promise.Outcome.Failure;
import dev.thrum.scope.Home;
import dev.thrum.scope.Scope;
import java.lang.ref.Cleaner;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CancellationException;
import java.util.concurrent.RejectedExecutionException;

/// Results that nobody gets to see: rejections without a handler, and what finds no home.
final class Unseen {
    private static final Cleaner FORGOTTEN = Cleaner.create();

    private Unseen() {}

    /// Reports the failure of a node that nothing waits for, unless somebody handles it by the end of its home's next turn;
    /// without a loop, before the node is unreachable.
    static void watch(Node<?> node, Object outcome) {
        if (!(outcome instanceof Failure failure) || failure.reason instanceof CancellationException) {
            return;
        }
        Home where = node.home;
        Scope scope = node.scope();
        Runnable check = () -> {
            if (!failure.handled) {
                where.report(failure.reason, scope);
            }
        };
        if (!node.isSerial()) {
            FORGOTTEN.register(node, check);
        } else if (!where.post(() -> postOrReport(where, check, failure, scope))) {
            Home.root().report(failure.reason, scope);
        }
    }

    private static void postOrReport(Home where, Runnable check, Failure failure, Scope scope) {
        if (!where.post(check)) {
            Home.root().report(failure.reason, scope);
        }
    }

    /// Reports that a settled node cannot go home any more, and what waits for it is lost.
    static void homeHasEnded(Node<?> node) {
        node.whenTaken();
        node.whenFlushed();
        Throwable reason = node.settled() instanceof Failure failure ? failure.reason : null;
        if (reason != null || !node.hasNoSteps()) {
            Home.root()
                    .report(
                            new RejectedExecutionException(
                                    "a promise was settled after its home had ended: " + node.home, reason),
                            node.scope());
        }
        if (!node.isSerial()) {
            loseSteps(node);
        }
    }

    /// An executor has refused: nothing that waits for this node will ever run. (A loop that has ended may still be taking
    /// leave of its lists, so they are left alone.)
    private static void loseSteps(Node<?> first) {
        Deque<Node<?>> lost = new ArrayDeque<>();
        lost.add(first);
        for (Node<?> node = lost.poll(); node != null; node = lost.poll()) {
            for (Step<?, ?> step : node.takeShared()) {
                step.lose();
                lost.add(step);
            }
        }
    }
}
