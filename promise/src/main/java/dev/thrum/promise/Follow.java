package dev.thrum.promise;

import dev.thrum.scope.Home;

/// Carries the result of one node to another that follows it.
final class Follow extends Step.Watch {
    private final Node<?> served;

    Follow(Home home, Node<?> served) {
        super(home);
        this.served = served;
    }

    @Override
    void seen(Object result) {
        served.settleFromAnywhere(result);
    }

    /// A node that forwards was cancelled, or the one it serves: both end.
    @Override
    void letGo(Throwable reason) {
        served.settleFromAnywhere(new Failure(cancellation(reason)));
        super.letGo(reason);
    }
}
