package dev.thrum.promise;

import dev.thrum.promise.Outcome.Failure;
import dev.thrum.scope.Home;
import dev.thrum.scope.Scope;
import dev.thrum.scope.Trace;
import java.lang.ref.Cleaner;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CancellationException;
import java.util.concurrent.RejectedExecutionException;

/// Results that nobody gets to see: rejections without a handler, and what finds no home.
final class Unseen {
    private static final Cleaner FORGOTTEN = Cleaner.create();

    // A lambda has a class of its own, so one look for each class tells all: a chain of a million links costs no more for
    // being traced.
    private static final ClassValue<String> SITES = new ClassValue<>() {
        @Override
        protected String computeValue(Class<?> type) {
            return Trace.site(type).split(" < ", 2)[0];
        }
    };

    private Unseen() {}

    /// Reports the failure of a node that nothing waits for, unless somebody handles it by the end of its home's next turn;
    /// without a loop, before the node is unreachable.
    static void watch(Node<?> node, Object outcome) {
        if (!(outcome instanceof Failure failure) || failure.reason instanceof CancellationException) {
            return;
        }
        Rejection rejection = new Rejection(failure, node.home, node.scope().with(Trace.ORIGIN, origin(node)));
        if (!node.isSerial()) {
            FORGOTTEN.register(node, rejection);
        } else if (!node.home.post(rejection::waitOneMoreTurn)) {
            rejection.reportTo(Home.root());
        }
    }

    /// A rejection that waits for a handler. It does not know its node, which may be collected meanwhile.
    private record Rejection(Failure failure, Home home, Scope scope) implements Runnable {

        void waitOneMoreTurn() {
            if (!home.post(this)) {
                reportTo(Home.root());
            }
        }

        @Override
        public void run() {
            reportTo(home);
        }

        void reportTo(Home where) {
            if (failure.tell()) {
                where.report(failure.reason, scope);
            }
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
            for (Step<?, ?> step : node.takeAllShared()) {
                step.lose();
                lost.add(step);
            }
        }
    }

    // ---- where it comes from

    /// {@return which promise it was: the names its failure has gone through, and where it was made}
    static String origin(Node<?> node) {
        String names = node.settled() instanceof Failure failure ? failure.names() : null;
        String site = node.site();
        return (names == null ? "a promise" : "promise '" + names + "'") + (site == null ? "" : " made at " + site);
    }

    /// {@return where the first callback of this kind was attached; its class without tracing}
    static String site(Object callback) {
        return Trace.ON ? SITES.get(callback.getClass()) : callback.getClass().getName();
    }
}
